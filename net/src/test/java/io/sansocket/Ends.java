package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.TransportEnd;

/** Ends of connections, for tests to which it is the same how it ended. */
final class Ends {
    private Ends() {}

    static ConnectionClosedException some() {
        Progress progress = Progress.ofHandshake(0, 0, "");
        return new ConnectionClosedException(
                new Closed(null, null, false, TransportEnd.PEER_RESET, null, progress, 0), null);
    }
}
