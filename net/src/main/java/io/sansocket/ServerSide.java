package io.sansocket;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.lang.System.Logger.Level;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a server answers its connections' opening handshakes. One for all connections; called on each one's loop. */
final class ServerSide implements Opener {
    /** What a request breaks that is lawful, and asks for something else than a WebSocket: a browser's, a health check's. */
    private static final Set<Rule> NO_HANDSHAKE =
            EnumSet.of(Rule.HANDSHAKE_METHOD, Rule.HANDSHAKE_HTTP_VERSION, Rule.HANDSHAKE_UPGRADE);

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
        hosts = List.copyOf(builder.hosts);
        subprotocols = List.copyOf(builder.subprotocols);
        maxConnections = builder.maxConnections;
        decider = builder.decider;
    }

    @Override
    public void opening(Session session, Event event) {
        if (event instanceof Event.HandshakeRequest request) {
            var protocol = (ServerProtocol) session.protocol;
            long now = session.conduit.now();
            try {
                answer(protocol, request.subprotocols(), decide(session, request), now);
            } catch (Throwable e) { // checked ones as well: not every language asks for them to be declared
                session.log.failed("the answer to the opening handshake", "the request is refused with 500", e);
                protocol.refuse(
                        HandshakeDecision.refuse(500, "Internal Server Error")
                                .refusal()
                                .orElseThrow(),
                        now);
            }
        }
    }

    private void answer(ServerProtocol protocol, List<String> offered, HandshakeDecision decision, long now) {
        Optional<HttpResponse> refusal = decision.refusal();
        if (refusal.isPresent()) {
            protocol.refuse(refusal.get(), now);
        } else {
            String chosen = decision.subprotocol();
            protocol.accept(chosen == null ? choose(offered) : chosen, decision.headers(), now);
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
            return HandshakeDecision.accept();
        }
        return Objects.requireNonNull(
                decider.apply(new HandshakeRequest(request.request(), request.subprotocols(), session.remote)),
                "onHandshake returned null, not a decision");
    }

    private @Nullable String choose(List<String> offered) {
        // RFC 6455 §4.2.2: "If the server does not agree to any of the client's requested subprotocols ... the server
        // simply does not send back a |Sec-WebSocket-Protocol| header field".
        return subprotocols.stream().filter(offered::contains).findFirst().orElse(null);
    }

    private boolean isHostServed(HttpHeaders headers) {
        return hosts.isEmpty() || hosts.contains(HostNames.normalized(String.valueOf(headers.first("Host"))));
    }

    @Override
    public void opened(WebSocket connection) {
        server.opened(connection);
    }

    @Override
    public void closed(Session session, @Nullable WebSocket connection, ConnectionClosedException how) {
        if (connection == null && !session.endedInTls()) {
            logNotOpened(session.log, how);
        }
        server.closed(connection);
    }

    /** Anybody can make connections that never open: only who fails at it is a trouble, for it may be a client of ours. */
    private static void logNotOpened(Log log, ConnectionClosedException how) {
        Closed closed = how.closed();
        Violation violation = closed.violation();
        Rule rule = closed.rule();
        if (violation == null || rule == Rule.HANDSHAKE_ORIGIN || NO_HANDSHAKE.contains(rule)) {
            log.refused(closed);
        } else {
            boolean unfinished = rule == Rule.HANDSHAKE_INCOMPLETE || rule == Rule.HANDSHAKE_TIMEOUT;
            boolean silent = unfinished && violation.offset() == 0;
            log.notOpened(silent ? Level.DEBUG : Level.WARNING, closed, how.getCause());
        }
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
