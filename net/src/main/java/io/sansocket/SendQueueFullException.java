package io.sansocket;

import java.io.IOException;

/**
 * A message was not sent because too much waits already.
 *
 * @since 0.1
 */
public final class SendQueueFullException extends IOException {
    private static final long serialVersionUID = 1;

    SendQueueFullException(String message) {
        super(message);
    }

    /** What {@link OverflowPolicy#CLOSE} says of the message that does not fit, and of each that follows. */
    static SendQueueFullException closing(long size, long limit) {
        return new SendQueueFullException("a message of " + size
                + " bytes was not sent, and the connection is closed with 1013: more than " + limit
                + " bytes would wait");
    }
}
