package io.sansocket;

/**
 * What a server does with a connection, on a thread of the connection's own: a virtual one where the JDK has them (21 and
 * newer), else one of a cached pool.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Handler {
    /**
     * Serves a connection that has just opened. When this returns the connection is closed with 1000, when it throws,
     * with 1011; the exception is logged, unless it says no more than that the connection has ended.
     */
    void handle(WebSocket connection) throws Exception;
}
