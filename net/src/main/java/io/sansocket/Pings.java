package io.sansocket;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** A connection's Pings that the application sent and that wait for their Pong. The loop's thread alone touches them. */
final class Pings {
    private record Waiting(ByteBuffer payload, CompletableFuture<Long> latency) {}

    private final Deque<Waiting> all = new ArrayDeque<>(2);
    /** The Pings that keep the connection alive count from 1. */
    private long count = Long.MIN_VALUE;

    /**
     * Sends a Ping; the future is completed by its Pong. It fails when too many wait already, and at the connection's end,
     * for which it waits when no Ping can be sent any more.
     */
    void send(Protocol protocol, long now, CompletableFuture<Long> latency) {
        ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(0, ++count);
        try {
            protocol.sendPing(payload, now);
        } catch (IllegalStateException e) {
            if (protocol.progress().phase() != Phase.CLOSING) {
                latency.completeExceptionally(e);
                return;
            }
        }
        all.add(new Waiting(payload, latency));
    }

    /**
     * Completes the Ping that a Pong answers and, RFC 6455 §5.5.3, those before it, to which no Pong need be sent. Tells
     * whether there is such a Ping.
     */
    boolean answer(Event.Pong pong) {
        if (all.stream().noneMatch(ping -> ping.payload.equals(pong.payload()))) {
            return false;
        }
        Waiting answered;
        do {
            answered = all.remove();
            answered.latency.complete(pong.latency());
        } while (!answered.payload.equals(pong.payload()));
        return true;
    }

    /** The connection has ended: no Pong will come. */
    void fail(Throwable cause) {
        all.forEach(ping -> ping.latency.completeExceptionally(cause));
    }
}
