package io.sansocket.core.protocol;

import java.time.Duration;

/** One deadline that is set, cancelled and compared by difference, as clocks that may wrap ask for. */
final class Timer {
    private final long timeoutNanos;
    private boolean running;
    private long deadline;

    /** A timer of no length never runs. */
    Timer(Duration timeout) {
        timeoutNanos = timeout.toNanos();
    }

    void start(long now) {
        running = timeoutNanos > 0;
        deadline = now + timeoutNanos;
    }

    void cancel() {
        running = false;
    }

    boolean isRunning() {
        return running;
    }

    /** Tells whether the deadline has come. */
    boolean isDue(long now) {
        return running && now - deadline >= 0;
    }

    /** Returns the earlier of two deadlines, where {@link Protocol#NO_DEADLINE} is none. */
    long earlier(long other) {
        if (!running) {
            return other;
        }
        return other == Protocol.NO_DEADLINE || deadline - other < 0 ? deadline : other;
    }
}
