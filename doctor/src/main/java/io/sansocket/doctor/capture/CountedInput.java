package io.sansocket.doctor.capture;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream that knows how many bytes were taken from it. */
final class CountedInput extends FilterInputStream {
    private boolean ended;

    /** Written by the reading thread only; volatile, because a progress bar may look from another. */
    private volatile long count;

    CountedInput(InputStream in) {
        super(in);
    }

    long count() {
        return count;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        add(b < 0 ? -1 : 1);
        return b;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int n = in.read(target, offset, length);
        add(n);
        return n;
    }

    // GZIPInputStream looks for another member only when something is available; a pipe that is slow says 0.
    @Override
    public int available() {
        return ended ? 0 : 1;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    private void add(int n) {
        if (n < 0) {
            ended = true;
        } else {
            count += n;
        }
    }
}
