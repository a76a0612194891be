package io.sansocket.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * How far the reading of a long file has come, in one line on a terminal that is erased at the end.
 *
 * <p>Says nothing before a second has passed, and nothing about inputs whose length is not known. Reports may go to the
 * same terminal: whole lines of them are there before the line is drawn, and whoever writes the next erases it first.
 */
final class ProgressLine extends FilterInputStream {
    private static final long FIRST_NANOS = 1_000_000_000;
    private static final long STEP_NANOS = 200_000_000;
    private static final int BAR = 30;
    private static final int PERCENT = 100;
    private static final long MIB = 1024 * 1024;
    private static final String ERASE = "\r\u001b[K";

    private final PrintWriter terminal;
    private final Style style;
    private final long length;
    private final Runnable beforeDrawing;
    private final LongSupplier nanoTime;
    private final long started;
    private long next;
    private long done;
    private boolean shown;

    /**
     * Watches a stream.
     *
     * @param length how many bytes the stream has
     * @param beforeDrawing puts what was reported so far onto the terminal
     */
    ProgressLine(
            InputStream in,
            PrintWriter terminal,
            Style style,
            long length,
            Runnable beforeDrawing,
            LongSupplier nanoTime) {
        super(in);
        this.terminal = terminal;
        this.style = style;
        this.length = length;
        this.beforeDrawing = beforeDrawing;
        this.nanoTime = nanoTime;
        started = nanoTime.getAsLong();
        next = started + FIRST_NANOS;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] target, int offset, int size) throws IOException {
        int read = super.read(target, offset, size);
        count(Math.max(0, read));
        return read;
    }

    private void count(int bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        if (now - next >= 0) {
            next = now + STEP_NANOS;
            show(now);
        }
    }

    private void show(long now) {
        beforeDrawing.run();
        shown = true;
        int filled = (int) (BAR * Math.min(done, length) / length);
        String bar = style.unicode()
                ? "█".repeat(filled) + "░".repeat(BAR - filled)
                : "#".repeat(filled) + ".".repeat(BAR - filled);
        long seconds = Math.max(1, (now - started) / FIRST_NANOS);
        terminal.print(ERASE + bar + " " + PERCENT * done / length + " %, " + done / MIB + " of " + length / MIB
                + " MiB, " + done / MIB / seconds + " MiB/s");
        terminal.flush();
    }

    /** Erases the line, so that the cursor stands where it stood. */
    void erase() {
        if (shown) {
            shown = false;
            terminal.print(ERASE);
            terminal.flush();
        }
    }

    @Override
    public void close() throws IOException {
        erase();
        super.close();
    }
}
