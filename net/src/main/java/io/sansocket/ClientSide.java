package io.sansocket;

import io.sansocket.core.frame.SecureMaskingKeys;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.WebSocketUri;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.engine.Acceptor;
import io.sansocket.engine.Conduit;
import io.sansocket.engine.Connector;
import io.sansocket.engine.EventLoop;
import io.sansocket.engine.PlainTransport;
import io.sansocket.engine.TlsTransport;
import io.sansocket.engine.Transport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A client's connection while it opens. */
final class ClientSide implements Opener {
    private static final System.Logger LOGGER = System.getLogger("io.sansocket.client");

    private final URI uri;
    private final WebSocketUri place;
    private final HandshakeOptions handshake;
    private final Settings settings;
    private final Traffic traffic;
    private final boolean streamed;
    private final @Nullable Listener listener;
    private final @Nullable Tls tls;
    private final EventLoop loop;
    private final CompletableFuture<WebSocket> result = new CompletableFuture<>();
    private Event.@Nullable Refused refused;

    ClientSide(URI uri, WebSocketUri place, HandshakeOptions handshake, Options options, EventLoop loop) {
        this.uri = uri;
        this.place = place;
        this.handshake = new HandshakeOptions(
                handshake.origin(), handshake.subprotocols(), handshake.headers(), options.extensions);
        settings = options.protocolSettings();
        traffic = options.traffic;
        streamed = options.isStreamed();
        listener = options.listener;
        tls = options.tls;
        this.loop = loop;
    }

    CompletableFuture<WebSocket> connect(List<? extends SocketAddress> addresses, long timeoutNanos) {
        var connector = new Connector(loop, addresses, timeoutNanos, this::connected);
        onLoop(connector::start);
        CompletableFuture<WebSocket> unused = result.handle((open, failure) -> {
            if (result.isCancelled()) {
                onLoop(connector::cancel);
            }
            return open;
        });
        return result;
    }

    /** Runs something on the loop; when that has ended, so has what was tried. */
    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new IOException("the event loop has ended", e));
        }
    }

    CompletableFuture<WebSocket> use(SocketChannel channel) {
        onLoop(() -> {
            try {
                channel.configureBlocking(false);
                if (!channel.isConnected()) {
                    throw new SocketException("the channel that was given is not connected");
                }
                connected(channel, null);
            } catch (IOException e) {
                Acceptor.closeQuietly(channel);
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
        try {
            open(channel);
        } catch (RuntimeException | Error e) {
            // The SSLContext and the extensions are the application's: what they throw is for who connects.
            Acceptor.closeQuietly(channel);
            result.completeExceptionally(e);
        }
    }

    private void open(SocketChannel channel) {
        long now = System.nanoTime();
        var protocol = ClientProtocol.connect(uri, handshake, settings, new SecureMaskingKeys(), now);
        Transport transport = tls == null
                ? new PlainTransport(channel)
                : new TlsTransport(channel, TlsEngines.client(tls, place.host(), place.port()), loop);
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
            result.completeExceptionally(
                    TlsFault.ofClient(place.host() + ":" + place.port(), session.conduit.failure(), how));
        } else if (connection == null) {
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
