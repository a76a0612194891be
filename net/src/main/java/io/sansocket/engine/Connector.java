package io.sansocket.engine;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Connects to the first of several addresses that answers, one after the other, on one loop. */
public final class Connector extends DeadlineHeap.Entry implements EventLoop.Ready {
    private final EventLoop loop;
    private final Iterator<? extends SocketAddress> addresses;
    private final Duration timeout;
    private final BiConsumer<@Nullable SocketChannel, @Nullable IOException> result;

    private final List<String> failures = new ArrayList<>();
    private final List<IOException> causes = new ArrayList<>();
    private @Nullable SocketAddress address;
    private @Nullable SocketChannel channel;
    private boolean done;
    private long startedAt;

    /**
     * Makes a connector; {@link #start} sets it going.
     *
     * @param addresses where to connect to, at least one
     * @param timeout for all of them together
     * @param result is given a connected channel, which does not block, or else what went wrong; on the loop
     */
    public Connector(
            EventLoop loop,
            List<? extends SocketAddress> addresses,
            Duration timeout,
            BiConsumer<@Nullable SocketChannel, @Nullable IOException> result) {
        this.loop = loop;
        this.addresses = addresses.iterator();
        this.timeout = timeout;
        this.result = result;
    }

    /** Begins. On the loop. */
    public void start() {
        startedAt = loop.now();
        loop.deadlines().arm(this, startedAt + timeout.toNanos());
        next();
    }

    /** Gives up: nobody wants the channel any more. On the loop. */
    public void cancel() {
        if (!done) {
            failed(new IOException("given up"));
            finish(null, noneAnswered());
        }
    }

    private void next() {
        while (!done) {
            if (!addresses.hasNext()) {
                finish(null, noneAnswered());
                return;
            }
            address = addresses.next();
            try {
                if (!connect(address)) {
                    return;
                }
                finish(channel, null);
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private boolean connect(SocketAddress to) throws IOException {
        boolean unix = to instanceof UnixDomainSocketAddress;
        SocketChannel opened = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        Acceptor.setNoDelay(opened);
        if (opened.connect(to)) {
            return true;
        }
        loop.register(opened, SelectionKey.OP_CONNECT, this);
        return false;
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            SocketChannel waiting = (SocketChannel) key.channel();
            if (!done && waiting.finishConnect()) {
                key.interestOps(0);
                finish(waiting, null);
            }
        } catch (IOException e) {
            failed(e);
            next();
        }
    }

    private void failed(IOException cause) {
        failures.add(shown(address) + ": " + cause.getMessage());
        causes.add(cause);
        if (channel != null) {
            Acceptor.closeQuietly(channel);
            channel = null;
        }
    }

    /** An address that was never a name begins with a slash, which nobody writes. */
    private static String shown(@Nullable SocketAddress address) {
        String text = String.valueOf(address);
        return address instanceof InetSocketAddress && text.startsWith("/") ? text.substring(1) : text;
    }

    private IOException noneAnswered() {
        IOException failure = new ConnectException("cannot connect to " + String.join("; ", failures));
        causes.forEach(failure::addSuppressed);
        return failure;
    }

    @Override
    void due(long now) {
        failed(new SocketTimeoutException(
                "no answer for " + Duration.ofNanos(now - startedAt).toMillis() + " ms"));
        IOException failure = new SocketTimeoutException("cannot connect to " + String.join("; ", failures));
        causes.forEach(failure::addSuppressed);
        finish(null, failure);
    }

    @Override
    public void loopEnded() {
        if (!done) {
            failed(new IOException("the event loop has ended"));
            finish(null, noneAnswered());
        }
    }

    private void finish(@Nullable SocketChannel connected, @Nullable IOException failure) {
        if (!done) {
            done = true;
            loop.deadlines().remove(this);
            result.accept(connected, failure);
        }
    }
}
