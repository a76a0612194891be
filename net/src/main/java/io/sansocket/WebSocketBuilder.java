package io.sansocket;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.WebSocketUri;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.StallPolicy;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.engine.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Chooses how to connect, and connects. For one thread; may be used for several connections.
 *
 * @since 0.1
 */
public final class WebSocketBuilder {
    private final URI uri;
    private final WebSocketUri place;
    private final Options options = new Options(Settings.CLIENT);
    private HandshakeOptions handshake = HandshakeOptions.NONE;
    private long connectTimeout = Nanos.of(Duration.ofSeconds(10));
    private @Nullable SocketAddress address;
    private @Nullable SocketChannel channel;

    WebSocketBuilder(URI uri) {
        this.uri = uri;
        place = WebSocketUri.of(uri);
    }

    /** Reads a URI. What may be secret in one that cannot be read, a user or a query, is not shown. */
    static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            String shown = text.matches("[^@?#]*") ? ": " + Excerpt.of(text) : "";
            // Without the cause, whose message has all of the text.
            throw new IllegalArgumentException(
                    "not a URI: " + e.getReason() + " at index " + Math.max(e.getIndex(), 0) + shown);
        }
    }

    /** Sends an Origin (RFC 6454), as a browser would. */
    public WebSocketBuilder origin(String origin) {
        handshake = handshake.withOrigin(origin);
        return this;
    }

    /**
     * Offers subprotocols, in order of preference.
     *
     * @throws IllegalArgumentException if one is not a token, or comes twice
     */
    public WebSocketBuilder subprotocols(String... names) {
        handshake = handshake.withSubprotocols(names);
        return this;
    }

    /**
     * Sends one more header with the request.
     *
     * @throws IllegalArgumentException if it breaks the grammar, or is one of the handshake's own
     */
    public WebSocketBuilder header(String name, String value) {
        handshake = handshake.withHeader(name, value);
        return this;
    }

    /** Offers permessage-deflate (RFC 7692). Share one {@link PermessageDeflate} between connections. */
    public WebSocketBuilder compression(PermessageDeflate deflate) {
        options.compression(deflate);
        return this;
    }

    /** Sets the most the peer may make this end hold. */
    public WebSocketBuilder limits(Limits limits) {
        options.limits(limits);
        return this;
    }

    /** Sets how long to wait for what. */
    public WebSocketBuilder timeouts(Timeouts timeouts) {
        options.timeouts(timeouts);
        return this;
    }

    /**
     * Sets how long to try all addresses of the host together: 10 s. The handshake has a timeout of its own. Where one is
     * silent for 250 ms the next is tried beside it, IPv4 and IPv6 in turns, and the first that answers is taken (RFC 8305).
     *
     * @throws IllegalArgumentException if it is 0 or negative
     */
    public WebSocketBuilder connectTimeout(Duration timeout) {
        connectTimeout = Nanos.ofTimeout("connect timeout", timeout);
        return this;
    }

    /** Sets what to do when a frame stalls. */
    public WebSocketBuilder stallPolicy(StallPolicy policy) {
        options.stallPolicy(policy);
        return this;
    }

    /** Receives messages as streams, in bounded memory: {@link WebSocket#receiveFragment}, {@link Listener#onFragment}. */
    public WebSocketBuilder streamMessages() {
        options.streamMessages();
        return this;
    }

    /**
     * Sets how much may be unreceived before nothing more is read: 64 KiB and 16 messages.
     *
     * @throws IllegalArgumentException if one is less than 1
     */
    public WebSocketBuilder receiveBuffer(long bytes, int messages) {
        options.receiveBuffer(bytes, messages);
        return this;
    }

    /**
     * Sets how much may be unsent, 1 MiB, and what a send does beyond that.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public WebSocketBuilder sendBuffer(long bytes, OverflowPolicy policy) {
        options.sendBuffer(bytes, policy);
        return this;
    }

    /** Sets what counts what is held of what came, with other connections: {@link MemoryBudget#shared}. */
    public WebSocketBuilder memoryBudget(MemoryBudget budget) {
        options.memoryBudget(budget);
        return this;
    }

    /** Sets how long the peer may take no byte while some wait, before the connection is given up: 30 s. */
    public WebSocketBuilder writeTimeout(Duration timeout) {
        options.writeTimeout(timeout);
        return this;
    }

    /** Sets who is called when something happens; then {@code receive} is not for use. */
    public WebSocketBuilder listener(Listener listener) {
        options.listener = listener;
        return this;
    }

    /**
     * Sets how to speak TLS, for a wss URI: {@link Tls#system} without a choice.
     *
     * @throws IllegalStateException if the URI is a ws one, which means no TLS
     */
    public WebSocketBuilder tls(Tls tls) {
        if (!place.secure()) {
            throw new IllegalStateException("TLS needs a wss: URI, and this is one of ws:");
        }
        options.tls = tls;
        return this;
    }

    /** Sets the loops to run on. */
    public WebSocketBuilder loops(Loops loops) {
        options.loops = loops;
        return this;
    }

    /** Connects to this address, whatever the URI's host is: another host, or a Unix domain socket. */
    public WebSocketBuilder address(SocketAddress to) {
        address = Objects.requireNonNull(to, "to");
        return this;
    }

    /** Uses a connected channel, which then belongs to the connection. For one connection. */
    public WebSocketBuilder channel(SocketChannel connected) {
        channel = Objects.requireNonNull(connected, "connected");
        return this;
    }

    /** Connects, and waits until the connection is open; see {@link WebSocket#connect(String)}. */
    public WebSocket connect() throws IOException, InterruptedException {
        if (EventLoop.isLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for a connection: use connectAsync()");
        }
        CompletableFuture<WebSocket> connecting = connectAsync();
        try {
            return connecting.get();
        } catch (InterruptedException e) {
            if (!connecting.cancel(false) && !connecting.isCompletedExceptionally()) {
                connecting.join().closeAsync(CloseCode.GOING_AWAY, "not wanted any more");
            }
            throw e;
        } catch (ExecutionException e) {
            throw here(e.getCause());
        }
    }

    /** Gives a failure that came up on the loop the stack trace of who asked. */
    private static IOException here(@Nullable Throwable cause) {
        if (cause instanceof ConnectionClosedException closed) {
            return new ConnectionClosedException(closed.closed(), closed.getCause());
        }
        if (cause instanceof HandshakeRefusedException refused) {
            return new HandshakeRefusedException(refused.response());
        }
        if (cause instanceof IOException io) {
            io.setStackTrace(new Throwable().getStackTrace());
            return io;
        }
        return new IOException("cannot connect", cause);
    }

    /**
     * Connects without waiting, but for the name service. Completes on the connection's loop, with an open connection or
     * with what {@link #connect} throws; when it is cancelled the connection is given up.
     */
    public CompletableFuture<WebSocket> connectAsync() {
        if (place.secure() && options.tls == null) {
            options.tls = Tls.system();
        }
        Loops loops = options.loops == null ? Loops.shared() : options.loops;
        var side = new ClientSide(uri, place, handshake, options, loops.next());
        SocketChannel given = channel;
        if (given != null) {
            channel = null;
            return side.use(given);
        }
        try {
            return side.connect(addresses(), connectTimeout);
        } catch (UnknownHostException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private List<? extends SocketAddress> addresses() throws UnknownHostException {
        if (address != null) {
            return List.of(address);
        }
        return Arrays.stream(InetAddress.getAllByName(place.host()))
                .map(ip -> new InetSocketAddress(ip, place.port()))
                .toList();
    }
}
