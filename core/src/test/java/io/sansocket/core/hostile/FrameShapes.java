package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.Bytes.declares;
import static io.sansocket.core.hostile.Bytes.join;
import static io.sansocket.core.hostile.Bytes.masked;
import static io.sansocket.core.hostile.Bytes.maskedWithZero;
import static io.sansocket.core.hostile.Bytes.repeat;
import static io.sansocket.core.hostile.Bytes.unmasked;
import static io.sansocket.core.hostile.Bytes.zeros;

import io.sansocket.core.hostile.Shape.Start;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;

/** Hostile frames on an open connection without extensions. */
final class FrameShapes {
    private static final int CONTINUES = 0;
    private static final int TEXT = 0x81;
    private static final int BINARY = 0x82;
    private static final int FIRST_TEXT = 1;
    private static final int FIRST_BINARY = 2;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    /** The default limit of messages and frames. */
    private static final int LIMIT = 1 << 20;

    private static final int SOME = 32 * 1024;
    /** Enough for more frames than a message may have. */
    private static final int FRAMES = 128 * 1024;

    private static final byte[] CLOWN = "🤡".getBytes(StandardCharsets.UTF_8);

    private FrameShapes() {}

    static List<Shape> all() {
        return List.of(
                shape(
                        "declared-limit",
                        "all of the limit declared, and a part of it sent",
                        Shape.GOES_ON,
                        n -> join(declares(BINARY, LIMIT), zeros(n))),
                shape(
                        "declared-beyond-the-limit",
                        "one byte more declared than the limit",
                        "message-too-big",
                        n -> join(declares(BINARY, LIMIT + 1), zeros(n))),
                shape(
                        "declared-beyond-int",
                        "a length that an int would take for 5",
                        "message-too-big",
                        n -> join(declares(BINARY, (1L << 32) + 5), zeros(n))),
                shape(
                        "declared-most-significant-bit",
                        "a negative length",
                        "length-out-of-range",
                        n -> join(declares(BINARY, Long.MIN_VALUE), zeros(n))),
                shape(
                        "sum-of-fragments",
                        "a length that overflows with what came before",
                        "message-too-big",
                        n -> join(masked(FIRST_BINARY, (byte) 1), declares(CONTINUES, Long.MAX_VALUE), zeros(n))),
                sized(
                        "empty-fragments",
                        "frames that bring nothing",
                        FRAMES,
                        "too-many-fragments",
                        n -> join(masked(FIRST_BINARY), repeat(masked(CONTINUES), n))),
                sized(
                        "one-byte-fragments",
                        "a header for each byte",
                        FRAMES,
                        "too-many-fragments",
                        n -> join(masked(FIRST_BINARY), repeat(masked(CONTINUES, (byte) 1), n))),
                sized(
                        "fragments-up-to-the-limit",
                        "many fragments and many bytes",
                        1_200_000,
                        "message-too-big",
                        n -> join(masked(FIRST_BINARY), repeat(masked(CONTINUES, zeros(90)), n))),
                shape(
                        "control-frames-inside-a-message",
                        "a message that never goes on",
                        Shape.GOES_ON,
                        n -> join(masked(FIRST_BINARY, zeros(100)), repeat(join(masked(PING), masked(PONG)), n))),
                shape("empty-pings", "an answer for each six bytes", Shape.GOES_ON, n -> repeat(masked(PING), n)),
                shape(
                        "full-pings",
                        "answers as large as they may be",
                        Shape.GOES_ON,
                        n -> repeat(masked(PING, zeros(125)), n)),
                shape("pongs", "answers to nothing", Shape.GOES_ON, n -> repeat(masked(PONG, (byte) 1), n)),
                new Shape(
                        "pongs-against-pending-pings",
                        "each compared with all Pings that wait",
                        Start.SERVER_PINGING,
                        SOME,
                        Shape.GOES_ON,
                        n -> repeat(masked(PONG, zeros(125)), n)),
                shape(
                        "closes",
                        "a closing handshake again and again",
                        Shape.CLOSES,
                        n -> repeat(masked(0x88, (byte) 3, (byte) 0xE8), n)),
                shape(
                        "messages-behind-a-close",
                        "messages when no more should come",
                        Shape.CLOSES,
                        n -> join(masked(0x88), repeat(masked(BINARY, zeros(100)), n))),
                new Shape(
                        "messages-instead-of-a-close",
                        "to be heard for ever after our Close frame",
                        Start.SERVER_CLOSING,
                        SOME,
                        Shape.GOES_ON,
                        n -> repeat(masked(BINARY, zeros(100)), n)),
                new Shape(
                        "pings-instead-of-a-close",
                        "answers after our Close frame",
                        Start.SERVER_CLOSING,
                        SOME,
                        Shape.GOES_ON,
                        n -> repeat(masked(PING, zeros(100)), n)),
                shape("empty-messages", "an event for each six bytes", Shape.GOES_ON, n -> repeat(masked(BINARY), n)),
                shape(
                        "one-byte-texts",
                        "a string for each seven bytes",
                        Shape.GOES_ON,
                        n -> repeat(masked(TEXT, (byte) 'a'), n)),
                shape(
                        "four-byte-characters",
                        "text that takes the slowest path",
                        Shape.GOES_ON,
                        n -> masked(TEXT, repeat(CLOWN, n))),
                streamed(
                        "four-byte-characters-streamed",
                        "characters cut by every piece",
                        SOME,
                        Shape.GOES_ON,
                        n -> masked(TEXT, repeat(CLOWN, n))),
                sized(
                        "fragments-inside-characters",
                        "characters cut by every frame",
                        FRAMES,
                        "too-many-fragments",
                        n -> join(masked(FIRST_TEXT), repeat(clownInFragments(), n))),
                streamed(
                        "empty-fragments-streamed",
                        "pieces of a message without bytes",
                        FRAMES,
                        "too-many-fragments",
                        n -> join(masked(FIRST_TEXT), repeat(masked(CONTINUES), n))),
                streamed(
                        "one-byte-fragments-streamed",
                        "a piece of a message for each byte",
                        FRAMES,
                        "too-many-fragments",
                        n -> join(masked(FIRST_BINARY), repeat(masked(CONTINUES, (byte) 1), n))),
                shape(
                        "edges-of-utf-8",
                        "the first and last characters of each length",
                        Shape.GOES_ON,
                        n -> masked(
                                TEXT,
                                repeat(
                                        "\u007F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\uD800\uDC00\uDBFF\uDFFF"
                                                .getBytes(StandardCharsets.UTF_8),
                                        n))),
                shape(
                        "invalid-last-byte",
                        "a fault behind a long text",
                        "invalid-utf8",
                        n -> masked(TEXT, join(repeat(CLOWN, n), new byte[] {(byte) 0xF4, (byte) 0x90}))),
                shape(
                        "invalid-first-byte",
                        "a long text behind a fault",
                        "invalid-utf8",
                        n -> masked(TEXT, join(new byte[] {(byte) 0xC0, (byte) 0x80}, repeat(CLOWN, n)))),
                shape(
                        "masking-key-zero",
                        "a mask that changes nothing",
                        Shape.GOES_ON,
                        n -> maskedWithZero(BINARY, zeros(n))),
                shape(
                        "length-in-64-bits",
                        "small lengths in long headers",
                        "non-minimal-length",
                        n -> repeat(declares(BINARY, 0), n)),
                shape(
                        "bytes-behind-a-violation",
                        "to be read on after a fault",
                        "reserved-opcode",
                        n -> join(masked(0x83), repeat(masked(PING, zeros(125)), n))),
                shape(
                        "another-protocol",
                        "bytes that are no frames at all",
                        "reserved-bits",
                        n -> repeat("POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII), n)),
                client("pings-to-a-client", "answers that must be masked", n -> repeat(unmasked(PING, zeros(125)), n)),
                client("empty-messages-to-a-client", "an event for each two bytes", n -> repeat(unmasked(BINARY), n)),
                client(
                        "large-messages-to-a-client",
                        "messages of a quarter of the limit",
                        n -> repeat(unmasked(BINARY, zeros(n / 4)), n)));
    }

    private static Shape shape(String id, String attacks, String outcome, IntFunction<byte[]> bytes) {
        return sized(id, attacks, SOME, outcome, bytes);
    }

    private static Shape sized(String id, String attacks, int size, String outcome, IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.SERVER_OPEN, size, outcome, bytes);
    }

    private static Shape streamed(String id, String attacks, int size, String outcome, IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.SERVER_STREAMS, size, outcome, bytes);
    }

    private static Shape client(String id, String attacks, IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.CLIENT_OPEN, SOME, Shape.GOES_ON, bytes);
    }

    private static byte[] clownInFragments() {
        return join(
                masked(CONTINUES, CLOWN[0]),
                masked(CONTINUES, CLOWN[1]),
                masked(CONTINUES, CLOWN[2]),
                masked(CONTINUES, CLOWN[3]));
    }
}
