package io.sansocket.core.protocol;

/**
 * What to do when a frame stalls.
 *
 * @since 0.1
 */
public enum StallPolicy {
    /** Report it ({@link Event.Stalled}) and go on. */
    REPORT,
    /** Report it, then fail the connection with 1008. */
    FAIL
}
