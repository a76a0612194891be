package io.sansocket.doctor.capture;

import java.time.Instant;
import java.util.Objects;

/**
 * Names one packet of a capture.
 *
 * @param number its place in the file, from 1, as Wireshark counts
 * @param time when it was captured; {@link Instant#EPOCH} where the file does not say
 * @since 0.1
 */
public record PacketRef(long number, Instant time) {
    /** Checks that nothing is missing. */
    public PacketRef {
        Objects.requireNonNull(time);
    }
}
