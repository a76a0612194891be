package io.sansocket;

import io.sansocket.core.frame.SecureMaskingKeys;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.engine.Conduit;
import io.sansocket.engine.Connector;
import io.sansocket.engine.EventLoop;
import io.sansocket.engine.PlainTransport;
import io.sansocket.engine.TlsTransport;
import io.sansocket.engine.Transport;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A client's connection while it opens. */
final class ClientSide implements Opener {
    private static final System.Logger LOGGER = System.getLogger("io.sansocket.client");

    private final URI uri;
    private final int port;
    private final HandshakeOptions handshake;
    private final Settings settings;
    private final Traffic traffic;
    private final boolean streamed;
    private final @Nullable Listener listener;
    private final @Nullable Tls tls;
    private final EventLoop loop;
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private Event.@Nullable Refused refused;

    ClientSide(URI uri, int port, HandshakeOptions handshake, Options options, EventLoop loop) {
        this.uri = uri;
        this.port = port;
        this.handshake = new HandshakeOptions(
                handshake.origin(), handshake.subprotocols(), handshake.headers(), options.extensions);
        settings = options.protocolSettings();
        traffic = options.traffic;
        streamed = options.isStreamed();
        listener = options.listener;
        tls = options.tls;
        this.loop = loop;
    }

    /** Checks that a URI can be connected to, as early as it is known. */
    static void check(URI uri) {
        ClientProtocol.connect(uri, 0);
    }

    CompletableFuture<WebSocket> connect(List<? extends SocketAddress> addresses, Duration timeout) {
        var connector = new Connector(loop, addresses, timeout, this::connected);
        loop.execute(connector::start);
        CompletableFuture<WebSocket> unused = result.handle((open, failure) -> {
            if (result.isCancelled()) {
                loop.execute(connector::cancel);
            }
            return open;
        });
        return result;
    }

    CompletableFuture<WebSocket> use(SocketChannel channel) {
        loop.execute(() -> {
            try {
                channel.configureBlocking(false);
                connected(channel, null);
            } catch (IOException e) {
                connected(null, e);
            }
        });
        return result;
    }

    private void connected(@Nullable SocketChannel channel, @Nullable IOException failure) {
        if (channel == null) {
            result.completeExceptionally(failure == null ? new IOException("no channel and no reason") : failure);
            return;
        }
        long now = System.nanoTime();
        var protocol = ClientProtocol.connect(uri, handshake, settings, new SecureMaskingKeys(), now);
        Transport transport = tls == null
                ? new PlainTransport(channel)
                : new TlsTransport(channel, TlsEngines.client(tls, uri.getHost(), port), loop);
        var session = new Session(protocol, this, LOGGER, channel);
        session.conduit = new Conduit(loop, transport, protocol, session, traffic.writeTimeout());
        session.conduit.start();
    }

    @Override
    public void opening(Session session, Event event) {
        if (event instanceof Event.Refused refusal) {
            refused = refusal;
        }
    }

    @Override
    public void opened(WebSocket connection) {
        if (!result.complete(connection)) {
            connection.closeAsync(CloseCode.GOING_AWAY, "not wanted any more");
        }
    }

    @Override
    public void closed(Session session, @Nullable WebSocket connection, ConnectionClosedException how) {
        Event.Refused answer = refused;
        if (connection == null && session.endedInTls()) {
            result.completeExceptionally(TlsFault.ofClient(uri.getHost() + ":" + port, session.conduit.failure(), how));
        } else if (connection == null) {
            session.log.notOpened(Level.DEBUG, how.closed(), how.getCause()); // it is thrown, which is loud enough
            result.completeExceptionally(answer == null ? how : new HandshakeRefusedException(answer.response()));
        }
    }

    @Override
    public void released(Session session) {}

    @Override
    public @Nullable Listener listener() {
        return listener;
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public boolean isStreamed() {
        return streamed;
    }
}
