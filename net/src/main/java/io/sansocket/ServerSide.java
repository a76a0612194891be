package io.sansocket;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a server answers its connections' opening handshakes. One for all connections; called on each one's loop. */
final class ServerSide implements Opener {
    private final WebSocketServer server;
    private final Traffic traffic;
    private final boolean streamed;
    private final List<String> hosts;
    private final List<String> subprotocols;
    private final int maxConnections;
    private final @Nullable Listener listener;
    private final @Nullable Function<HandshakeRequest, HandshakeDecision> decider;

    ServerSide(WebSocketServer server, ServerBuilder builder) {
        this.server = server;
        traffic = builder.options.traffic;
        streamed = builder.options.isStreamed();
        listener = builder.options.listener;
        hosts = builder.hosts.stream().map(ServerSide::withoutPort).toList();
        subprotocols = List.copyOf(builder.subprotocols);
        maxConnections = builder.maxConnections;
        decider = builder.decider;
    }

    @Override
    public void opening(Session session, Event event) {
        if (event instanceof Event.HandshakeRequest request) {
            var protocol = (ServerProtocol) session.protocol;
            long now = session.conduit.now();
            HandshakeDecision decision = decide(session, request);
            Optional<HttpResponse> refusal = decision.refusal();
            if (refusal.isPresent()) {
                protocol.refuse(refusal.get(), now);
                return;
            }
            try {
                protocol.accept(decision.subprotocol(), decision.headers(), now);
            } catch (IllegalArgumentException e) {
                protocol.refuse(failed(session, e).refusal().orElseThrow(), now);
            }
        }
    }

    private HandshakeDecision decide(Session session, Event.HandshakeRequest request) {
        if (server.isClosing()) {
            return HandshakeDecision.refuse(503, "Service Unavailable: shutting down");
        }
        if (server.connectionCount() >= maxConnections) {
            return HandshakeDecision.refuse(503, "Service Unavailable: too many connections")
                    .withHeader("Retry-After", "1");
        }
        if (!isHostServed(request.request().headers())) {
            return HandshakeDecision.refuse(421, "Misdirected Request: this host is not served here");
        }
        if (decider == null) {
            return accept(request.subprotocols());
        }
        try {
            return decider.apply(new HandshakeRequest(request.request(), request.subprotocols(), session.remote));
        } catch (RuntimeException | Error e) {
            return failed(session, e);
        }
    }

    private static HandshakeDecision failed(Session session, Throwable fault) {
        session.log.failed("the answer to the opening handshake", "the request is refused with 500", fault);
        return HandshakeDecision.refuse(500, "Internal Server Error");
    }

    private HandshakeDecision accept(List<String> offered) {
        // RFC 6455 §4.2.2: "If the server does not agree to any of the client's requested subprotocols ... the server
        // simply does not send back a |Sec-WebSocket-Protocol| header field".
        return subprotocols.stream()
                .filter(offered::contains)
                .findFirst()
                .map(HandshakeDecision::accept)
                .orElseGet(HandshakeDecision::accept);
    }

    private boolean isHostServed(HttpHeaders headers) {
        return hosts.isEmpty() || hosts.contains(withoutPort(String.valueOf(headers.first("Host"))));
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        boolean port = colon > host.lastIndexOf(']');
        return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    }

    @Override
    public void opened(WebSocket connection) {
        server.opened(connection);
    }

    @Override
    public void closed(Session session, @Nullable WebSocket connection, ConnectionClosedException how) {
        server.closed(connection);
    }

    @Override
    public void released(Session session) {
        server.released(session);
    }

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
