package io.sansocket.doctor.tcp;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The last 64 KiB delivered of one side, as far as memory is lent for them: what retransmissions are compared with. */
final class RecentBytes {
    static final int SIZE = 64 * 1024;

    private final Memory memory;

    /** A ring that holds the offsets from {@code start} to {@code end}, each at its remainder by SIZE. */
    private byte @Nullable [] ring;

    private long start;
    private long end;

    RecentBytes(Memory memory) {
        this.memory = memory;
    }

    void put(long offset, ByteBuffer bytes) {
        byte[] target = ring;
        if (target == null) {
            target = memory.lend(this);
            ring = target;
            start = offset;
        } else if (offset != end) {
            start = offset;
        }
        int length = bytes.remaining();
        end = offset + length;
        start = Math.max(start, end - SIZE);
        for (long at = Math.max(offset, end - SIZE); at < end; ) {
            int index = (int) (at % SIZE);
            int n = (int) Math.min(SIZE - index, end - at);
            bytes.get(bytes.position() + (int) (at - offset), target, index, n);
            at += n;
        }
    }

    void compare(long offset, ByteBuffer bytes, Overlap overlap) {
        byte[] seen = ring;
        if (seen == null) {
            return;
        }
        long to = Math.min(end, offset + bytes.remaining());
        for (long at = Math.max(start, offset); at < to; ) {
            int index = (int) (at % SIZE);
            int n = (int) Math.min(SIZE - index, to - at);
            int from = bytes.position() + (int) (at - offset);
            overlap.compare(at, ByteBuffer.wrap(seen, index, n), bytes.slice(from, n));
            at += n;
        }
    }

    /** Gives the ring back. */
    void release() {
        byte[] lent = ring;
        if (lent != null) {
            ring = null;
            memory.giveBack(this, lent);
        }
    }

    /** Loses the ring to another side. */
    byte[] handOver() {
        byte[] lent = ring;
        if (lent == null) {
            throw new IllegalStateException("no ring was lent");
        }
        ring = null;
        return lent;
    }
}
