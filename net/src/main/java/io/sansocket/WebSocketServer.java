package io.sansocket;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.engine.Acceptor;
import io.sansocket.engine.Conduit;
import io.sansocket.engine.EventLoop;
import io.sansocket.engine.PlainTransport;
import io.sansocket.engine.TlsTransport;
import io.sansocket.engine.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket server.
 *
 * <pre>{@code
 * try (var server = WebSocketServer.serve(8765, ws -> { for (Message m : ws) ws.send(m); })) {
 *     server.join();
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread.
 *
 * @since 0.1
 */
public final class WebSocketServer implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger("io.sansocket.server");

    /** How long a server that shuts down waits for handshakes to end. */
    private static final long HANDSHAKE_PATIENCE_NANOS = 1_000_000_000;

    private final Loops loops;
    private final boolean ownLoops;
    private final Settings settings;
    private final List<ExtensionProvider> extensions;
    private final OriginPolicy origins;
    private final Traffic traffic;
    private final @Nullable Tls tls;
    private final Duration drainTimeout;
    private final ServerSide side;
    private final @Nullable HandlerThreads handlers;
    private final SocketAddress address;
    private final EventLoop acceptLoop;
    private final ListeningChannel listening;
    private final Acceptor acceptor;

    private final Set<WebSocket> connections = ConcurrentHashMap.newKeySet();
    /** All that has a channel: those, and those whose handshake is not done, or whose peer has not closed yet. */
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();

    /** How many channels were accepted and are not closed. */
    private final AtomicLong channels = new AtomicLong();

    private final long maxChannels;
    /** Whether it was logged that there are no more. */
    private boolean fullLogged;

    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private final CompletableFuture<List<WebSocket>> closed = new CompletableFuture<>();
    private volatile boolean closing;

    private WebSocketServer(
            ServerBuilder builder, ListeningChannel listening, SocketAddress address, @Nullable Loops own) {
        Options options = builder.options;
        this.listening = listening;
        this.address = address;
        ownLoops = own != null;
        loops = own == null ? Objects.requireNonNull(options.loops) : own;
        settings = options.protocolSettings();
        extensions = List.copyOf(options.extensions);
        origins = builder.origins;
        traffic = options.traffic;
        tls = options.tls;
        drainTimeout = builder.drainTimeout;
        Handler handler = builder.handler;
        handlers = handler == null ? null : new HandlerThreads(handler, builder.executor, port(address));
        side = new ServerSide(this, builder);
        acceptLoop = loops.next();
        maxChannels = 2L * builder.maxConnections;
        acceptor = new Acceptor(acceptLoop, listening.channel, this::accepted, this::hasRoom);
    }

    /**
     * Serves each connection that comes to a port, of all of this machine's addresses, with the defaults.
     *
     * @param port the port, or 0 for any that is free
     * @param handler called for each connection on a thread of its own
     * @throws IOException if the port cannot be listened at
     */
    public static WebSocketServer serve(int port, Handler handler) throws IOException {
        return builder().port(port).handler(handler).start();
    }

    /** Returns a builder, for all that can be chosen about a server. */
    public static ServerBuilder builder() {
        return new ServerBuilder();
    }

    /** Starts a server, or leaves nothing of it behind. Not on an event loop. */
    static WebSocketServer start(ServerBuilder builder, ListeningChannel listening) throws IOException {
        Loops own = null;
        boolean started = false;
        try {
            SocketAddress address = boundAddress(listening.channel);
            own = builder.options.loops == null ? Loops.ofServer("sansocket-server-" + port(address)) : null;
            var server = new WebSocketServer(builder, listening, address, own);
            CompletableFuture.runAsync(server::startAccepting, server.acceptLoop)
                    .join();
            started = true;
            return server;
        } catch (CompletionException | RejectedExecutionException | UncheckedIOException e) {
            throw new IOException("a server cannot be started: " + e.getMessage(), e);
        } finally {
            if (!started) {
                listening.close();
                if (own != null) {
                    own.close();
                }
            }
        }
    }

    private static SocketAddress boundAddress(ServerSocketChannel channel) throws IOException {
        SocketAddress bound = channel.getLocalAddress();
        if (bound == null) {
            throw new SocketException("the channel that was given is not bound to an address");
        }
        return bound;
    }

    private void startAccepting() {
        try {
            acceptor.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the address the server listens at. */
    public SocketAddress address() {
        return address;
    }

    /** Returns the port the server listens at, or -1 where its address has none. */
    public int port() {
        return port(address);
    }

    private static int port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }

    /** Returns the connections that are open now. */
    public Set<WebSocket> connections() {
        return Set.copyOf(connections);
    }

    /** Returns how many connections are open now. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * Waits until the server is closed, by another thread.
     *
     * @throws IllegalStateException on an event loop, which must not wait
     */
    public void join() throws InterruptedException {
        if (EventLoop.isLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for the server to close");
        }
        try {
            closed.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e); // it never fails
        }
    }

    /**
     * Closes the server: accepts no more, closes all connections with 1001 (going away), waits for them for the drain
     * timeout, and cuts those that are left, which are logged. Closed already, it waits until that is done. On an event
     * loop, as in a listener, it does not wait: another thread sees to the end.
     */
    @Override
    public void close() {
        if (EventLoop.isLoopThread()) {
            new Thread(() -> shutdown(drainTimeout), "sansocket-shutdown-" + port(address)).start();
        } else {
            shutdown(drainTimeout);
        }
    }

    /**
     * Closes the server as {@link #close} does, and returns the connections that did not close in time and were cut. When
     * the thread is interrupted it cuts at once, and the thread stays interrupted.
     *
     * @throws IllegalStateException on an event loop, which must not wait
     */
    public List<WebSocket> shutdown(Duration timeout) {
        if (EventLoop.isLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for connections to close: use close()");
        }
        long nanos = Nanos.of(timeout);
        boolean first;
        synchronized (closed) {
            first = !closing;
            closing = true;
        }
        if (!first) {
            return closed.join();
        }
        listening.removeFile();
        onLoop(acceptLoop, acceptor::stop);
        connections.forEach(each -> each.closeAsync(CloseCode.GOING_AWAY, "the server shuts down"));
        tellIfDrained();
        try {
            long patience = Math.min(nanos, HANDSHAKE_PATIENCE_NANOS);
            if (!isDrainedIn(patience)) {
                // Who has not asked to be served by now may never do.
                sessions.forEach(WebSocketServer::cutUnlessOpened);
                if (!isDrainedIn(nanos - patience)) {
                    LOGGER.log(Level.DEBUG, "not all connections close in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // One that has just ended may not be taken from the set yet.
        List<WebSocket> left = connections.stream().filter(WebSocket::isOpen).toList();
        left.forEach(late -> late.session().log.warn("did not close within the drain timeout, and is cut"));
        sessions.forEach(WebSocketServer::cut);
        if (ownLoops) {
            loops.close();
        }
        if (handlers != null) {
            handlers.close();
        }
        closed.complete(left);
        return left;
    }

    /** Waits so long until all connections have ended, and tells whether they have. */
    private boolean isDrainedIn(long nanos) throws InterruptedException {
        try {
            drained.get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e); // it never fails
        }
    }

    private static void cut(Session session) {
        Conduit conduit = session.conduit;
        onLoop(conduit.loop(), () -> conduit.fail(new IOException("the server shuts down")));
    }

    private static void cutUnlessOpened(Session session) {
        onLoop(session.conduit.loop(), () -> {
            if (!session.hasOpened()) {
                cut(session);
            }
        });
    }

    /** Runs something on a loop, unless that has ended: then it has closed all its channels. */
    private static void onLoop(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOGGER.log(Level.DEBUG, "the loop of a connection has ended before it", e);
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** Tells whether one more connection may come. On the accepting loop. */
    private boolean hasRoom() {
        long taken = channels.get();
        boolean room = taken < maxChannels;
        if (taken < maxChannels / 2) {
            fullLogged = false;
        } else if (!room && !fullLogged) {
            fullLogged = true;
            LOGGER.log(
                    Level.WARNING,
                    "! " + Addresses.show(address) + ": " + maxChannels + " connections are open or in a handshake, "
                            + "twice the limit of open ones: no more are accepted until one ends (said again once half of them have ended)");
        }
        return room;
    }

    /** A connection came: it goes to a loop. On the accepting loop. */
    private void accepted(SocketChannel channel) {
        EventLoop loop = loops.next();
        loop.execute(() -> open(loop, channel));
        channels.incrementAndGet();
    }

    private void open(EventLoop loop, SocketChannel channel) {
        var protocol = new ServerProtocol(settings, origins, extensions, System.nanoTime());
        var session = new Session(protocol, side, LOGGER, channel);
        session.conduit = new Conduit(loop, transport(loop, channel), protocol, session, traffic.writeTimeout());
        sessions.add(session);
        session.conduit.start();
    }

    private Transport transport(EventLoop loop, SocketChannel channel) {
        try {
            return tls == null ? new PlainTransport(channel) : new TlsTransport(channel, TlsEngines.server(tls), loop);
        } catch (RuntimeException | Error e) {
            // The SSLContext is the application's: what it throws must not cost a channel each time.
            Acceptor.closeQuietly(channel);
            channels.decrementAndGet();
            acceptor.released();
            throw e;
        }
    }

    void opened(WebSocket connection) {
        connections.add(connection);
        if (handlers != null) {
            handlers.serve(connection);
        }
        if (closing) {
            connection.closeAsync(CloseCode.GOING_AWAY, "the server shuts down");
        }
    }

    void closed(@Nullable WebSocket connection) {
        if (connection != null) {
            connections.remove(connection);
        }
    }

    void released(Session session) {
        sessions.remove(session);
        channels.decrementAndGet();
        tellIfDrained();
        acceptor.released();
    }

    private void tellIfDrained() {
        if (closing && sessions.isEmpty()) {
            drained.complete(null);
        }
    }
}
