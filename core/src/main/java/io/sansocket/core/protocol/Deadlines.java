package io.sansocket.core.protocol;

/** All that a connection waits for with a deadline. */
final class Deadlines {
    final Timer handshake;
    final Timer close;
    final Timer stall;
    final Keepalive keepalive;

    Deadlines(Timeouts timeouts, int maxPendingPings) {
        handshake = new Timer(timeouts.handshake());
        close = new Timer(timeouts.close());
        stall = new Timer(timeouts.progress());
        keepalive = new Keepalive(timeouts, maxPendingPings);
    }

    long earliest() {
        return stall.earlier(close.earlier(handshake.earlier(keepalive.deadline(Protocol.NO_DEADLINE))));
    }

    /** From here on, only the close timeout runs. */
    void beginClosing(long now) {
        stop();
        close.start(now);
    }

    void stop() {
        handshake.cancel();
        stall.cancel();
        close.cancel();
        keepalive.stop();
    }
}
