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
}
