package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.utf8;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Frames that come, and the messages they make. */
class MessagesTest {
    private static final int ALLOCATION = 64 * 1024;

    private Endpoint end = Endpoint.open(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private static Event text(String text) {
        return new Event.TextMessage(text);
    }

    private static Event binary(byte... data) {
        return new Event.BinaryMessage(ByteBuffer.wrap(data));
    }

    private static Endpoint open(Role role, Limits limits) {
        return Endpoint.open(role, Endpoint.settings(role).withLimits(limits));
    }

    private static Endpoint streaming(Role role) {
        return Endpoint.open(role, Endpoint.settings(role).withDelivery(Delivery.STREAMED));
    }

    @Test
    void whatIsHeldOfAnUnfinishedMessageIsCounted() {
        byte[] large = frame(Role.CLIENT, 0x82, new byte[1000]);
        assertThat(end.protocol.bufferedInput()).isZero();
        end.receive(java.util.Arrays.copyOf(large, 8)); // its header, which holds no buffer
        assertThat(end.protocol.bufferedInput()).isZero();
        end.receive(java.util.Arrays.copyOfRange(large, 8, 508));
        assertThat(end.protocol.bufferedInput()).isBetween(500L, 1000L);
        end.receive(java.util.Arrays.copyOfRange(large, 508, large.length)).next(Event.BinaryMessage.class);
        assertThat(end.protocol.bufferedInput()).isZero();
    }

    @Test
    void whatIsHeldOfAnUnfinishedHandshakeIsCounted() {
        end = Endpoint.unopened(Role.SERVER);
        end.receive(utf8("GET / HTTP/1.1\r\n"));
        assertThat(end.protocol.bufferedInput()).isEqualTo(16);
        end.protocol.receiveReset(0);
        end.expectClosed();
        assertThat(end.protocol.bufferedInput()).isZero();
    }

    @Nested
    @DisplayName("5.4 Fragmentation")
    class Fragmentation {
        @Test
        void aTextWithTheReplacementCharacterItself() {
            end.receive(frame(Role.CLIENT, 0x81, "a\uFFFDb")).expect(text("a\uFFFDb"));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aTextMessageInOneFrame(Role role) {
            end = Endpoint.open(role);
            end.receive(frame(role.peer(), 0x81, "Hällo")).expect(text("Hällo"));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aBinaryMessageInOneFrame(Role role) {
            end = Endpoint.open(role);
            end.receive(frame(role.peer(), 0x82, hex("00 ff"))).expect(binary((byte) 0, (byte) -1));
        }

        @Test
        void anEmptyMessageIsAMessage() {
            end.receive(frame(Role.CLIENT, 0x81, ""), frame(Role.CLIENT, 0x82, ""))
                    .expect(text(""), binary());
        }

        @Test
        void fragmentsMakeOneMessage() {
            end.receive(
                            frame(Role.CLIENT, 0x01, "a"),
                            frame(Role.CLIENT, 0x00, ""),
                            frame(Role.CLIENT, 0x00, "b"),
                            frame(Role.CLIENT, 0x80, "c"),
                            frame(Role.CLIENT, 0x81, "d"))
                    .expect(text("abc"), text("d"));
        }

        @Test
        void controlFramesMayComeBetweenFragments() {
            end.receive(frame(Role.CLIENT, 0x02, "a"), frame(Role.CLIENT, 0x89, "p"), frame(Role.CLIENT, 0x80, "b"))
                    .expect(new Event.Ping(ByteBuffer.wrap(utf8("p"))), binary(utf8("ab")))
                    .expectSent(frame(Role.SERVER, 0x8A, "p"));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aContinuationWithoutAMessageFails(Role role) {
            end = Endpoint.open(role);
            end.receive(frame(role.peer(), 0x80, "")).expectFailure(1002, "unexpected-continuation");
        }

        @Test
        void aNewMessageInsideAMessageFails() {
            end.receive(frame(Role.CLIENT, 0x01, "a"), frame(Role.CLIENT, 0x81, "b"))
                    .expectFailure(1002, "expected-continuation");
        }

        @Test
        void aFrameFromAClientMustBeMasked() {
            end.receive(hex("81 05 48 65 6c 6c 6f")); // text, not masked
            assertThat(end.expectFailure(1002, "unmasked-client-frame")
                            .violation()
                            .offset())
                    .isEqualTo(1);
        }

        @Test
        void aFrameFromAServerMustNotBeMasked() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(frame(Role.CLIENT, 0x81, "a")).expectFailure(1002, "masked-server-frame");
        }

        @Test
        void aMessageOwnsItsBytes() {
            byte[] bytes = frame(Role.CLIENT, 0x82, "abc");
            end.receive(bytes);
            Event.BinaryMessage message = end.next(Event.BinaryMessage.class);
            bytes[bytes.length - 1] = 0;
            assertThat(message.data()).isEqualTo(ByteBuffer.wrap(utf8("abc")));
            assertThat(message.data().capacity()).isEqualTo(3);
        }
    }

    @Nested
    @DisplayName("5.4 Fragmentation, messages streamed")
    class Streamed {
        @Test
        void piecesComeAsTheirBytesDo() {
            end = streaming(Role.CLIENT);
            end.receive(hex("82 04 01 02")).expect(piece(false, 1, 2));
            end.receive(hex("03")).expect(piece(false, 3));
            end.receive(hex("04")).expect(piece(true, 4));
        }

        private Event piece(boolean last, int... bytes) {
            ByteBuffer data = ByteBuffer.allocate(bytes.length);
            for (int b : bytes) {
                data.put((byte) b);
            }
            return new Event.BinaryFragment(data.flip(), last);
        }

        @Test
        void noPieceOfATextEndsInsideACharacter() {
            end = streaming(Role.CLIENT);
            byte[] smile = utf8("😀");
            end.receive(hex("01 05 61"), new byte[] {smile[0]}).expect(new Event.TextFragment("a", false));
            end.receive(new byte[] {smile[1]}).expect();
            end.receive(new byte[] {smile[2]}).expect();
            end.receive(new byte[] {smile[3], 0x00, 0x01, 'b'})
                    .expect(new Event.TextFragment("😀", false), new Event.TextFragment("b", false));
            end.receive(hex("80 00")).expect(new Event.TextFragment("", true));
        }

        @Test
        void aMessageInOneReadIsOnePiece() {
            end = streaming(Role.SERVER);
            end.receive(frame(Role.CLIENT, 0x81, "abc")).expect(new Event.TextFragment("abc", true));
        }

        @Test
        void whatComesBeforeAnUnfinishedCharacterIsHandedOn() {
            end = streaming(Role.CLIENT);
            end.receive(hex("81 03 61 62 c3")).expect(new Event.TextFragment("ab", false));
            end.expectFailure(1007, "the message ends inside a character after 3 bytes, 1 short");
        }

        @Test
        void anEmptyMessageIsOneEmptyPiece() {
            end = streaming(Role.CLIENT);
            end.receive(hex("81 00 82 00")).expect(new Event.TextFragment("", true), piece(true));
        }

        @Test
        void whatCameBeforeABadByteIsHandedOn() {
            end = streaming(Role.CLIENT);
            end.receive(hex("81 05 61 c3 a4 ff 62")).expect(new Event.TextFragment("aä", false));
            end.expectFailure(1007, "invalid-utf8");
        }

        @Test
        void aMessageMayBeLargerThanMemory() {
            end = Endpoint.open(
                    Role.CLIENT,
                    Settings.CLIENT
                            .withDelivery(Delivery.STREAMED)
                            .withLimits(Limits.CLIENT.withMessageLimits(Limits.UNLIMITED, Limits.UNLIMITED)));
            end.receive(hex("02 7f 7f ff ff ff ff ff ff f0 01")).expect(piece(false, 1));
            assertThat(end.protocol.progress().missing()).isEqualTo(Long.MAX_VALUE - 16);
        }
    }

    @Nested
    @DisplayName("7.4.1 Limits")
    class Bounds {
        private final Limits limits = Limits.CLIENT.withMessageLimits(10, 20).withMaxFragments(3);

        @Test
        void aFrameOfTheLimitPassesAndOneMoreByteFails() {
            end = open(Role.CLIENT, limits);
            end.receive(frame(Role.SERVER, 0x82, new byte[10])).expect(binary(new byte[10]));
            end.receive(hex("82 0b")); // one more
            assertThat(end.expectFailure(1009, "a frame of 11 payload bytes, the limit is 10")
                            .violation()
                            .offset())
                    .isEqualTo(12);
        }

        @Test
        void aMessageOfTheLimitPassesAndOneMoreByteFails() {
            end = open(Role.CLIENT, limits);
            end.receive(frame(Role.SERVER, 0x02, new byte[10]), frame(Role.SERVER, 0x80, new byte[10]))
                    .expect(binary(new byte[20]));
            end.receive(frame(Role.SERVER, 0x02, new byte[10]), frame(Role.SERVER, 0x00, new byte[10]), hex("80 01"))
                    .expectFailure(1009, "a message of at least 21 bytes, the limit is 20");
        }

        @Test
        void asManyFragmentsAsTheLimitPassAndOneMoreFails() {
            end = open(Role.CLIENT, limits);
            end.receive(hex("01 00 00 00 80 00")).expect(text(""));
            end.receive(hex("01 00 00 00 00 00 80 00"))
                    .expectFailure(1008, "a message of at least 4 fragments, the limit is 3");
        }

        @Test
        void controlFramesAreNotFragments() {
            end = open(Role.CLIENT, limits);
            end.receive(hex("01 00 8a 00 8a 00 00 00 8a 00 80 00"));
            assertThat(end.takeEvents()).hasSize(4).last().isEqualTo(text(""));
        }

        @Test
        void theSumOfTwoHugeFramesDoesNotOverflow() {
            end = open(Role.CLIENT, Limits.CLIENT.withMessageLimits(Limits.UNLIMITED, Limits.UNLIMITED));
            end.receive(hex("02 01 00", "80 7f 7f ff ff ff ff ff ff ff"))
                    .expectFailure(1009, "a message of at least 9223372036854775807 bytes, the limit is 2147483639");
        }

        @ParameterizedTest
        @CsvSource({"82 7f 00 00 00 00 00 10 00 00, 1048576", "82 7e ff ff, 65535", "82 7f 7f ff ff ff ff ff ff ff, 0"})
        void nothingIsAllocatedByADeclaredLength(String header, int accepted) {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            byte[] bytes = Wire.join(hex(header), accepted == 0 ? new byte[0] : new byte[10]);
            for (int warm = 0; warm < 3; warm++) {
                end = Endpoint.open(Role.CLIENT);
                ByteBuffer in = ByteBuffer.wrap(bytes);
                long before = threads.getCurrentThreadAllocatedBytes();
                end.protocol.receive(in, 0);
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(ALLOCATION);
                end.takeSent();
            }
        }

        @Test
        void aFrameInManyPiecesMakesRoomByDoublingAndNoMoreThanItNeeds() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            end = Endpoint.open(Role.CLIENT);
            ByteBuffer piece = ByteBuffer.allocate(10_000);
            end.receive(hex("82 7f 00 00 00 00 00 09 eb 10")); // 650,000 bytes
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 65; i++) {
                end.protocol.receive(piece.rewind(), 0);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(2_000_000); // 10,000 + 20,000 + … + 640,000 + 650,000 = 1,920,000
            end.next(Event.BinaryMessage.class);
        }

        @Test
        void manyTinyFragmentsCostNoMoreThanTheirBytes() {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            end = open(Role.CLIENT, Limits.CLIENT.withMaxFragments(Integer.MAX_VALUE));
            end.receive(hex("02 00"));
            ByteBuffer fragment = ByteBuffer.wrap(hex("00 01 55"));
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000_000; i++) {
                end.protocol.receive(fragment.rewind(), 0);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).isLessThan(4L * 1024 * 1024); // doubling: 1 + 1/2 + 1/4 + … MiB
            assertThat(end.protocol.progress().messageBytes()).isEqualTo(1_000_000);
        }
    }

    @Nested
    @DisplayName("8.1 Handling Errors in UTF-8-Encoded Data")
    class Utf8Errors {
        @Test
        void aBadByteFailsBeforeItsFrameIsWhole() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(hex("81 7d 61 62 ff"));
            Closed closed =
                    end.expectFailure(1007, "byte 0xff at offset 2 of the message, 2 of the frame's payload, 4 of");
            assertThat(closed.violation().offset()).isEqualTo(4);
            assertThat(closed.sent().code()).isEqualTo(1007);
        }

        @Test
        void aMessageMayNotBeginWithABadByte() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(hex("81 02 ff 61"))
                    .expectFailure(1007, "byte 0xff at offset 0 of the message, 0 of the frame's");
        }

        @Test
        void progressStandsBehindTheBadByteWhateverCameWithIt() {
            for (byte[] stream : new byte[][] {hex("81 7d 61 62 ff"), hex("81 7d 61 62 ff 63 64")}) {
                end = Endpoint.open(Role.CLIENT).receive(stream);
                end.takeSent();
                assertThat(end.eof().expectClosed().progress().received()).isEqualTo(3);
            }
        }

        @Test
        void aBadByteInALaterFragmentIsNamedByAllItsOffsets() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(hex("01 03 61 62 c3", "80 02 a4 c0"));
            end.expectFailure(1007, "byte 0xc0 at offset 4 of the message, 1 of the frame's payload, 8 of the stream");
        }

        @Test
        void aCharacterMayLieAcrossFragmentsAndReads() {
            end = Endpoint.open(Role.CLIENT);
            for (byte b : hex("01 03 61 f0 9f", "00 00", "80 02 98 80")) {
                end.receive(new byte[] {b});
            }
            end.expect(text("a😀"));
        }

        @Test
        void aMessageMustNotEndInsideACharacter() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(hex("81 03 61 f0 9f", "81 01 62")); // and a message that is not read any more
            assertThat(end.expectFailure(1007, "the message ends inside a character after 3 bytes, 2 short")
                            .rule())
                    .isEqualTo(Rule.INVALID_UTF8);
        }

        @Test
        void binaryNeedNotBeText() {
            end = Endpoint.open(Role.CLIENT);
            end.receive(hex("82 01 ff"), hex("81 01 61")).expect(binary((byte) 0xFF), text("a"));
        }
    }

    @Test
    void messagesAreKeptInOrderHoweverTheyCome() {
        List<Event> events = List.of(text("a"), binary((byte) 1), text("b"));
        byte[] stream = Wire.join(
                frame(Role.CLIENT, 0x81, "a"), frame(Role.CLIENT, 0x82, hex("01")), frame(Role.CLIENT, 0x81, "b"));
        for (byte b : stream) {
            end.receive(new byte[] {b});
        }
        assertThat(end.takeEvents()).isEqualTo(events);
    }
}
