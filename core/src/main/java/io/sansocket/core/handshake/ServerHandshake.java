package io.sansocket.core.handshake;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's side of the opening handshake (RFC 6455 §4.2): judges a request, and answers it. Immutable.
 *
 * @since 0.1
 */
public final class ServerHandshake {
    private final HttpRequest request;
    private final List<Violation> violations;

    private ServerHandshake(HttpRequest request, List<Violation> violations) {
        this.request = request;
        this.violations = violations;
    }

    /** Judges a request by the rules and by the server's choice of origins. */
    public static ServerHandshake of(HttpRequest request, OriginPolicy origins) {
        var violations = new ArrayList<>(RequestRules.check(request));
        violations.addAll(origins.check(request));
        return new ServerHandshake(request, List.copyOf(violations));
    }

    /** Returns the request. */
    public HttpRequest request() {
        return request;
    }

    /** Returns the rules the request breaks; empty when it may be accepted. */
    public List<Violation> violations() {
        return violations;
    }

    /** Returns the subprotocols the client asks for, in its order of preference. */
    public List<String> subprotocols() {
        return facts().subprotocols();
    }

    /**
     * Reads the request again. Kept while the application thinks, what a list of thousands of extensions says would take
     * forty times the memory of its bytes.
     */
    private RequestFacts facts() {
        return RequestFacts.of(request);
    }

    /**
     * Accepts the request. The application may instead send any {@link Refusal}.
     *
     * @param subprotocol one of {@link #subprotocols()}, or null for none
     * @param headers more headers for the response
     * @param providers the extensions the server has; the client's order of preference counts
     * @throws IllegalStateException when the request has {@link #violations()}
     * @throws IllegalArgumentException when the subprotocol was not asked for, a header is the handshake's own
     *     (Upgrade, Connection, Sec-WebSocket-…, Content-Length, Transfer-Encoding, Host, Origin), or two providers
     *     have one name
     */
    public Acceptance accept(@Nullable String subprotocol, HttpHeaders headers, List<ExtensionProvider> providers) {
        RequestFacts facts = facts();
        String key = facts.key();
        if (key == null || !violations.isEmpty()) {
            throw new IllegalStateException("the request cannot be accepted: " + violations);
        }
        // RFC 6455 §4.2.2: "The value chosen MUST be derived from the client's handshake"
        if (subprotocol != null && !facts.subprotocols().contains(subprotocol)) {
            throw new IllegalArgumentException("subprotocol " + Excerpt.of(subprotocol) + " was not asked for");
        }
        HandshakeHeaders.checkNoneOf(headers);
        var negotiation = new Negotiation(providers);
        negotiation.answer(facts.extensions());
        List<Extension> extensions = negotiation.extensions();

        HttpHeaders all = HttpHeaders.of(HeadCheck.UPGRADE, HeadCheck.WEBSOCKET)
                .with(HeadCheck.CONNECTION, HeadCheck.UPGRADE)
                .with(HeadCheck.ACCEPT, WebSocketKey.accept(key));
        if (subprotocol != null) {
            all = all.with(HeadCheck.PROTOCOL, subprotocol);
        }
        if (!extensions.isEmpty()) {
            var agreed = extensions.stream().map(Extension::agreed).toList();
            all = all.with(HeadCheck.EXTENSIONS, ExtensionHeader.format(agreed));
        }
        var response = HttpResponse.of(ResponseRules.SWITCHING_PROTOCOLS, "Switching Protocols", all.withAll(headers));
        return new Acceptance(response, subprotocol, extensions);
    }

    /**
     * An accepted handshake.
     *
     * @param response the response to send
     * @param subprotocol the chosen subprotocol, or null
     * @param extensions the negotiated extensions in the order in which they are applied; the connection owns them
     * @since 0.1
     */
    public record Acceptance(
            HttpResponse response, @Nullable String subprotocol, List<Extension> extensions) {
        /** Copies the list. */
        public Acceptance {
            extensions = List.copyOf(extensions);
        }
    }
}
