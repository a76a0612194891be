package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static io.sansocket.core.testing.Hex.toHex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.testing.BufferKind;
import io.sansocket.core.testing.Feed;
import io.sansocket.core.testing.FrameRecorder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameDecoderTest {
    private static final int RSV1 = 4;

    private final FrameRecorder recorder = FrameRecorder.strict();
    private FrameDecoder decoder = new FrameDecoder(Role.SERVER, recorder);

    private FrameRecorder fromServer(Feed feed, byte[] bytes) {
        feed.give(bytes, Role.SERVER, decoder::decode);
        return recorder;
    }

    private FrameRecorder fromClient(Feed feed, byte[] bytes) {
        decoder = new FrameDecoder(Role.CLIENT, recorder);
        feed.give(bytes, Role.CLIENT, decoder::decode);
        return recorder;
    }

    private static byte[] zeros(int count) {
        return new byte[count];
    }

    private static byte[] frame(String header, byte[] payload) {
        return hex(header, toHex(payload));
    }

    @Nested
    @DisplayName("5.1 Overview: masking")
    class Masking {
        @ParameterizedTest
        @EnumSource
        void serverRefusesAFrameThatIsNotMasked(Feed feed) {
            fromClient(feed, hex("81 00")); // fin, text, not masked, length 0
            assertThat(recorder.events()).containsExactly("broken unmasked-client-frame at 1");
        }

        @ParameterizedTest
        @EnumSource
        void clientRefusesAMaskedFrame(Feed feed) {
            fromServer(feed, hex("81 80 00 00 00 00")); // fin, text, masked, length 0, key
            assertThat(recorder.events()).containsExactly("broken masked-server-frame at 1");
        }

        @ParameterizedTest
        @EnumSource
        void offsetsCountFromTheBeginningOfTheStream(Feed feed) {
            fromServer(feed, hex("8a 00", "82 01 ff", "8a 80")); // pong; binary; masked pong
            assertThat(recorder.events())
                    .containsExactly("8a 00 at 0: ", "82 01 at 2: ff", "broken masked-server-frame at 6");
        }
    }

    @Nested
    @DisplayName("5.2 Base Framing Protocol: payload length")
    class PayloadLength {
        @ParameterizedTest
        @EnumSource
        void length0EndsWithItsHeader(Feed feed) {
            fromServer(feed, hex("82 00")); // fin, binary, length 0
            assertThat(recorder.events()).containsExactly("82 00 at 0: ");
        }

        @ParameterizedTest
        @EnumSource
        void length0OfAMaskedFrameEndsWithItsKey(Feed feed) {
            fromClient(feed, hex("82 80 01 02 03 04")); // fin, binary, masked, length 0, key
            assertThat(recorder.events()).containsExactly("82 80 01 02 03 04 at 0: ");
        }

        @ParameterizedTest
        @EnumSource
        void length125IsTheLongestIn7Bits(Feed feed) {
            fromServer(feed, frame("82 7d", zeros(125))); // fin, binary, length 125
            assertThat(recorder.frames())
                    .singleElement()
                    .satisfies(it -> assertThat(it.payload()).hasSize(125));
        }

        @ParameterizedTest
        @EnumSource
        void length126IsTheShortestIn16Bits(Feed feed) {
            fromServer(feed, frame("82 7e 00 7e", zeros(126))); // fin, binary, 16 bits: 126
            assertThat(recorder.frames())
                    .singleElement()
                    .satisfies(it -> assertThat(it.payload()).hasSize(126));
        }

        @ParameterizedTest
        @EnumSource
        void length127Takes16Bits(Feed feed) {
            fromServer(feed, frame("82 7e 00 7f", zeros(127))); // fin, binary, 16 bits: 127
            assertThat(recorder.frames())
                    .singleElement()
                    .satisfies(it -> assertThat(it.payload()).hasSize(127));
        }

        @ParameterizedTest
        @EnumSource
        void length65535IsTheLongestIn16Bits(Feed feed) {
            fromServer(feed, frame("82 7e ff ff", zeros(65_535))); // fin, binary, 16 bits: 65,535
            assertThat(recorder.frames())
                    .singleElement()
                    .satisfies(it -> assertThat(it.payload()).hasSize(65_535));
        }

        @ParameterizedTest
        @EnumSource
        void length65536IsTheShortestIn64Bits(Feed feed) {
            fromServer(feed, frame("82 7f 00 00 00 00 00 01 00 00", zeros(65_536))); // fin, binary, 64 bits: 65,536
            assertThat(recorder.frames())
                    .singleElement()
                    .satisfies(it -> assertThat(it.payload()).hasSize(65_536));
        }

        @ParameterizedTest
        @EnumSource
        void lengthTakesTheFewestBytesThatHoldIt(Feed feed) {
            fromServer(feed, hex("82 00", "82 7e 00 7d")); // binary, length 0; binary, 16 bits: 125
            assertThat(recorder.events()).containsExactly("82 00 at 0: ", "broken non-minimal-length at 4");
        }

        @ParameterizedTest
        @EnumSource
        void mostSignificantBitOfA64BitLengthMustBe0(Feed feed) {
            fromServer(feed, hex("82 7f 80 00 00 00 00 00 00 00")); // fin, binary, 64 bits: 2^63
            assertThat(recorder.events()).containsExactly("broken length-out-of-range at 2");
        }

        /** 2^63 became a part of 0 bytes, and so for ever; 2^64-1 moved the buffer's position back. */
        @ParameterizedTest
        @CsvSource({"80 00 00 00 00 00 00 00", "ff ff ff ff ff ff ff ff"})
        void lengthOutOfRangeStopsEvenAHandlerThatGoesOn(String length) {
            for (Feed feed : Feed.values()) {
                var tolerant = FrameRecorder.tolerant();
                decoder = new FrameDecoder(Role.SERVER, tolerant);
                fromServer(feed, hex("82 7f", length, "00 00")); // fin, binary, 64 bits; 2 bytes of payload
                assertThat(tolerant.events()).as(feed.name()).containsExactly("broken length-out-of-range at 2");
                assertThat(decoder.isStopped()).isTrue();
            }
        }
    }

    @Nested
    @DisplayName("5.2 Base Framing Protocol: first byte")
    class FirstByte {
        @ParameterizedTest
        @EnumSource
        void reservedBitIs0UnlessAnExtensionDefinesIt(Feed feed) {
            fromServer(feed, hex("c1")); // fin, RSV1, text
            assertThat(recorder.events()).containsExactly("broken reserved-bits at 0");
        }

        @ParameterizedTest
        @EnumSource
        void reservedBitOfAnExtensionMayBeSetOnTheFirstFrameOfAMessage(Feed feed) {
            decoder.allowReservedBits(RSV1);
            fromServer(feed, hex("41 01 61", "80 01 62")); // RSV1, text; fin, continuation
            assertThat(recorder.events()).containsExactly("41 01 at 0: 61", "80 01 at 3: 62");
        }

        @ParameterizedTest
        @EnumSource
        void reservedBitOfAnExtensionMayNotBeSetOnAContinuationFrame(Feed feed) {
            decoder.allowReservedBits(RSV1);
            fromServer(feed, hex("41 00", "c0 00")); // RSV1, text; fin, RSV1, continuation
            assertThat(recorder.events()).containsExactly("41 00 at 0: ", "broken reserved-bits at 2");
        }

        @ParameterizedTest
        @EnumSource
        void oneByteMayBreakSeveralRules(Feed feed) {
            fromServer(feed, hex("7b")); // RSV1, RSV2, RSV3, opcode b
            assertThat(recorder.events())
                    .containsExactly("broken reserved-bits, reserved-opcode, control-frame-fragmented at 0");
        }
    }

    @Nested
    @DisplayName("5.4 Fragmentation")
    class Fragmentation {
        @ParameterizedTest
        @EnumSource
        void controlFramesMayComeBetweenFragments(Feed feed) {
            fromServer(feed, hex("01 01 61", "89 00", "00 00", "8a 00", "80 01 62", "81 00"));
            assertThat(recorder.events())
                    .containsExactly(
                            "01 01 at 0: 61",
                            "89 00 at 3: ",
                            "00 00 at 5: ",
                            "8a 00 at 7: ",
                            "80 01 at 9: 62",
                            "81 00 at 12: ");
        }

        @ParameterizedTest
        @EnumSource
        void continuationNeedsAMessageToContinue(Feed feed) {
            fromServer(feed, hex("81 00", "80 00")); // fin, text; fin, continuation
            assertThat(recorder.events()).containsExactly("81 00 at 0: ", "broken unexpected-continuation at 2");
        }

        @ParameterizedTest
        @EnumSource
        void messagesMustNotBeInterleaved(Feed feed) {
            fromServer(feed, hex("02 00", "82 00")); // binary; fin, binary
            assertThat(recorder.events()).containsExactly("02 00 at 0: ", "broken expected-continuation at 2");
        }
    }

    @Nested
    @DisplayName("5.5 Control Frames")
    class ControlFrames {
        @ParameterizedTest
        @EnumSource
        void controlFrameMayHave125Bytes(Feed feed) {
            fromServer(feed, frame("89 7d", zeros(125))); // fin, ping, length 125
            assertThat(recorder.frames()).hasSize(1);
        }

        @ParameterizedTest
        @EnumSource
        void controlFrameMustNotHave126Bytes(Feed feed) {
            fromServer(feed, frame("89 7e 00 7e", zeros(126))); // fin, ping, 16 bits: 126
            assertThat(recorder.events()).containsExactly("broken control-frame-too-long at 1");
        }

        @ParameterizedTest
        @EnumSource
        void controlFrameMustNotBeFragmented(Feed feed) {
            fromServer(feed, hex("08 00")); // close, not final
            assertThat(recorder.events()).containsExactly("broken control-frame-fragmented at 0");
        }
    }

    @Nested
    @DisplayName("5.7 Examples")
    class Examples {
        @ParameterizedTest
        @EnumSource
        void singleFrameUnmaskedTextMessage(Feed feed) {
            fromServer(feed, hex("81 05 48 65 6c 6c 6f")); // fin, text, length 5: Hello
            assertThat(recorder.events()).containsExactly("81 05 at 0: 48 65 6c 6c 6f");
        }

        @ParameterizedTest
        @EnumSource
        void singleFrameMaskedTextMessage(Feed feed) {
            fromClient(feed, hex("81 85 37 fa 21 3d 7f 9f 4d 51 58")); // fin, text, masked, length 5, key: Hello
            assertThat(recorder.events()).containsExactly("81 85 37 fa 21 3d at 0: 48 65 6c 6c 6f");
        }

        @ParameterizedTest
        @EnumSource
        void fragmentedUnmaskedTextMessage(Feed feed) {
            fromServer(feed, hex("01 03 48 65 6c", "80 02 6c 6f")); // text: Hel; fin, continuation: lo
            assertThat(recorder.events()).containsExactly("01 03 at 0: 48 65 6c", "80 02 at 5: 6c 6f");
        }

        @ParameterizedTest
        @EnumSource
        void unmaskedPing(Feed feed) {
            fromServer(feed, hex("89 05 48 65 6c 6c 6f")); // fin, ping, length 5: Hello
            assertThat(recorder.events()).containsExactly("89 05 at 0: 48 65 6c 6c 6f");
        }

        @ParameterizedTest
        @EnumSource
        void maskedPong(Feed feed) {
            fromClient(feed, hex("8a 85 37 fa 21 3d 7f 9f 4d 51 58")); // fin, pong, masked, length 5, key: Hello
            assertThat(recorder.events()).containsExactly("8a 85 37 fa 21 3d at 0: 48 65 6c 6c 6f");
        }

        @ParameterizedTest
        @EnumSource
        void binary256Bytes(Feed feed) {
            fromServer(feed, frame("82 7e 01 00", zeros(256))); // fin, binary, 16 bits: 256
            assertThat(recorder.events()).containsExactly("82 7e 01 00 at 0: " + toHex(zeros(256)));
        }

        @ParameterizedTest
        @EnumSource
        void binary64KiB(Feed feed) {
            fromServer(feed, frame("82 7f 00 00 00 00 00 01 00 00", zeros(65_536))); // fin, binary, 64 bits: 65,536
            assertThat(recorder.events())
                    .containsExactly("82 7f 00 00 00 00 00 01 00 00 at 0: " + toHex(zeros(65_536)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',             0, false, false, false",
        "01,             1, true,  false, false", // text, not final
        "01 fe,          2, true,  false, false", // masked, 16 bits
        "01 fe 00 7e 01, 5, true,  false, false", // half a key
        "01 fe 00 7e 01 02 03 04,    8, false, true, true", // whole header
        "01 fe 00 7e 01 02 03 04 ff, 9, false, true, true", // part of the payload
        "01 80 01 02 03 04,          6, false, false, true", // whole frame
        "01 80 01 02 03 04 80,       7, true, false, true", // first byte of its continuation
    })
    void tellsWhereItStands(String bytes, long offset, boolean inHeader, boolean inPayload, boolean messageOpen) {
        fromClient(Feed.WHOLE, hex(bytes));
        assertThat(decoder.offset()).isEqualTo(offset);
        assertThat(decoder.inHeader()).isEqualTo(inHeader);
        assertThat(decoder.inPayload()).isEqualTo(inPayload);
        assertThat(decoder.isMessageOpen()).isEqualTo(messageOpen);
    }

    /** The shorter road for whole headers is taken between frames only, in buffers of every kind. */
    @ParameterizedTest
    @EnumSource
    void streamCutInTwoAnywhereGivesTheSameFrames(BufferKind kind) {
        byte[] stream = hex(
                "01 83 01 02 03 04 00 00 00", // text, masked, length 3
                "80 fe 00 7e 05 06 07 08" + "aa".repeat(126), // fin, continuation, masked, 16 bits: 126
                "82 ff 00 00 00 00 00 01 00 00 09 0a 0b 0c" + "bb".repeat(65_536), // fin, binary, 64 bits: 65,536
                "89 80 0d 0e 0f 10"); // fin, ping, masked, length 0
        var whole = FrameRecorder.strict();
        Feed.WHOLE.give(stream, Role.CLIENT, new FrameDecoder(Role.CLIENT, whole)::decode);
        assertThat(whole.frames()).hasSize(4);
        for (int cut = 0; cut < 200; cut++) {
            var inTwo = FrameRecorder.strict();
            decoder = new FrameDecoder(Role.CLIENT, inTwo);
            decoder.decode(kind.of(Arrays.copyOf(stream, cut)));
            decoder.decode(kind.of(Arrays.copyOfRange(stream, cut, stream.length)));
            assertThat(inTwo.frames()).as("cut at %d", cut).isEqualTo(whole.frames());
        }
    }

    /** What the doctor sees: it goes on. */
    @Nested
    @DisplayName("After a breach that the handler tolerates")
    class Tolerated {
        @ParameterizedTest
        @EnumSource
        void decoderGoesOnByTheLengthsAsDeclared(Feed feed) {
            var tolerant = FrameRecorder.tolerant();
            decoder = new FrameDecoder(Role.SERVER, tolerant);
            byte[] bytes = hex(
                    "f3 81 01 02 03 04 00", // fin, all RSV, opcode 3, masked, length 1, key
                    "80 00", // fin, continuation of nothing
                    "01 00", // text
                    "82 7e 00 01 aa", // fin, binary, 16 bits: 1
                    "09 7f 00 00 00 00 00 00 00 01 bb", // ping, not final, 64 bits: 1
                    "81 00"); // fin, text
            fromServer(feed, bytes);
            assertThat(tolerant.events())
                    .containsExactly(
                            "broken reserved-bits, reserved-opcode at 0",
                            "broken masked-server-frame at 1",
                            "f3 81 01 02 03 04 at 0: 01",
                            "broken unexpected-continuation at 7",
                            "80 00 at 7: ",
                            "01 00 at 9: ",
                            "broken expected-continuation at 11",
                            "broken non-minimal-length at 13",
                            "82 7e 00 01 at 11: aa",
                            "broken control-frame-fragmented at 16",
                            "broken control-frame-too-long at 17",
                            "broken non-minimal-length at 18",
                            "09 7f 00 00 00 00 00 00 00 01 at 16: bb",
                            "81 00 at 27: ");
            assertThat(decoder.isStopped()).isFalse();
        }
    }

    @Nested
    @DisplayName("A handler that stops the decoder")
    class Stopping {
        private final byte[] twoFrames = hex("82 02 61 62", "82 00"); // fin, binary: ab; fin, binary, length 0

        /** Answers false to one kind of call. */
        private static final class Stopper implements FrameHandler {
            private final String at;
            private String calls = "";

            private Stopper(String at) {
                this.at = at;
            }

            private boolean call(String kind) {
                calls += " " + kind;
                return !kind.equals(at);
            }

            @Override
            public boolean broken(FrameDecoder frame, long rules, long offset) {
                return call("broken");
            }

            @Override
            public boolean header(FrameDecoder frame) {
                return call("header");
            }

            @Override
            public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
                return call("payload");
            }

            @Override
            public boolean end(FrameDecoder frame) {
                return call("end");
            }
        }

        @ParameterizedTest
        @CsvSource({
            "header,  ' header',             2",
            "payload, ' header payload',     4",
            "end,     ' header payload end', 4",
            "never,   ' header payload end header end', 6",
        })
        void leavesTheBytesBehindTheCurrentOneUnread(String at, String calls, int read) {
            var stopper = new Stopper(at);
            decoder = new FrameDecoder(Role.SERVER, stopper);
            var in = ByteBuffer.wrap(twoFrames);
            boolean goesOn = decoder.decode(in);
            assertThat(stopper.calls).isEqualTo(calls);
            assertThat(in.position()).isEqualTo(read);
            assertThat(decoder.offset()).isEqualTo(read);
            assertThat(goesOn).isEqualTo(at.equals("never")).isEqualTo(!decoder.isStopped());
        }

        @ParameterizedTest
        @CsvSource({"header", "payload", "end"})
        void stopsForGood(String at) {
            var stopper = new Stopper(at);
            decoder = new FrameDecoder(Role.SERVER, stopper);
            decoder.decode(ByteBuffer.wrap(twoFrames));
            String calls = stopper.calls;
            var more = ByteBuffer.wrap(twoFrames);
            assertThat(decoder.decode(more)).isFalse();
            assertThat(more.position()).isZero();
            assertThat(decoder.skip(0)).isFalse();
            assertThat(decoder.skip(1)).isFalse();
            assertThat(stopper.calls).isEqualTo(calls);
        }
    }

    @Nested
    @DisplayName("Bytes that a capture lacks")
    class Skipping {
        private void decode(byte[] bytes) {
            assertThat(decoder.decode(ByteBuffer.wrap(bytes))).isTrue();
        }

        @ParameterizedTest
        @CsvSource({"1", "2"})
        void payloadGoesOnBehindAGapInIt(int missing) {
            var ends = new int[1];
            decoder = new FrameDecoder(Role.SERVER, new EndCounter(ends));
            decode(hex("82 04 61")); // fin, binary, length 4: a
            assertThat(decoder.skip(missing)).isTrue();
            assertThat(decoder.payloadReceived()).isEqualTo(1 + missing);
            assertThat(decoder.offset()).isEqualTo(3 + missing);
            assertThat(ends[0]).isZero();
            decode(new byte[3 - missing]);
            assertThat(ends[0]).isEqualTo(1);
            assertThat(decoder.frameOffset()).isEqualTo(6);
        }

        @ParameterizedTest
        @CsvSource({"true", "false"})
        void gapToTheEndOfAPayloadEndsTheFrame(boolean fin) {
            var ends = new int[1];
            decoder = new FrameDecoder(Role.SERVER, new EndCounter(ends));
            decode(hex(fin ? "82 04 61" : "02 04 61")); // binary, length 4: a
            assertThat(decoder.skip(3)).isTrue();
            assertThat(ends[0]).isEqualTo(1);
            assertThat(decoder.inPayload()).isFalse();
            assertThat(decoder.isMessageOpen()).isEqualTo(!fin);
            assertThat(decoder.frameOffset()).isEqualTo(6);
        }

        @ParameterizedTest
        @CsvSource({"'', 1", "82, 1", "82 7e 00, 1", "82 04 61, 4", "82 00, 1", "82 02 61 62, 1"})
        void gapBeyondAPayloadChangesNothing(String before, long missing) {
            decode(hex(before));
            long offset = decoder.offset();
            assertThat(decoder.skip(missing)).isFalse();
            assertThat(decoder.offset()).isEqualTo(offset);
        }

        private static final class EndCounter implements FrameHandler {
            private final int[] ends;

            private EndCounter(int[] ends) {
                this.ends = ends;
            }

            @Override
            public boolean broken(FrameDecoder frame, long rules, long offset) {
                return false;
            }

            @Override
            public boolean header(FrameDecoder frame) {
                return true;
            }

            @Override
            public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
                return true;
            }

            @Override
            public boolean end(FrameDecoder frame) {
                ends[0]++;
                return true;
            }
        }
    }
}
