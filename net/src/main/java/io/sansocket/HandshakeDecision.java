package io.sansocket;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
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

    /** Accepts, without a subprotocol. */
    public static HandshakeDecision accept() {
        return new HandshakeDecision(null, null, HttpHeaders.empty());
    }

    /** Accepts with a subprotocol, which must be one that the client offers. */
    public static HandshakeDecision accept(String subprotocol) {
        return new HandshakeDecision(null, subprotocol, HttpHeaders.empty());
    }

    /** Refuses with any response but 1xx. */
    public static HandshakeDecision refuse(HttpResponse response) {
        return new HandshakeDecision(response, null, HttpHeaders.empty());
    }

    /** Refuses with a status and a line of text as the body. */
    public static HandshakeDecision refuse(int status, String reason) {
        HttpHeaders headers = HttpHeaders.of("Content-Type", "text/plain; charset=utf-8");
        return refuse(HttpResponse.of(status, reason, headers).withBody(reason + "\n"));
    }

    /** Returns a copy with one more header in the response. */
    public HandshakeDecision withHeader(String name, String value) {
        HttpResponse response = refusal;
        return response == null
                ? new HandshakeDecision(null, subprotocol, headers.with(name, value))
                : refuse(response.withHeaders(response.headers().with(name, value)));
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
