package io.sansocket;

import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.Refusal;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer to a lawful opening handshake (RFC 6455 §4.2.2).
 *
 * @since 0.1
 */
public final class HandshakeDecision {
    private final @Nullable HttpResponse refusal;
    private final @Nullable String subprotocol;
    private final HttpHeaders headers;

    private HandshakeDecision(@Nullable HttpResponse refusal, @Nullable String subprotocol, HttpHeaders headers) {
        this.refusal = refusal;
        this.subprotocol = subprotocol;
        this.headers = headers;
    }

    /**
     * Accepts, with the first of {@link ServerBuilder#subprotocols} that the client offers, or without a subprotocol where
     * there is none.
     */
    public static HandshakeDecision accept() {
        return new HandshakeDecision(null, null, HttpHeaders.empty());
    }

    /**
     * Accepts with a subprotocol, which must be one that the client offers. It need not be one of
     * {@link ServerBuilder#subprotocols}.
     *
     * @throws IllegalArgumentException if it is not a token
     */
    public static HandshakeDecision accept(String subprotocol) {
        return new HandshakeDecision(null, checkSubprotocol(subprotocol), HttpHeaders.empty());
    }

    static String checkSubprotocol(String name) {
        // RFC 6455 §4.1: "The elements that comprise this value MUST be non-empty strings with characters in the range
        // U+0021 to U+007E not including separator characters as defined in [RFC2616]"
        if (!HttpTokens.isToken(name)) {
            throw new IllegalArgumentException("subprotocol " + Excerpt.of(name) + " is not a token (RFC 6455 §4.1)");
        }
        return name;
    }

    /**
     * Refuses with any response but 1xx. It is sent with {@code Connection: close} and the length of its body.
     *
     * @throws IllegalArgumentException if the status is below 200, the response has a Transfer-Encoding, or it has a body
     *     where its status (204, 304) allows none
     */
    public static HandshakeDecision refuse(HttpResponse response) {
        HttpResponse unused = Refusal.of(response); // made fit once all headers are known; checked now
        return new HandshakeDecision(response, null, HttpHeaders.empty());
    }

    /**
     * Refuses with a status and a line of text, which is the reason phrase and the body.
     *
     * @throws IllegalArgumentException if the status is not in 200–999, or is 204 or 304, which have no body, or if the
     *     text has a control or a non-Latin character
     */
    public static HandshakeDecision refuse(int status, String reason) {
        HttpHeaders headers = HttpHeaders.of("Content-Type", "text/plain; charset=utf-8");
        return refuse(HttpResponse.of(status, reason, headers).withBody(reason + "\n"));
    }

    /**
     * Returns a copy with one more header in the response.
     *
     * @throws IllegalArgumentException if the header breaks the grammar, or belongs to the handshake: Upgrade, Connection,
     *     Sec-WebSocket-… and those that say where the body ends
     */
    public HandshakeDecision withHeader(String name, String value) {
        HttpResponse response = refusal;
        if (response != null) {
            return refuse(response.withHeaders(response.headers().with(name, value)));
        }
        HttpHeaders more = headers.with(name, value);
        // What a client must not set beside the handshake's own headers, a server must not either.
        var checked = new HandshakeOptions(null, List.of(), more, List.of());
        return new HandshakeDecision(null, subprotocol, checked.headers());
    }

    Optional<HttpResponse> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    HttpHeaders headers() {
        return headers;
    }
}
