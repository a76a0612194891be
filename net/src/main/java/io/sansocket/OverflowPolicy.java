package io.sansocket;

/**
 * What a send does when the peer does not keep up and too much waits to be sent.
 *
 * @since 0.1
 */
public enum OverflowPolicy {
    /** It waits until there is room; an asynchronous one is queued, and completes late. */
    BLOCK,
    /** It fails with {@link SendQueueFullException}, and nothing is queued. */
    FAIL,
    /** The oldest message that is wholly unsent is dropped, as often as needed; its future fails. */
    DROP_OLDEST,
    /**
     * The connection is closed with 1013 (try again later). The message that does not fit and all that follow fail with
     * {@link SendQueueFullException}; {@link WebSocket#unsent} has them, up to 16 times the limit.
     */
    CLOSE
}
