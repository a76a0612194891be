package io.sansocket;

import io.sansocket.core.protocol.Event;
import org.jspecify.annotations.Nullable;

/** What a client and a server do differently about a connection: how it opens, and who is told. On the loop. */
interface Opener {
    /** Something came before the connection was open: a request to be answered, or a refusal. */
    void opening(Session session, Event event);

    /** The connection is open. */
    void opened(WebSocket connection);

    /** The connection has ended; it is null when it never was open, and to be logged here unless TLS failed. */
    void closed(Session session, @Nullable WebSocket connection, ConnectionClosedException how);

    /** The connection's channel is closed, and everything about it is over. */
    void released(Session session);

    /** Returns who is told what happens, or null when the application pulls. */
    @Nullable
    Listener listener();

    Traffic traffic();

    /** Tells whether messages are received as streams. */
    boolean isStreamed();
}
