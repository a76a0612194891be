package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.TransportEnd;

/** An end of a connection, for tests to which it is the same how it ended. */
final class Ends {
    @SuppressWarnings("StaticAssignmentOfThrowable") // made outside of what the model checker runs
    private static final ConnectionClosedException SOME = new ConnectionClosedException(
            new Closed(null, null, false, TransportEnd.PEER_RESET, null, Progress.ofHandshake(0, 0, ""), 0), null);

    private Ends() {}

    static ConnectionClosedException some() {
        return SOME;
    }
}
