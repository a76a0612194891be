package io.sansocket.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** Takes connections from a listening channel, on one loop. */
public final class Acceptor extends DeadlineHeap.Entry implements EventLoop.Ready {
    private static final System.Logger LOG = System.getLogger("io.sansocket.server");
    /** How long nothing is accepted after that failed, as it does when there are no descriptors left. */
    private static final long PAUSE_NANOS = 100_000_000;

    private static final int ACCEPTED_AT_ONCE = 256;

    private final EventLoop loop;
    private final ServerSocketChannel channel;
    private final Consumer<SocketChannel> taker;
    private boolean failing;
    private boolean stopped;

    /**
     * Makes an acceptor; {@link #start} sets it going.
     *
     * @param channel a bound channel, which the acceptor closes in the end
     * @param taker is given each connection, on the loop
     */
    public Acceptor(EventLoop loop, ServerSocketChannel channel, Consumer<SocketChannel> taker) {
        this.loop = loop;
        this.channel = channel;
        this.taker = taker;
    }

    /** Begins to accept. On the loop. */
    public void start() throws IOException {
        channel.configureBlocking(false);
        loop.register(channel, SelectionKey.OP_ACCEPT, this);
    }

    /** Accepts no more: closes the channel. On the loop. */
    public void stop() {
        stopped = true;
        loop.deadlines().remove(this);
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the listening channel cannot be closed", e);
        }
    }

    @Override
    public void ready(SelectionKey key) {
        try {
            for (int i = 0; i < ACCEPTED_AT_ONCE && !stopped; i++) {
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    return;
                }
                failing = false;
                take(accepted);
            }
        } catch (ClosedChannelException e) {
            stop();
        } catch (IOException e) {
            pause(key, e);
        }
    }

    private void take(SocketChannel accepted) {
        try {
            accepted.configureBlocking(false);
            setNoDelay(accepted);
            taker.accept(accepted);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection was lost while it was accepted", e);
            closeQuietly(accepted);
        }
    }

    /** Sends small frames at once, on channels that could wait for more (TCP; a Unix domain socket cannot). */
    static void setNoDelay(SocketChannel channel) throws IOException {
        if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
    }

    static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It never was a connection.
        }
    }

    /** Connections wait in the backlog meanwhile; to try again at once would only burn the processor. */
    private void pause(SelectionKey key, IOException cause) {
        if (!failing) {
            failing = true;
            LOG.log(Level.WARNING, "connections cannot be accepted for now at " + address(), cause);
        }
        key.interestOps(0);
        loop.deadlines().arm(this, loop.now() + PAUSE_NANOS);
    }

    private String address() {
        try {
            SocketAddress address = channel.getLocalAddress();
            return String.valueOf(address);
        } catch (IOException e) {
            return "a closed channel";
        }
    }

    @Override
    void due(long now) {
        SelectionKey key = loop.keyOf(channel);
        if (key != null && key.isValid()) {
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    @Override
    public void loopEnded() {
        stop();
    }
}
