package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.Bytes.deflated;
import static io.sansocket.core.hostile.Bytes.join;
import static io.sansocket.core.hostile.Bytes.masked;
import static io.sansocket.core.hostile.Bytes.repeat;
import static io.sansocket.core.hostile.Bytes.unmasked;
import static io.sansocket.core.hostile.Bytes.zeros;

import io.sansocket.core.hostile.Bytes.Bits;
import io.sansocket.core.hostile.Shape.Start;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Hostile messages where permessage-deflate was agreed. */
final class DeflateShapes {
    private static final int COMPRESSED_TEXT = 0xC1;
    private static final int COMPRESSED = 0xC2;
    private static final int FIRST_COMPRESSED = 0x42;
    private static final int CONTINUES = 0;
    private static final int LAST = 0x80;

    private static final int LIMIT = 1 << 20;
    private static final int SOME = 32 * 1024;
    /** The best that DEFLATE can do. */
    static final int BEST = 1_032;

    private static final String TOO_BIG = "message-too-big";

    private DeflateShapes() {}

    static List<Shape> all() {
        return List.of(
                bomb(2),
                bomb(5),
                bomb(10),
                bomb(50),
                bomb(100),
                bomb(500),
                bomb(BEST),
                shape(
                        "bomb-in-one-byte-frames",
                        "a bomb cut as small as may be",
                        2 * LIMIT / BEST,
                        TOO_BIG,
                        n -> fragments(data(BEST, n), 1)),
                shape(
                        "bomb-in-fragments",
                        "a bomb over many frames",
                        2 * LIMIT / 100,
                        TOO_BIG,
                        n -> fragments(data(100, n), 100)),
                shape("bomb-behind-takeover", "references to a message before", SOME, TOO_BIG, DeflateShapes::takeover),
                shape(
                        "text-bomb",
                        "a bomb that is checked as text",
                        2 * LIMIT / BEST,
                        TOO_BIG,
                        n -> masked(COMPRESSED_TEXT, data(BEST, n))),
                shape(
                        "bomb-that-is-no-text",
                        "a bomb whose first byte is a fault",
                        2 * LIMIT / BEST,
                        "invalid-utf8",
                        n -> masked(COMPRESSED_TEXT, deflated(ff(BEST * n)))),
                new Shape(
                        "bomb-streamed",
                        "a bomb handed on in pieces",
                        Start.SERVER_INFLATES_STREAMED,
                        2 * LIMIT / BEST,
                        TOO_BIG,
                        n -> masked(COMPRESSED, data(BEST, n))),
                new Shape(
                        "bomb-to-a-client",
                        "a bomb that needs no unmasking",
                        Start.CLIENT_INFLATES,
                        2 * LIMIT / BEST,
                        TOO_BIG,
                        n -> unmasked(COMPRESSED, data(BEST, n))),
                shape(
                        "messages-of-the-limit",
                        "a kilobyte that becomes a mebibyte, again and again",
                        8 * 1_100,
                        Shape.GOES_ON,
                        n -> repeat(masked(COMPRESSED, data(BEST, LIMIT / BEST)), n)),
                shape(
                        "tiny-compressed-messages",
                        "an inflater for each twelve bytes",
                        SOME,
                        Shape.GOES_ON,
                        n -> join(fullWindow(), repeat(masked(COMPRESSED, deflated(new byte[] {1})), n))),
                shape(
                        "empty-compressed-messages",
                        "an inflater for nothing",
                        SOME,
                        Shape.GOES_ON,
                        n -> join(fullWindow(), repeat(masked(COMPRESSED, (byte) 0), n))),
                shape(
                        "stored-blocks-of-nothing",
                        "blocks of length 0",
                        SOME,
                        Shape.GOES_ON,
                        n -> masked(COMPRESSED, join(repeat(new byte[] {0, 0, 0, -1, -1}, n), zeros(1)))),
                shape(
                        "fixed-blocks-of-nothing",
                        "blocks of ten bits",
                        SOME,
                        Shape.GOES_ON,
                        n -> masked(COMPRESSED, blocks(n, bits -> bits.put(2, 3).put(0, 7)))),
                shape(
                        "dynamic-blocks-of-nothing",
                        "trees to build for no byte",
                        SOME,
                        Shape.GOES_ON,
                        n -> masked(COMPRESSED, blocks(n, DeflateShapes::emptyDynamicBlock))),
                shape(
                        "final-blocks",
                        "a stream that ends with each two bytes, and goes on",
                        SOME,
                        Shape.GOES_ON,
                        n -> join(fullWindow(), masked(COMPRESSED, join(repeat(new byte[] {3, 0}, n), zeros(1))))),
                shape(
                        "one-byte-blocks",
                        "a byte in each block",
                        SOME,
                        Shape.GOES_ON,
                        n -> masked(COMPRESSED, join(repeat(new byte[] {0, 1, 0, -2, -1, 7}, n), zeros(1)))),
                shape(
                        "empty-compressed-fragments",
                        "frames without DEFLATE data",
                        4 * SOME,
                        "too-many-fragments",
                        n -> join(masked(FIRST_COMPRESSED), repeat(masked(CONTINUES), n))),
                shape(
                        "one-byte-compressed-fragments",
                        "a header for each byte of DEFLATE data",
                        4 * SOME,
                        "too-many-fragments",
                        n -> fragments(deflated(Bytes.content(2, 2 * n / 7)), 1)),
                shape(
                        "broken-block-first",
                        "bytes behind data that is no DEFLATE",
                        SOME,
                        "compressed-data-invalid",
                        n -> masked(COMPRESSED, join(new byte[] {7}, zeros(n)))),
                shape(
                        "four-byte-characters-compressed",
                        "text that inflates to the slowest path",
                        2_000,
                        Shape.GOES_ON,
                        n -> masked(
                                COMPRESSED_TEXT,
                                deflated(repeat("🤡".getBytes(StandardCharsets.UTF_8), Math.min(LIMIT, 200 * n))))));
    }

    private static Shape bomb(int ratio) {
        return shape(
                "bomb-" + ratio,
                "a message " + ratio + " times as large as it came",
                2 * LIMIT / ratio,
                TOO_BIG,
                n -> masked(COMPRESSED, data(ratio, n)));
    }

    private static Shape shape(String id, String attacks, int size, String outcome, IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.SERVER_INFLATES, size, outcome, bytes);
    }

    /** Returns about so many bytes that inflate to so many times as many, as many as a frame may have. */
    static byte[] data(int ratio, int about) {
        byte[] data = deflated(Bytes.content(ratio, ratio * about));
        return Arrays.copyOf(data, Math.min(data.length, LIMIT));
    }

    private static byte[] ff(int length) {
        byte[] content = new byte[length];
        Arrays.fill(content, (byte) 0xFF);
        return content;
    }

    private static byte[] fragments(byte[] data, int size) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(masked(FIRST_COMPRESSED));
        for (int at = 0; at < data.length; at += size) {
            out.writeBytes(masked(CONTINUES, Arrays.copyOfRange(data, at, Math.min(data.length, at + size))));
        }
        out.writeBytes(masked(LAST, (byte) 0));
        return out.toByteArray();
    }

    /** Returns a message that fills the window with what does not compress. */
    private static byte[] fullWindow() {
        return masked(COMPRESSED, deflated(Bytes.content(1, 32 * 1024)));
    }

    /** Returns a message of noise, and messages that each say nothing but "that again, and again". */
    private static byte[] takeover(int about) {
        // The second message is the first one's last 258 bytes over and over; a deflater with that dictionary says so.
        byte[] noise = Bytes.content(1, 32 * 1024);
        byte[] again = new byte[64 * about];
        for (int i = 0; i < again.length; i++) {
            again[i] = noise[noise.length - 258 + i % 258];
        }
        var deflater = new java.util.zip.Deflater(9, true);
        deflater.setDictionary(noise);
        deflater.setInput(again);
        byte[] out = new byte[again.length];
        int size = deflater.deflate(out, 0, out.length, java.util.zip.Deflater.SYNC_FLUSH);
        deflater.end();
        return join(fullWindow(), masked(COMPRESSED, Arrays.copyOf(out, size - 4)));
    }

    private static byte[] blocks(int about, Consumer<Bits> block) {
        var bits = new Bits();
        while (bits.size() < about) {
            block.accept(bits);
        }
        return bits.endOfMessage();
    }

    /** RFC 1951 §3.2.7: a block whose one code is the end of the block, the shortest way to say so. */
    private static void emptyDynamicBlock(Bits bits) {
        bits.put(4, 3).put(0, 5).put(0, 5).put(14, 4);
        // Code lengths of 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1: one bit for 18, two for 0 and
        // 1.
        for (int length : new int[] {0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}) {
            bits.put(length, 3);
        }
        // 138 and 118 codes of no length, one of 1 bit (the end of the block), no code of a distance; then the end.
        bits.put(0, 1).put(127, 7).put(0, 1).put(107, 7).put(3, 2).put(1, 2).put(0, 1);
    }
}
