package io.sansocket.core.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Pings that wait for their Pong: those that keep the connection alive, and the application's. */
final class Keepalive {
    private static final long NOT_MEASURED = -1;

    /** One Ping on its way. */
    private record Pending(ByteBuffer payload, long sentAt, boolean keepalive) {}

    private final Deque<Pending> pending = new ArrayDeque<>(1);
    /** Numbers the keepalive Pings, so that no old Pong is taken for a new one. */
    private long sent;

    private long latency = NOT_MEASURED;

    void forget() {
        pending.clear();
    }

    /** Notes a Ping that keeps the connection alive, and returns its payload. */
    ByteBuffer next(long now) {
        // Without a Pong timeout the one before may have had no Pong.
        pending.removeIf(Pending::keepalive);
        sent++;
        ByteBuffer payload = ByteBuffer.allocate(Long.BYTES).putLong(0, sent);
        pending.add(new Pending(payload, now, true));
        return payload;
    }

    /** Tells whether such a Ping waits for its Pong. */
    boolean waits() {
        return pending.stream().anyMatch(Pending::keepalive);
    }

    /** Notes a Ping of the application. */
    void sent(ByteBuffer payload, long now, int maxPending) {
        long waiting = pending.stream().filter(ping -> !ping.keepalive()).count();
        if (waiting >= maxPending) {
            throw new IllegalStateException(waiting + " pings wait for their pong, the limit is " + maxPending);
        }
        pending.add(new Pending(payload, now, false));
    }

    /**
     * Takes a Pong.
     *
     * @return the event for the application, or null when it answers no Ping but those that keep the connection alive
     */
    Event.@Nullable Pong received(ByteBuffer payload, long now) {
        boolean known = pending.stream().anyMatch(ping -> ping.payload().equals(payload));
        if (!known) {
            // RFC 6455 §5.5.3: "A Pong frame MAY be sent unsolicited."
            return new Event.Pong(payload, Event.Pong.UNSOLICITED);
        }
        // RFC 6455 §5.5.3: an endpoint with several Pings before it "MAY elect to send a Pong frame for only the most
        // recently processed Ping frame", so a Pong answers the earlier ones too.
        Event.Pong forApplication = null;
        Pending ping;
        do {
            ping = pending.remove();
            latency = now - ping.sentAt();
            if (!ping.keepalive()) {
                forApplication = new Event.Pong(ping.payload(), latency);
            }
        } while (!ping.payload().equals(payload));
        return forApplication;
    }

    /** Returns the latest measure in nanoseconds, or -1 before the first. */
    long latency() {
        return latency;
    }
}
