package io.sansocket.core.protocol;

import java.util.Objects;

/**
 * What either end can choose about a connection.
 *
 * @param limits the most the peer may make this end hold
 * @param timeouts how long to wait for what
 * @param delivery whether messages come whole or as a stream
 * @param stallPolicy what to do when a frame stalls
 * @since 0.1
 */
public record Settings(Limits limits, Timeouts timeouts, Delivery delivery, StallPolicy stallPolicy) {
    /** A client's defaults. */
    public static final Settings CLIENT =
            new Settings(Limits.CLIENT, Timeouts.DEFAULT, Delivery.WHOLE, StallPolicy.REPORT);

    /** A server's defaults. */
    public static final Settings SERVER =
            new Settings(Limits.SERVER, Timeouts.DEFAULT, Delivery.WHOLE, StallPolicy.REPORT);

    /** Checks that nothing is missing. */
    public Settings {
        Objects.requireNonNull(limits);
        Objects.requireNonNull(timeouts);
        Objects.requireNonNull(delivery);
        Objects.requireNonNull(stallPolicy);
    }

    /** Returns these settings with other limits. */
    public Settings withLimits(Limits newLimits) {
        return new Settings(newLimits, timeouts, delivery, stallPolicy);
    }

    /** Returns these settings with other timeouts. */
    public Settings withTimeouts(Timeouts newTimeouts) {
        return new Settings(limits, newTimeouts, delivery, stallPolicy);
    }

    /** Returns these settings with another way of delivery. */
    public Settings withDelivery(Delivery newDelivery) {
        return new Settings(limits, timeouts, newDelivery, stallPolicy);
    }

    /** Returns these settings with another policy for stalled frames. */
    public Settings withStallPolicy(StallPolicy newStallPolicy) {
        return new Settings(limits, timeouts, delivery, newStallPolicy);
    }
}
