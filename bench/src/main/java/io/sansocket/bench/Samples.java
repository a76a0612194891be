package io.sansocket.bench;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** What the benchmarks feed: the same bytes in every run. */
final class Samples {
    static final int MASKING_KEY = 0x37FA_213D;

    /** Frames that an invocation decodes, in one read or in several. */
    static final int FRAMES = 32;

    private static final int READ = 256 * 1024;

    /** Latin, Greek, Japanese and a character outside the BMP: 1 to 4 bytes each. */
    private static final String MIXED = "Sansocket: γειά σου κόσμε, 世界 \uD83D\uDE42; ";

    private Samples() {}

    /** Returns bytes that do not compress. */
    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Returns what looks like the JSON of a price feed, cut to size. */
    static byte[] json(int size, int seed) {
        var random = new Random(seed);
        var text = new StringBuilder("[");
        while (text.length() < size) {
            text.append("{\"symbol\":\"").append((char) ('A' + random.nextInt(26)));
            text.append((char) ('A' + random.nextInt(26)))
                    .append("\",\"price\":")
                    .append(random.nextInt(100_000));
            text.append(".5,\"size\":").append(random.nextInt(1_000)).append(",\"side\":\"");
            text.append(random.nextBoolean() ? "buy" : "sell").append("\"},");
        }
        return text.substring(0, size).getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns text of 1- to 4-byte characters, of the given size in bytes or up to 3 fewer. */
    static byte[] mixed(int size) {
        byte[] unit = MIXED.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[size];
        for (int i = 0; i < size; i++) {
            text[i] = unit[i % unit.length];
        }
        int end = size;
        while ((unit[end % unit.length] & 0xC0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }

    /** Returns how many reads of at most 256 KiB, which a cache holds, it takes to get all frames of a size. */
    static int reads(int payloadSize) {
        return Math.max(1, FRAMES * payloadSize / READ);
    }

    /** Returns a read of equal frames as a client sends them. */
    static byte[] maskedFrames(Opcode opcode, byte[] payload) {
        return maskedFrames(opcode, payload, FRAMES / reads(payload.length));
    }

    /** Returns so many equal frames as a client sends them. */
    static byte[] maskedFrames(Opcode opcode, byte[] payload, int count) {
        return frames(opcode, payload, 0, true, count);
    }

    /** Returns a read of equal frames as a server sends them. */
    static byte[] unmaskedFrames(Opcode opcode, byte[] payload, int rsv) {
        return frames(opcode, payload, rsv, false, FRAMES / reads(payload.length));
    }

    private static byte[] frames(Opcode opcode, byte[] payload, int rsv, boolean masked, int count) {
        byte[] header = new byte[FrameDecoder.MAX_HEADER_LENGTH];
        int length = masked
                ? FrameEncoder.encodeMaskedHeader(header, 0, true, rsv, opcode, payload.length, MASKING_KEY)
                : FrameEncoder.encodeHeader(header, 0, true, rsv, opcode, payload.length);
        byte[] body = payload.clone();
        if (masked) {
            Mask.apply(body, 0, body.length, MASKING_KEY, 0);
        }
        var batch = ByteBuffer.allocate(count * (length + body.length));
        while (batch.hasRemaining()) {
            batch.put(header, 0, length).put(body);
        }
        return batch.array();
    }
}
