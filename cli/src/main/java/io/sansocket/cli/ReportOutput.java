package io.sansocket.cli;

import java.io.PrintWriter;

/** Where reports go: flushed often enough to follow a live capture, and closed at the other end at any time. */
final class ReportOutput {
    private static final long FLUSH_NANOS = 100_000_000;

    /** Nobody reads any more, as behind {@code | head}. */
    static final class ClosedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        ClosedException() {
            super("standard output is closed", null, false, false);
        }
    }

    private final PrintWriter out;
    private long flushed = System.nanoTime();

    ReportOutput(PrintWriter out) {
        this.out = out;
    }

    PrintWriter writer() {
        return out;
    }

    /** Says that a report is written. */
    void endReport() {
        if (System.nanoTime() - flushed > FLUSH_NANOS) {
            flush();
        }
    }

    void flush() {
        // The only way to learn from a PrintWriter that a pipe is broken.
        if (out.checkError()) {
            throw new ClosedException();
        }
        flushed = System.nanoTime();
    }
}
