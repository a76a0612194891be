package io.sansocket.doctor.tcp;

/**
 * One of the two ends of a connection.
 *
 * @since 0.1
 */
public enum Side {
    /** Sent the SYN or received the SYN-ACK; in a capture with neither, sent the first packet seen. */
    INITIATOR,
    /** The other end. */
    RESPONDER;

    /** Returns the other end. */
    public Side other() {
        return this == INITIATOR ? RESPONDER : INITIATOR;
    }
}
