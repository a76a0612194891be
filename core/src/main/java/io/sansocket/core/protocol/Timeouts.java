package io.sansocket.core.protocol;

import java.time.Duration;

/**
 * How long a connection waits for what. Every default is finite; {@link #OFF} switches one off.
 *
 * @param handshake from the beginning to the end of the opening handshake: 10 s
 * @param close from the first step of closing to the end of the stream: 10 s
 * @param pingInterval between two keepalive Pings: 20 s
 * @param pong from a keepalive Ping to its Pong: 20 s
 * @param progress without a byte of an unfinished frame before it counts as stalled: 5 s
 * @since 0.1
 */
public record Timeouts(Duration handshake, Duration close, Duration pingInterval, Duration pong, Duration progress) {
    /** No timeout. */
    public static final Duration OFF = Duration.ZERO;

    /** The defaults. */
    public static final Timeouts DEFAULT = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(5));

    /**
     * Checks that no timeout is negative or too long to count in nanoseconds.
     *
     * @throws IllegalArgumentException if one is negative
     * @throws ArithmeticException if one is longer than about 292 years
     */
    public Timeouts {
        requireNotNegative("handshake", handshake);
        requireNotNegative("close", close);
        requireNotNegative("pingInterval", pingInterval);
        requireNotNegative("pong", pong);
        requireNotNegative("progress", progress);
    }

    private static void requireNotNegative(String name, Duration timeout) {
        if (timeout.toNanos() < 0) {
            throw new IllegalArgumentException("the " + name + " timeout is " + timeout + ", it must not be negative");
        }
    }

    /** Returns these timeouts with another one for the opening handshake. */
    public Timeouts withHandshake(Duration timeout) {
        return new Timeouts(timeout, close, pingInterval, pong, progress);
    }

    /** Returns these timeouts with another one for closing. */
    public Timeouts withClose(Duration timeout) {
        return new Timeouts(handshake, timeout, pingInterval, pong, progress);
    }

    /** Returns these timeouts with other keepalive times. */
    public Timeouts withKeepalive(Duration newPingInterval, Duration newPong) {
        return new Timeouts(handshake, close, newPingInterval, newPong, progress);
    }

    /** Returns these timeouts with another one for unfinished frames. */
    public Timeouts withProgress(Duration timeout) {
        return new Timeouts(handshake, close, pingInterval, pong, timeout);
    }
}
