package io.sansocket;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.StallPolicy;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.engine.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to serve, and starts. For one thread.
 *
 * @since 0.1
 */
public final class ServerBuilder {
    private static final int BACKLOG = 1024;
    private static final int MAX_PORT = 65_535;

    final Options options = new Options(Settings.SERVER);
    final List<String> hosts = new ArrayList<>();
    final List<String> subprotocols = new ArrayList<>();
    OriginPolicy origins = OriginPolicy.sameOrigin();
    int maxConnections = 10_000;
    Duration drainTimeout = Duration.ofSeconds(10);

    @Nullable
    Function<HandshakeRequest, HandshakeDecision> decider;

    @Nullable
    Handler handler;

    @Nullable
    Executor executor;

    private @Nullable SocketAddress address;
    private @Nullable ServerSocketChannel channel;
    private int backlog = BACKLOG;

    ServerBuilder() {}

    /** Serves each connection on a thread of its own. */
    public ServerBuilder handler(Handler each) {
        handler = Objects.requireNonNull(each, "each");
        return this;
    }

    /** Serves all connections on the event loops: the fastest way. One listener for all of them. */
    public ServerBuilder listener(Listener all) {
        options.listener = Objects.requireNonNull(all, "all");
        return this;
    }

    /**
     * Listens at a port of all of this machine's addresses.
     *
     * @param port the port, or 0 for any that is free: {@link WebSocketServer#port} tells which
     * @throws IllegalArgumentException if there is no such port
     */
    public ServerBuilder port(int port) {
        return address(new InetSocketAddress(checkPort(port)));
    }

    /** Listens at a port of one address, as {@link #port(int)} does. */
    public ServerBuilder port(String host, int port) {
        return address(new InetSocketAddress(Objects.requireNonNull(host, "host"), checkPort(port)));
    }

    private static int checkPort(int port) {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port " + port + " is not in 0-" + MAX_PORT);
        }
        return port;
    }

    /**
     * Listens at an address: IPv4, IPv6, or a Unix domain socket. A socket's file is removed when the server closes; one at
     * which nobody listens any more is replaced when it starts.
     *
     * @throws IllegalArgumentException if it is of another kind
     */
    public ServerBuilder address(SocketAddress at) {
        Objects.requireNonNull(at, "at");
        if (!(at instanceof InetSocketAddress || at instanceof UnixDomainSocketAddress)) {
            throw new IllegalArgumentException(
                    "address " + at + " is neither an InetSocketAddress nor a UnixDomainSocketAddress");
        }
        address = at;
        return this;
    }

    /** Listens on a bound channel, which then belongs to the server. */
    public ServerBuilder channel(ServerSocketChannel bound) {
        channel = Objects.requireNonNull(bound, "bound");
        return this;
    }

    /**
     * Sets how many connections may wait to be accepted: 1024.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerBuilder backlog(int connections) {
        if (connections < 1) {
            throw new IllegalArgumentException(
                    "a backlog of " + connections + " connections is too small, at least 1 is needed");
        }
        backlog = connections;
        return this;
    }

    /**
     * Speaks TLS.
     *
     * @throws IllegalArgumentException if there is no certificate to show: see {@link Tls#pem} and {@link Tls#keyStore}
     */
    public ServerBuilder tls(Tls tls) {
        if (!Objects.requireNonNull(tls, "tls").hasCertificate()) {
            throw new IllegalArgumentException("a server needs a certificate: Tls.pem(chain, key) or Tls.keyStore(…)");
        }
        options.tls = tls;
        return this;
    }

    /** Sets which web pages may connect (RFC 6455 §10.2): those of the same origin. */
    public ServerBuilder origins(OriginPolicy policy) {
        origins = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /**
     * Serves only requests whose Host header names one of these, whatever the port; others get 421. Without a choice any
     * host is served. This is the defence against DNS rebinding. An IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException if one is no host
     */
    public ServerBuilder hosts(String... names) {
        hosts.addAll(Stream.of(names).map(HostNames::checked).toList());
        return this;
    }

    /**
     * Speaks these subprotocols: the first one that the client offers, too, is agreed to, unless {@link #onHandshake}
     * chooses.
     *
     * @throws IllegalArgumentException if one is not a token
     */
    public ServerBuilder subprotocols(String... names) {
        subprotocols.addAll(
                Stream.of(names).map(HandshakeDecision::checkSubprotocol).toList());
        return this;
    }

    /**
     * Sets who answers lawful opening handshakes: the place to look at the path, headers and credentials. Called on an event
     * loop, so it must not wait. When it throws, or decides what cannot be, the answer is 500.
     */
    public ServerBuilder onHandshake(Function<HandshakeRequest, HandshakeDecision> decision) {
        decider = Objects.requireNonNull(decision, "decision");
        return this;
    }

    /** Agrees to permessage-deflate (RFC 7692) where clients offer it. */
    public ServerBuilder compression(PermessageDeflate deflate) {
        options.compression(deflate);
        return this;
    }

    /** Sets the most a peer may make this end hold. */
    public ServerBuilder limits(Limits limits) {
        options.limits(limits);
        return this;
    }

    /** Sets how long to wait for what. The handshake's counts from accepting, TLS included. */
    public ServerBuilder timeouts(Timeouts timeouts) {
        options.timeouts(timeouts);
        return this;
    }

    /** Sets what to do when a frame stalls. */
    public ServerBuilder stallPolicy(StallPolicy policy) {
        options.stallPolicy(policy);
        return this;
    }

    /** Receives messages as streams, in bounded memory: {@link WebSocket#receiveFragment}, {@link Listener#onFragment}. */
    public ServerBuilder streamMessages() {
        options.streamMessages();
        return this;
    }

    /** Sets how much of a connection may be unreceived before nothing more is read: 64 KiB and 16 messages. */
    public ServerBuilder receiveBuffer(long bytes, int messages) {
        options.receiveBuffer(bytes, messages);
        return this;
    }

    /** Sets how much of a connection may be unsent, 1 MiB, and what a send does beyond that. */
    public ServerBuilder sendBuffer(long bytes, OverflowPolicy policy) {
        options.sendBuffer(bytes, policy);
        return this;
    }

    /** Sets what counts what is held of what came, with other connections: {@link MemoryBudget#shared}. */
    public ServerBuilder memoryBudget(MemoryBudget budget) {
        options.memoryBudget(budget);
        return this;
    }

    /** Sets how long a peer may take no byte while some wait, before its connection is given up: 30 s. */
    public ServerBuilder writeTimeout(Duration timeout) {
        options.writeTimeout(timeout);
        return this;
    }

    /**
     * Sets how many connections may be open: 10,000. Those beyond get 503. As many again may be on their way in or out, in
     * a handshake; beyond that none is accepted until one has ended.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public ServerBuilder maxConnections(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " connections are too few for a server, at least 1 is needed");
        }
        maxConnections = count;
        return this;
    }

    /**
     * Sets how long {@link WebSocketServer#close} waits for connections to close: 10 s.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ServerBuilder drainTimeout(Duration timeout) {
        if (Objects.requireNonNull(timeout, "timeout").isNegative()) {
            throw new IllegalArgumentException("the drain timeout is " + timeout + ", it must not be negative");
        }
        drainTimeout = timeout;
        return this;
    }

    /** Sets the loops to run on, which the server does not close. */
    public ServerBuilder loops(Loops loops) {
        options.loops = Objects.requireNonNull(loops, "loops");
        return this;
    }

    /** Sets what runs the handlers, in place of threads of their own. It must not run them in the calling thread. */
    public ServerBuilder executor(Executor threads) {
        executor = Objects.requireNonNull(threads, "threads");
        return this;
    }

    /**
     * Starts the server.
     *
     * @throws IllegalStateException if there is neither a handler nor a listener, or both; and on an event loop, which must
     *     not wait
     * @throws IOException if the address cannot be listened at
     */
    public WebSocketServer start() throws IOException {
        if ((handler == null) == (options.listener == null)) {
            throw new IllegalStateException("a server needs a handler or a listener, and not both");
        }
        if (EventLoop.isLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for a server to start");
        }
        ServerSocketChannel given = channel;
        channel = null;
        return WebSocketServer.start(this, given == null ? bind() : ListeningChannel.of(given));
    }

    private ListeningChannel bind() throws IOException {
        return ListeningChannel.bind(address == null ? new InetSocketAddress(0) : address, backlog);
    }
}
