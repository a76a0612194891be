package io.sansocket.core.frame;

/**
 * Where an incoming stream stands.
 *
 * @since 0.1
 */
public enum Phase {
    /** The opening handshake has not ended (RFC 6455 §4). */
    HANDSHAKE,
    /** All frames and messages so far are whole. */
    BETWEEN_FRAMES,
    /** At least one byte of a frame header has come, and not all of it. */
    IN_HEADER,
    /** The header is whole, the payload is not. */
    IN_PAYLOAD,
    /** All frames so far are whole, and a message waits for its next fragment. */
    BETWEEN_FRAGMENTS,
    /** The closing handshake has begun, or the connection is being failed (RFC 6455 §7). */
    CLOSING,
    /** Nothing can come any more. */
    CLOSED
}
