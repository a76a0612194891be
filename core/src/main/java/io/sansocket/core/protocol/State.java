package io.sansocket.core.protocol;

/** Where a connection is in its life; the drawing is in the package's description. */
enum State {
    HANDSHAKE,
    OPEN,
    /** Our Close frame is on its way, the peer's has not come (RFC 6455 §7.1.3: "CLOSING"). */
    CLOSE_SENT,
    /** Both Close frames are on their way; TCP is still open. */
    CLOSE_EXCHANGED,
    /** A rule was broken: what the peer still sends is dropped until it closes (RFC 6455 §7.1.7). */
    FAILING,
    CLOSED
}
