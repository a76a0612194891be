package io.sansocket.testkit;

/**
 * When a {@link FaultyPeer} does it in a {@link FaultCase}. Received and sent are seen from the end under test.
 *
 * @since 0.1
 */
public enum Moment {
    /** The TCP connection is made, and nothing was said. */
    ACCEPT,
    /** In the TLS handshake. */
    TLS,
    /** In its head: a client's request, a server's response. */
    HEAD,
    /** In the header of the first frame. */
    FIRST_HEADER,
    /** In a payload. */
    PAYLOAD,
    /** In the payload of a control frame. */
    CONTROL_FRAME,
    /** Behind the first fragment of a message. */
    BETWEEN_FRAGMENTS,
    /** Behind a whole message. */
    BETWEEN_FRAMES,
    /** The end under test has sent its Close frame, and waits for the peer's. */
    CLOSE_SENT,
    /** The end under test has received the peer's Close frame, and answered it. */
    CLOSE_RECEIVED
}
