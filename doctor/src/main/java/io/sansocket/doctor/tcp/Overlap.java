package io.sansocket.doctor.tcp;

import java.nio.ByteBuffer;

/** Where a packet's bytes differ from those seen before at the same offsets. */
final class Overlap {
    private long first = -1;
    private long last = -1;

    /** Compares bytes of equal length whose first has the given offset. */
    void compare(long offset, ByteBuffer seen, ByteBuffer repeated) {
        int from = seen.mismatch(repeated);
        if (from < 0) {
            return;
        }
        int to = seen.remaining() - 1;
        while (seen.get(seen.position() + to) == repeated.get(repeated.position() + to)) {
            to--;
        }
        first = first < 0 ? offset + from : Math.min(first, offset + from);
        last = Math.max(last, offset + to);
    }

    boolean differs() {
        return first >= 0;
    }

    long offset() {
        return first;
    }

    int length() {
        return (int) (last - first + 1);
    }
}
