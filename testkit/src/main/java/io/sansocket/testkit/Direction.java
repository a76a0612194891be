package io.sansocket.testkit;

/**
 * One of the two directions of a connection.
 *
 * @since 0.1
 */
public enum Direction {
    /** What the client sends. */
    TO_SERVER,
    /** What the server sends. */
    TO_CLIENT
}
