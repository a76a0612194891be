package io.sansocket.engine;

import io.sansocket.core.protocol.MessageSink;

/**
 * What lives above a connection. The loop's thread alone calls it; it must not block, and what it throws ends the connection.
 *
 * <p>The last of all events is {@link io.sansocket.core.protocol.Closed}, which comes exactly once. A method that answers
 * false has called {@link Conduit#receive} with false before.
 */
public interface Application extends MessageSink {
    /** Bytes went out: what waits to be sent may have room now, and what was sent may be complete. */
    void writable();

    /** Returns how many bytes were sent on the loop since this was asked last, whether they have gone or wait. */
    long takeSent();

    /** Returns about how many bytes wait behind those that the protocol was given. */
    long queued();

    /** The channel is closed, which may be a while after {@link io.sansocket.core.protocol.Closed}: nothing comes any more. */
    void released();

    /** Everything that came at once has been handled: what was put off until now may be done. */
    void batchEnd();
}
