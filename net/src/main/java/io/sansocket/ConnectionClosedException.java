package io.sansocket;

import io.sansocket.core.protocol.Closed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The connection has ended. {@link #closed} says how; the message is the whole diagnosis.
 *
 * @since 0.1
 */
public final class ConnectionClosedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Closed closed;

    ConnectionClosedException(Closed closed, @Nullable Throwable cause) {
        super(closed.toString(), cause);
        this.closed = closed;
    }

    /** Returns the diagnosis: both sides' Close frames, who ended the transport, what was broken and where. */
    public Closed closed() {
        return closed;
    }
}
