package io.sansocket.fuzz.coverage;

import java.io.ByteArrayInputStream;

/** A stream that gives no more than some bytes at a time, as a pipe does. */
final class Trickle extends ByteArrayInputStream {
    private final int most;

    Trickle(byte[] bytes, int most) {
        super(bytes);
        this.most = most;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, most));
    }
}
