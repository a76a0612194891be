package io.sansocket.core.handshake;

import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * A client's side of the opening handshake (RFC 6455 §4.1): makes the request, and judges the response. Immutable.
 *
 * @since 0.1
 */
public final class ClientHandshake {
    private final HttpRequest request;
    private final RequestFacts facts;
    private final List<ExtensionProvider> providers;

    private ClientHandshake(HttpRequest request, RequestFacts facts, List<ExtensionProvider> providers) {
        this.request = request;
        this.facts = facts;
        this.providers = providers;
    }

    /**
     * Makes the request.
     *
     * @param uri a ws or wss URI without user and fragment; what is not ASCII in its path and query is percent-encoded,
     *     its host must be ASCII
     * @param options what to ask for
     * @param nonce {@value WebSocketKey#NONCE_LENGTH} random bytes, fresh for each connection; not kept
     * @throws IllegalArgumentException when the URI or the nonce is none of these, or an extension provider offers
     *     under another name than its own
     */
    public static ClientHandshake of(URI uri, HandshakeOptions options, byte[] nonce) {
        var target = WebSocketUri.of(uri);
        List<ExtensionOffer> offers = offers(options.extensions());
        String key = WebSocketKey.of(nonce);
        HttpHeaders headers = HttpHeaders.of(HeadCheck.HOST, target.hostHeader())
                .with(HeadCheck.UPGRADE, HeadCheck.WEBSOCKET)
                .with(HeadCheck.CONNECTION, HeadCheck.UPGRADE)
                .with(HeadCheck.KEY, key)
                .with(HeadCheck.VERSION, "13");
        if (options.origin() != null) {
            headers = headers.with("Origin", options.origin());
        }
        if (!options.subprotocols().isEmpty()) {
            headers = headers.with(HeadCheck.PROTOCOL, String.join(", ", options.subprotocols()));
        }
        if (!offers.isEmpty()) {
            headers = headers.with(HeadCheck.EXTENSIONS, ExtensionHeader.format(offers));
        }
        var request = new HttpRequest("GET", target.target(), HttpVersion.HTTP_1_1, headers.withAll(options.headers()));
        var facts = new RequestFacts(key, options.subprotocols(), offers);
        return new ClientHandshake(request, facts, options.extensions());
    }

    private static List<ExtensionOffer> offers(List<ExtensionProvider> providers) {
        var offers = new ArrayList<ExtensionOffer>();
        for (ExtensionProvider provider : providers) {
            for (ExtensionOffer offer : provider.offers()) {
                if (!offer.name().equals(provider.name())) {
                    throw new IllegalArgumentException("the provider of extension " + Excerpt.of(provider.name())
                            + " offers " + Excerpt.of(offer.name()));
                }
                offers.add(offer);
            }
        }
        return offers;
    }

    /** Returns the request to send. */
    public HttpRequest request() {
        return request;
    }

    /**
     * Judges the response. Never throws for the server's faults; interim responses (1xx but 101) are to be skipped
     * before.
     *
     * <p>Extensions of an accepted handshake belong to the caller, who releases them; otherwise none is left.
     */
    public HandshakeResult judge(HttpResponse response) {
        // RFC 6455 §4.1: "If the status code received from the server is not 101, the client handles the response per
        // HTTP [RFC2616] procedures."
        if (response.status() != ResponseRules.SWITCHING_PROTOCOLS) {
            return new HandshakeResult.Refused(response);
        }
        List<Violation> violations = ResponseRules.check(facts, response);
        if (!violations.isEmpty()) {
            return new HandshakeResult.Violated(violations.get(0));
        }
        var negotiation = new Negotiation(providers);
        String reason = negotiation.accept(new HeadCheck(response.headers()).extensions());
        if (reason != null) {
            HttpField field = response.headers().fields(HeadCheck.EXTENSIONS).get(0);
            return new HandshakeResult.Violated(new Violation(Rule.HANDSHAKE_EXTENSION, field.offset(), reason));
        }
        return new HandshakeResult.Accepted(response.headers().first(HeadCheck.PROTOCOL), negotiation.extensions());
    }
}
