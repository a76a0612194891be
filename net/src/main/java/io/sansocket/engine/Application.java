package io.sansocket.engine;

import io.sansocket.core.protocol.Event;

/** What lives above a connection. The loop's thread alone calls it; it must not block. */
public interface Application {
    /**
     * Something happened. The last of all events is {@link io.sansocket.core.protocol.Closed}, which comes exactly once,
     * after the channel was closed for reading.
     */
    void event(Event event);

    /** Room was made in the protocol's output: what waits to be sent may be. */
    void writable();

    /** Everything that came at once has been handled: what was put off until now may be done. */
    void batchEnd();
}
