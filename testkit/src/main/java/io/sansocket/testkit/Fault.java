package io.sansocket.testkit;

/**
 * What a {@link FaultyPeer} does wrong in a {@link FaultCase}.
 *
 * @since 0.1
 */
public enum Fault {
    /** Ends its stream, lawfully for TCP and TLS. */
    FIN,
    /** Ends its stream, and goes on reading. */
    HALF_CLOSE,
    /** Ends the TCP stream without TLS's close_notify. */
    TLS_TRUNCATION,
    /** Resets the connection. */
    RESET,
    /** Does nothing any more, and keeps the connection. */
    STALL,
    /** Reads everything, and never answers: half-open. */
    SWALLOW,
    /** Sends byte by byte what is lawful: slow, and no fault. */
    DRIBBLE,
    /** Accepts with the answer to another key. */
    WRONG_ACCEPT,
    /** Masks where it must not, or does not where it must. */
    BAD_MASK,
    /** Declares a terabyte. */
    HUGE_LENGTH,
    /** Declares a length with its most significant bit set. */
    NEGATIVE_LENGTH,
    /** Sends HTTP where a frame is due. */
    HTTP_TEXT,
    /** Sends a second Close frame. */
    SECOND_CLOSE,
    /** Sends a message behind its Close frame. */
    DATA_AFTER_CLOSE
}
