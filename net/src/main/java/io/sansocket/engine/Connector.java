package io.sansocket.engine;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers, on one loop (RFC 8305, "Happy Eyeballs"): they are tried in
 * their order, the next one at once where one fails, and beside it where one is silent for a while.
 */
public final class Connector extends DeadlineHeap.Entry {
    // RFC 8305 §8: "The time to wait between connection attempts in the absence of RTT data. Recommended to be 250
    // milliseconds."
    private static final long ATTEMPT_DELAY_NANOS = 250_000_000;

    private final EventLoop loop;
    private final Iterator<SocketAddress> addresses;
    private final long timeout;
    private final BiConsumer<@Nullable SocketChannel, @Nullable IOException> result;

    /** Those that have no answer yet. */
    private final Set<Attempt> pending = new LinkedHashSet<>();

    private final List<String> failures = new ArrayList<>();
    private final List<IOException> causes = new ArrayList<>();
    private boolean done;
    private long end;
    /** When the next address is tried, whatever becomes of the others. */
    private long nextAttempt;

    /**
     * Makes a connector; {@link #start} sets it going.
     *
     * @param addresses where to connect to, at least one, the best first
     * @param timeoutNanos for all of them together
     * @param result is given a connected channel, which does not block, or else what went wrong; on the loop
     */
    public Connector(
            EventLoop loop,
            List<? extends SocketAddress> addresses,
            long timeoutNanos,
            BiConsumer<@Nullable SocketChannel, @Nullable IOException> result) {
        this.loop = loop;
        this.addresses = AddressFamilies.inTurns(addresses).iterator();
        timeout = timeoutNanos;
        this.result = result;
    }

    /** Begins. On the loop. */
    public void start() {
        end = loop.now() + timeout;
        next();
    }

    /** Gives up: nobody wants the channel any more. On the loop. */
    public void cancel() {
        giveUp(new IOException("given up"));
    }

    /** Tries the next address, and those behind it while one after the other fails at once. */
    private void next() {
        boolean waits = false;
        while (!done && !waits && addresses.hasNext()) {
            var attempt = new Attempt(addresses.next(), loop.now());
            pending.add(attempt);
            try {
                waits = !attempt.connect();
            } catch (IOException e) {
                attempt.failed(e);
            } catch (RuntimeException e) {
                // An address of a kind that this system or a channel of this kind does not take.
                attempt.failed(new IOException(e.toString(), e));
            }
        }
        if (!done && pending.isEmpty()) {
            finish(null, failure(new ConnectException(reasons())));
        }
        nextAttempt = loop.now() + ATTEMPT_DELAY_NANOS;
        rearm();
    }

    private void rearm() {
        if (!done) {
            boolean sooner = addresses.hasNext() && nextAttempt - end < 0;
            loop.deadlines().arm(this, sooner ? nextAttempt : end);
        }
    }

    @Override
    void due(long now) {
        if (now - end >= 0) {
            List.copyOf(pending).forEach(Attempt::timedOut);
            addresses.forEachRemaining(address -> failures.add(shown(address) + ": not tried"));
            finish(null, failure(new SocketTimeoutException(reasons())));
        } else if (now - nextAttempt >= 0) {
            next();
        } else {
            rearm(); // it was armed for an attempt that was made early, because another failed
        }
    }

    private void giveUp(IOException cause) {
        if (!done) {
            List.copyOf(pending).forEach(attempt -> attempt.failed(cause));
            finish(null, failure(new ConnectException(reasons())));
        }
    }

    /** An address that was never a name begins with a slash, which nobody writes. */
    private static String shown(SocketAddress address) {
        String text = address.toString();
        return address instanceof InetSocketAddress && text.startsWith("/") ? text.substring(1) : text;
    }

    private String reasons() {
        return "cannot connect to " + String.join("; ", failures);
    }

    private IOException failure(IOException failure) {
        causes.forEach(failure::addSuppressed);
        return failure;
    }

    private void finish(@Nullable SocketChannel connected, @Nullable IOException failure) {
        done = true;
        loop.deadlines().remove(this);
        pending.forEach(Attempt::abandon);
        pending.clear();
        result.accept(connected, failure);
    }

    /** One address. */
    private final class Attempt implements EventLoop.Ready {
        private final SocketAddress address;
        private final long startedAt;
        private @Nullable SocketChannel channel;

        Attempt(SocketAddress address, long startedAt) {
            this.address = address;
            this.startedAt = startedAt;
        }

        /** Begins, and tells whether it is connected already. */
        boolean connect() throws IOException {
            if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
                throw new UnknownHostException("no address is known for " + inet.getHostString());
            }
            boolean unix = address instanceof UnixDomainSocketAddress;
            SocketChannel opened = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
            channel = opened;
            opened.configureBlocking(false);
            Acceptor.setNoDelay(opened);
            if (opened.connect(address)) {
                succeeded(opened);
                return true;
            }
            loop.register(opened, SelectionKey.OP_CONNECT, this);
            return false;
        }

        @Override
        public void ready(SelectionKey key) {
            if (done) {
                return;
            }
            try {
                SocketChannel waiting = (SocketChannel) key.channel();
                if (waiting.finishConnect()) {
                    key.interestOps(0);
                    succeeded(waiting);
                }
            } catch (IOException e) {
                failed(e);
                next();
            }
        }

        private void succeeded(SocketChannel connected) {
            pending.remove(this);
            finish(connected, null);
        }

        private void timedOut() {
            long waited = loop.now() - startedAt;
            failed(new SocketTimeoutException(
                    "no answer for " + Duration.ofNanos(waited).toMillis() + " ms"));
        }

        private void failed(IOException cause) {
            failures.add(shown(address) + ": " + cause.getMessage());
            causes.add(cause);
            pending.remove(this);
            abandon();
        }

        private void abandon() {
            if (channel != null) {
                Acceptor.closeQuietly(channel);
            }
        }

        @Override
        public void loopEnded() {
            giveUp(new IOException("the event loop has ended"));
        }
    }
}
