package io.sansocket;

import java.time.Duration;

/** Times that an application gives, in nanoseconds. */
final class Nanos {
    /** Some 146 years: sums and differences of two times do not overflow. */
    private static final long LONGEST = Long.MAX_VALUE / 2;

    private Nanos() {}

    /** Returns a time in nanoseconds; {@link #LONGEST} for what is longer, nothing for what is negative. */
    static long of(Duration time) {
        if (time.isNegative()) {
            return 0;
        }
        return time.compareTo(Duration.ofNanos(LONGEST)) > 0 ? LONGEST : time.toNanos();
    }

    /**
     * Returns a timeout in nanoseconds.
     *
     * @throws IllegalArgumentException if it is 0 or negative
     */
    static long ofTimeout(String name, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the " + name + " is " + timeout + ", it must be longer than 0");
        }
        return of(timeout);
    }
}
