package io.sansocket.core.protocol;

/**
 * Who ended the transport, and how.
 *
 * @since 0.1
 */
public enum TransportEnd {
    /** The peer ended its stream: FIN. */
    PEER_EOF("the peer ended the stream (FIN)"),
    /** The peer, or something on the way, reset the connection: RST. */
    PEER_RESET("the connection was reset (RST)"),
    /** The peer, or somebody in its name, ended the stream without the alert with which TLS ends one (RFC 8446 §6.1). */
    PEER_TRUNCATED("the peer ended the stream without TLS's close_notify"),
    /** TLS could not go on: an alert came, or what cannot be right. What the engine was told says more (RFC 8446 §6.2). */
    TLS_FAILED("TLS failed"),
    /** Reading or writing failed at this end, for no reason of the peer's. */
    LOCAL_FAILURE("reading or writing failed at this end"),
    /** This end closed because everything was said. */
    LOCAL("this end closed the connection"),
    /** This end closed because the peer did not in time. */
    LOCAL_TIMEOUT("this end closed the connection after a timeout");

    private final String sentence;

    TransportEnd(String sentence) {
        this.sentence = sentence;
    }

    /** Returns it in words. */
    @Override
    public String toString() {
        return sentence;
    }
}
