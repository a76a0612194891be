package io.sansocket.doctor.tcp;

/**
 * Why the capture lacks bytes of a stream.
 *
 * @since 0.1
 */
public enum HoleCause {
    /** No packet of the capture carries them. */
    MISSING,
    /** Their packet was captured, but cut before them. */
    SNAPLEN
}
