package io.sansocket.core.deflate;

import java.util.Arrays;
import java.util.zip.Inflater;

/**
 * The last bytes of a direction's messages, as far back as a reference may reach: a ring, so that a byte is moved once
 * however few come with it. Grows with what came.
 */
final class Window {
    private static final int GROWTH = 4;
    /** Beyond this share of its size growing leaves more garbage than it saves: then it has its size at once. */
    private static final int SMALL = 16;

    private final int size;
    /** Until it is full, which it is when it has its size, bytes[0, end); then bytes[end, size) and bytes[0, end). */
    private byte[] bytes = {};

    private int end;
    private boolean full;

    Window(int size) {
        this.size = size;
    }

    void add(byte[] source, int length) {
        int taken = Math.min(length, size);
        int from = length - taken;
        int needed = Math.min(end + taken, size);
        if (needed > bytes.length) {
            int more = GROWTH * needed;
            bytes = Arrays.copyOf(bytes, more <= size / SMALL ? more : size);
        }
        int first = Math.min(taken, bytes.length - end);
        System.arraycopy(source, from, bytes, end, first);
        System.arraycopy(source, from + first, bytes, 0, taken - first);
        full |= end + taken >= size;
        end = (end + taken) % size;
    }

    int retained() {
        return bytes.length;
    }

    /** Lets an inflater, which must be fresh or reset, refer to these bytes. */
    void prime(Inflater zlib) {
        if (full) {
            zlib.setDictionary(bytes, end, size - end);
        }
        if (end > 0) {
            zlib.setDictionary(bytes, 0, end);
        }
    }
}
