package io.sansocket.core.protocol;

import java.nio.ByteBuffer;

/** The opening handshake as one end lives it (RFC 6455 §4); it moves the {@link Connection} on. */
interface Opening {
    /** Takes bytes that came before the connection was open, up to the end of the handshake. */
    void receive(ByteBuffer in);

    /** The transport ended before the connection was open. */
    void transportEnded(TransportEnd end);

    /** The handshake timeout has passed. */
    void timedOut();

    /** Returns the bytes received so far. */
    long received();

    /** Returns what is waited for, in words. */
    String progress();
}
