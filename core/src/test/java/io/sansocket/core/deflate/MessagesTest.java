package io.sansocket.core.deflate;

import static io.sansocket.core.testing.Hex.hex;
import static io.sansocket.core.testing.Hex.toHex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.testing.FrameStreams;
import io.sansocket.core.testing.ReferenceInflater;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages to DEFLATE data and back (RFC 7692 §7.2). */
class MessagesTest {
    private static final DeflateContext NO_TAKEOVER = new DeflateContext(15, false);
    /** How far back zlib refers: 32,768 bytes but those it looks ahead. */
    private static final int FARTHEST = 32_768 - 262;

    private static final int[] SIZES = {
        0, 1, 2, 125, 126, 127, 255, 256, 257, 511, 512, 513, 8_191, 8_192, 8_193, 70_000
    };

    @Nested
    @DisplayName("7.2.3 Examples")
    class Examples {
        private String decoded(Extension end, String data) throws ExtensionDataException {
            byte[] text = Ends.decode(end, hex(data));
            for (int piece = 1; piece < 4; piece++) {
                assertThat(Ends.decode(Ends.receiver(), hex(data), piece)).isEqualTo(text);
            }
            return new String(text, StandardCharsets.UTF_8);
        }

        @Test
        @DisplayName("7.2.3.1 a message compressed using one block")
        void oneBlock() throws Exception {
            assertThat(toHex(Ends.encode(Ends.receiver(), "Hello"))).isEqualTo("f2 48 cd c9 c9 07 00");
            assertThat(decoded(Ends.receiver(), "f2 48 cd c9 c9 07 00")).isEqualTo("Hello");
        }

        @Test
        @DisplayName("7.2.3.2 sharing the LZ77 window")
        void contextTakeover() throws Exception {
            Ends ends = Ends.agree(DeflateOptions.DEFAULT);
            assertThat(toHex(Ends.encode(ends.client(), "Hello"))).isEqualTo("f2 48 cd c9 c9 07 00");
            assertThat(toHex(Ends.encode(ends.client(), "Hello"))).isEqualTo("f2 00 11 00 00");
            Ends.decode(ends.server(), hex("f2 48 cd c9 c9 07 00"));
            assertThat(Ends.decode(ends.server(), hex("f2 00 11 00 00")))
                    .asString()
                    .isEqualTo("Hello");
        }

        @Test
        void withoutContextTakeoverEachMessageIsOnItsOwn() throws Exception {
            Ends ends = Ends.agree(Ends.both(NO_TAKEOVER));
            for (int i = 0; i < 3; i++) {
                assertThat(toHex(Ends.encode(ends.client(), "Hello"))).isEqualTo("f2 48 cd c9 c9 07 00");
                assertThat(Ends.decode(ends.server(), hex("f2 48 cd c9 c9 07 00")))
                        .asString()
                        .isEqualTo("Hello");
            }
        }

        @Test
        @DisplayName("7.2.3.3 a block that is not compressed")
        void storedBlock() throws Exception {
            assertThat(decoded(Ends.receiver(), "00 05 00 fa ff 48 65 6c 6c 6f 00"))
                    .isEqualTo("Hello");
        }

        @Test
        @DisplayName("7.2.3.4 a block with BFINAL set")
        void finalBlock() throws Exception {
            assertThat(decoded(Ends.receiver(), "f3 48 cd c9 c9 07 00 00")).isEqualTo("Hello");
        }

        @Test
        void whatFollowsAFinalBlockCountsAndMayReferToWhatWasBefore() throws Exception {
            Extension end = Ends.receiver();
            String twice = "f3 48 cd c9 c9 07 00" + "f2 48 cd c9 c9 07 00";
            assertThat(decoded(end, twice)).isEqualTo("HelloHello");
            assertThat(decoded(Ends.receiver(), "f3 48 cd c9 c9 07 00" + "f2 00 11 00 00"))
                    .isEqualTo("HelloHello");
            assertThat(Ends.decode(end, hex("f2 00 11 00 00"))).asString().isEqualTo("Hello");
        }

        @Test
        void theLastEmptyBlockMayBeTheFinalOne() throws Exception {
            assertThat(decoded(Ends.receiver(), "00 05 00 fa ff 48 65 6c 6c 6f 01"))
                    .isEqualTo("Hello");
        }

        @Test
        @DisplayName("7.2.3.5 two blocks in a message")
        void twoBlocks() throws Exception {
            assertThat(decoded(Ends.receiver(), "f2 48 05 00 00 00 ff ff ca c9 c9 07 00"))
                    .isEqualTo("Hello");
        }

        @Test
        @DisplayName("7.2.3.6 an empty message")
        void emptyMessage() throws Exception {
            for (DeflateContext context : List.of(DeflateContext.LARGEST, NO_TAKEOVER)) {
                Extension end = Ends.agree(Ends.both(context)).client();
                assertThat(toHex(Ends.encode(end, ""))).isEqualTo("00");
                Ends.encode(end, "Hello");
                assertThat(toHex(Ends.encode(end, ""))).isEqualTo("00");
                assertThat(toHex(Ends.encode(end, List.of(new byte[0], new byte[0]))))
                        .isEqualTo("00");
            }
            assertThat(decoded(Ends.receiver(), "00")).isEmpty();
        }
    }

    @Test
    void eachPartIsFlushedSoThatThePeerCanReadIt() throws Exception {
        Ends ends = Ends.agree(DeflateOptions.DEFAULT);
        StringBuilder read = new StringBuilder();
        Extension.Sink reader = bytes -> {
            read.append(StandardCharsets.UTF_8.decode(bytes));
            return true;
        };
        for (String part : new String[] {"Hel", "", "lo"}) {
            List<byte[]> wire = new ArrayList<>();
            ends.client().encode(ByteBuffer.wrap(part.getBytes(StandardCharsets.UTF_8)), false, bytes -> {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                return wire.add(copy);
            });
            for (byte[] bytes : wire) {
                ends.server().decode(ByteBuffer.wrap(bytes), false, reader);
            }
            assertThat(read).endsWith(part);
        }
        assertThat(read).hasToString("Hello");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 6, 9})
    void whatIsEncodedIsDecoded(int level) throws Exception {
        for (int bits = 8; bits <= 15; bits++) {
            for (boolean takeover : new boolean[] {true, false}) {
                Ends ends =
                        Ends.agree(Ends.both(new DeflateContext(bits, takeover)).withLevel(level));
                Random random = new Random(bits);
                for (int size : SIZES) {
                    byte[] noise = new byte[size];
                    random.nextBytes(noise);
                    for (byte[] message : new byte[][] {new byte[size], noise, Ends.json(random, size)}) {
                        byte[] encoded = Ends.encode(ends.server(), FrameStreams.cut(message, random));
                        assertThat(Ends.decode(ends.client(), encoded, 1 + random.nextInt(5_000)))
                                .isEqualTo(message);
                        assertThat(Ends.decode(ends.server(), Ends.encode(ends.client(), message)))
                                .isEqualTo(message);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8", "9", "10", "11", "12", "13", "14", "15"})
    @DisplayName("7.1.2 no reference reaches further back than the window that was agreed")
    void theWindowIsKept(int bits) throws Exception {
        for (boolean takeover : new boolean[] {true, false}) {
            for (int level : new int[] {1, 6, 9}) {
                Ends ends =
                        Ends.agree(Ends.both(new DeflateContext(bits, takeover)).withLevel(level));
                ReferenceInflater reference = new ReferenceInflater(bits);
                Random random = new Random(bits);
                // Runs of one byte are where the longest matches begin and end at the edges.
                for (int size : new int[] {1, 20, 125, 255, 256, 257, 1_000, 4_096, 16_000, 70_000, 100, 300, 33_000}) {
                    for (byte[] message : new byte[][] {Ends.json(random, size), new byte[size]}) {
                        List<byte[]> parts =
                                random.nextBoolean() ? List.of(message) : FrameStreams.cut(message, random);
                        assertThat(reference.decode(Ends.encode(ends.client(), parts)))
                                .isEqualTo(message);
                    }
                }
                // It uses what it may, else the proof would be worth little.
                assertThat(reference.maxDistance()).isBetween(1 << (bits - 1), 1 << bits);
            }
        }
    }

    @Test
    @DisplayName("7.2.1 what the peer asks for binds an end that would do more by itself")
    void anEndCompressesAsThePeerAsked() throws Exception {
        var largest = PermessageDeflate.create();
        Extension client =
                largest.accept(Ends.offer("permessage-deflate; client_no_context_takeover; client_max_window_bits=9"));
        Extension server = largest.answer(
                        Ends.offer("permessage-deflate; server_no_context_takeover; server_max_window_bits=9"))
                .orElseThrow();
        byte[] text = Ends.json(new Random(1), 4_000);
        for (Extension end : List.of(client, server)) {
            assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo("f2 48 cd c9 c9 07 00");
            assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo("f2 48 cd c9 c9 07 00");
            assertThat(new ReferenceInflater(9).decode(Ends.encode(end, text))).isEqualTo(text);
        }
    }

    @Test
    @DisplayName(
            "7.2.2 an end takes references to the last message, from the whole window, unless it was agreed otherwise")
    void anEndDecompressesWhateverWasNotRuledOut() throws Exception {
        // Each end holds itself to little, and lets the peer do all that there is.
        var small = new DeflateContext(8, false);
        Extension server = PermessageDeflate.with(DeflateOptions.DEFAULT.withServer(small))
                .answer(Ends.offer("permessage-deflate"))
                .orElseThrow();
        Extension client = PermessageDeflate.with(DeflateOptions.DEFAULT.withClient(small))
                .accept(Ends.offer("permessage-deflate"));
        byte[] noise = new byte[FARTHEST];
        new Random(1).nextBytes(noise);
        for (Extension end : List.of(server, client)) {
            Extension peer = Ends.receiver();
            assertThat(Ends.decode(end, Ends.encode(peer, noise))).isEqualTo(noise);
            byte[] again = Ends.encode(peer, noise);
            assertThat(again).hasSizeLessThan(1_000);
            assertThat(Ends.decode(end, again)).isEqualTo(noise);
        }
    }

    @Test
    void theLargestWindowIsUsedWhereverItsBytesStand() {
        Extension end = Ends.agree(DeflateOptions.DEFAULT).client();
        byte[] noise = new byte[30_000];
        new Random(1).nextBytes(noise);
        assertThat(Ends.encode(end, noise)).hasSizeGreaterThan(noise.length);
        for (int again = 0; again < 3; again++) {
            assertThat(Ends.encode(end, noise)).hasSizeLessThan(noise.length / 50);
        }
    }

    @Test
    @DisplayName("7.2.2 a server that allows more than the hint does not widen the window")
    void aClientKeepsToItsOwnHint() throws Exception {
        Extension client = PermessageDeflate.with(DeflateOptions.DEFAULT.withClient(new DeflateContext(9, true)))
                .accept(Ends.offer("permessage-deflate; client_max_window_bits=15"));
        byte[] text = Ends.json(new Random(1), 4_000);
        assertThat(new ReferenceInflater(9).decode(Ends.encode(client, text))).isEqualTo(text);
    }

    @Test
    void aWindowThatIsNotKeptIsFound() {
        Extension large = Ends.agree(DeflateOptions.DEFAULT).client();
        byte[] data = Ends.encode(large, Ends.json(new Random(1), 4_000));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new ReferenceInflater(9).decode(data)))
                .hasMessageContaining("window 512");
    }
}
