package io.sansocket.core.protocol;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * All that a connection waits for with a deadline. Deadlines are compared by difference, as clocks that may wrap ask for;
 * a timeout of no length never runs out.
 */
final class Deadlines {
    private static final long NOT_MEASURED = -1;

    private final Settings settings;
    /** The Pings on their way; null until the first. */
    private @Nullable Keepalive pings;

    // Each deadline means something while it runs.
    /** Of the step under way: the opening handshake, then a frame that is coming in, at last closing. */
    private long step;

    private long ping;
    private long pong;
    private boolean stepRuns;
    private boolean pingRuns;
    private boolean pongRuns;

    /** Begins with the opening handshake. */
    Deadlines(Settings settings, long now) {
        this.settings = settings;
        startStep(settings.timeouts().handshake(), now);
    }

    private void startStep(Duration timeout, long now) {
        step = now + timeout.toNanos();
        stepRuns = !timeout.isZero();
    }

    /** From here on Pings are sent. */
    void open(long now) {
        stepRuns = false;
        startPing(now);
    }

    private void startPing(long now) {
        Duration interval = settings.timeouts().pingInterval();
        ping = now + interval.toNanos();
        pingRuns = !interval.isZero();
    }

    private void startPong(long now) {
        Duration timeout = settings.timeouts().pong();
        pong = now + timeout.toNanos();
        pongRuns = !timeout.isZero();
    }

    /** A frame is coming in, and a byte of it came. */
    void frameGoesOn(long now) {
        startStep(settings.timeouts().progress(), now);
    }

    /** No frame is coming in, or it is known to be stalled. */
    void endStep() {
        stepRuns = false;
    }

    /** From here on, only the close timeout runs. */
    void beginClosing(long now) {
        stop();
        startStep(settings.timeouts().close(), now);
    }

    void stop() {
        stepRuns = false;
        pingRuns = false;
        pongRuns = false;
    }

    /** Forgets the Pings on their way, but not what was measured. */
    void forgetPings() {
        if (pings != null) {
            pings.forget();
        }
    }

    boolean isStepDue(long now) {
        return stepRuns && now - step >= 0;
    }

    boolean isPongOverdue(long now) {
        return pongRuns && now - pong >= 0;
    }

    /** Gives the Pong as much time again from a moment, and tells whether any of it is left. */
    boolean extendPong(long from, long now) {
        startPong(from);
        return !isPongOverdue(now);
    }

    long earliest() {
        return earlier(stepRuns, step, earlier(pingRuns, ping, earlier(pongRuns, pong, Protocol.NO_DEADLINE)));
    }

    /** Returns the earlier of two deadlines, where {@link Protocol#NO_DEADLINE} is none. */
    private static long earlier(boolean runs, long deadline, long other) {
        if (!runs) {
            return other;
        }
        return other == Protocol.NO_DEADLINE || deadline - other < 0 ? deadline : other;
    }

    /** Returns the payload of the Ping to send now, or null when none is due, or one is still out. */
    @Nullable
    ByteBuffer pingDue(long now) {
        if (!pingRuns || now - ping < 0) {
            return null;
        }
        startPing(now);
        if (pongRuns) {
            return null;
        }
        startPong(now);
        return pings().next(now);
    }

    /** Notes a Ping of the application. */
    void sent(ByteBuffer payload, long now) {
        pings().sent(payload, now, settings.limits().maxPendingPings());
    }

    private Keepalive pings() {
        if (pings == null) {
            pings = new Keepalive();
        }
        return pings;
    }

    /**
     * Takes a Pong.
     *
     * @return the event for the application, or null when it answers a keepalive Ping
     */
    Event.@Nullable Pong received(ByteBuffer payload, long now) {
        Event.Pong event = pings().received(payload, now);
        pongRuns = pongRuns && pings().waits();
        return event;
    }

    /** Returns the latest measure in nanoseconds, or -1 before the first. */
    long latency() {
        return pings == null ? NOT_MEASURED : pings.latency();
    }
}
