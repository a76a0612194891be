package io.sansocket.core.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.zip.Deflater;

/** Bytes that a hostile peer sends, made without the code under attack. */
final class Bytes {
    private static final byte[] KEY = {0x37, (byte) 0xFA, 0x21, 0x3D};
    private static final int TAIL = 4;

    private Bytes() {}

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] zeros(int count) {
        return new byte[count];
    }

    /** Returns a unit as often as a size asks for, at least once. */
    static byte[] repeat(byte[] unit, int about) {
        byte[] all = new byte[unit.length * Math.max(1, about / unit.length)];
        for (int at = 0; at < all.length; at += unit.length) {
            System.arraycopy(unit, 0, all, at, unit.length);
        }
        return all;
    }

    /** Returns numbered units, one after the other, until a size is reached. */
    static byte[] count(int about, IntFunction<byte[]> unit) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; out.size() < about; i++) {
            out.writeBytes(unit.apply(i));
        }
        return out.toByteArray();
    }

    /** Returns a frame of a client. */
    static byte[] masked(int first, byte... payload) {
        byte[] head = head(first, 0x80, payload.length);
        byte[] copy = payload.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] ^= KEY[i % KEY.length];
        }
        return join(head, KEY, copy);
    }

    /** Returns a frame of a client whose masking key is 0. */
    static byte[] maskedWithZero(int first, byte... payload) {
        return join(head(first, 0x80, payload.length), zeros(KEY.length), payload);
    }

    /** Returns a frame of a server. */
    static byte[] unmasked(int first, byte... payload) {
        return join(head(first, 0, payload.length), payload);
    }

    private static byte[] head(int first, int mask, int length) {
        if (length < 126) {
            return new byte[] {(byte) first, (byte) (mask | length)};
        }
        if (length < 1 << 16) {
            return new byte[] {(byte) first, (byte) (mask | 126), (byte) (length >> 8), (byte) length};
        }
        return declares(first, mask, length);
    }

    /** Returns a header with a length of 64 bits, without a masking key. */
    static byte[] declares(int first, int mask, long length) {
        byte[] head = new byte[10];
        head[0] = (byte) first;
        head[1] = (byte) (mask | 127);
        for (int i = 0; i < 8; i++) {
            head[2 + i] = (byte) (length >>> (56 - 8 * i));
        }
        return head;
    }

    /** Returns a client's header with a length of 64 bits. */
    static byte[] declares(int first, long length) {
        return join(declares(first, 0x80, length), KEY);
    }

    /** Returns a message's DEFLATE data as another implementation makes it (RFC 7692 §7.2.1). */
    static byte[] deflated(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(content);
        byte[] out = new byte[content.length + content.length / 100 + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - TAIL);
    }

    /** Returns content that DEFLATE makes so many times smaller: some noise in a lot of nothing. */
    static byte[] content(int ratio, int length) {
        byte[] content = new byte[length];
        int unit = 64;
        // The nothing costs as much as DEFLATE's best, about a thousandth.
        int noise = unit - unit * ratio / 1_000;
        int state = ratio;
        for (long from = 0; from < length && noise > 0; from += (long) unit * ratio) {
            for (int i = (int) from; i < Math.min(length, from + noise); i++) {
                state = state * 1_103_515_245 + 12_345;
                content[i] = (byte) (state >> 16);
            }
        }
        return content;
    }

    /** Writes DEFLATE's bits, the least significant first (RFC 1951 §3.1.1). */
    static final class Bits {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private int held;
        private int count;

        Bits put(int value, int bits) {
            for (int i = 0; i < bits; i++) {
                held |= (value >> i & 1) << count;
                count++;
                if (count == Byte.SIZE) {
                    out.write(held);
                    held = 0;
                    count = 0;
                }
            }
            return this;
        }

        int size() {
            return out.size();
        }

        /** Ends with the header of an empty stored block, as a message must. */
        byte[] endOfMessage() {
            put(0, 3);
            while (count > 0) {
                put(0, 1);
            }
            return out.toByteArray();
        }
    }
}
