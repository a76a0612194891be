package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import java.nio.ByteBuffer;

/**
 * What is called when something happens on a connection, in the order it happens, on the connection's event loop.
 *
 * <p>No method may wait: all connections of the loop would wait with it. Sending from here never waits; where the peer
 * does not keep up the overflow policy applies, and for {@link OverflowPolicy#BLOCK} more is queued. A method that throws
 * ends its connection with 1011, and is logged; {@link #onClosed} follows as ever.
 *
 * @since 0.1
 */
public interface Listener {
    /** The connection is open. Nothing else comes before this. */
    default void onOpen(WebSocket connection) {}

    /** A text message came. */
    default void onText(WebSocket connection, String text) {}

    /**
     * A binary message came.
     *
     * @param data the bytes, valid during this call only: copy what is kept. It may be sent as it is
     */
    default void onBinary(WebSocket connection, ByteBuffer data) {}

    /** A piece of a message came, where messages are received as streams. */
    default void onFragment(WebSocket connection, Fragment fragment) {}

    /** A Ping came; it is answered already. */
    default void onPing(WebSocket connection, ByteBuffer payload) {}

    /** A Pong came that answers no Ping of {@link WebSocket#ping}. */
    default void onPong(WebSocket connection, ByteBuffer payload) {}

    /** No byte of an unfinished frame came for the progress timeout. */
    default void onStalled(WebSocket connection, Progress progress) {}

    /** The connection has ended. Comes once for each connection that was open, and nothing comes after it. */
    default void onClosed(WebSocket connection, Closed closed) {}
}
