package io.sansocket.engine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier room;
    private boolean failing;
    private boolean stopped;
    /** Whether connections wait for others to end. */
    private volatile boolean full;

    /**
     * Makes an acceptor; {@link #start} sets it going.
     *
     * @param channel a bound channel, which the acceptor closes in the end
     * @param taker is given each connection, on the loop
     * @param room tells whether one more can be taken, on the loop; when that has become so, call {@link #released}
     */
    public Acceptor(EventLoop loop, ServerSocketChannel channel, Consumer<SocketChannel> taker, BooleanSupplier room) {
        this.loop = loop;
        this.channel = channel;
        this.taker = taker;
        this.room = room;
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
                if (isFull(key)) {
                    return;
                }
                SocketChannel accepted = channel.accept();
                if (accepted == null) {
                    failing = false; // all that waited have come
                    return;
                }
                take(accepted);
            }
        } catch (ClosedChannelException e) {
            stop();
        } catch (IOException | RuntimeException e) {
            pause(key, e);
        }
    }

    /** Connections for which there is no room wait in the backlog. */
    private boolean isFull(SelectionKey key) {
        full = !room.getAsBoolean();
        if (full && room.getAsBoolean()) {
            full = false; // one ended before it could know that it is waited for
        }
        if (full) {
            key.interestOps(0);
        }
        return full;
    }

    /** Says that a connection has ended. From any thread. */
    public void released() {
        if (full) {
            try {
                loop.execute(this::accept);
            } catch (RejectedExecutionException e) {
                full = false; // the loop has ended, and nobody is accepted any more
            }
        }
    }

    private void accept() {
        full = false;
        due(loop.now());
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

    /** Closes a channel that nothing has been done with. */
    public static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // It never was a connection.
        }
    }

    /** Connections wait in the backlog meanwhile; to try again at once would only burn the processor. */
    private void pause(SelectionKey key, Exception cause) {
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
