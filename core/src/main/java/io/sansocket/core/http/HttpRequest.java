package io.sansocket.core.http;

import io.sansocket.core.rule.Excerpt;
import java.util.Objects;

/**
 * The head of a request (RFC 9112 §3).
 *
 * @param method the method, a token; methods are case-sensitive
 * @param target the request target, visible ASCII
 * @param version the version
 * @param headers the fields
 * @since 0.1
 */
public record HttpRequest(String method, String target, HttpVersion version, HttpHeaders headers) {
    /**
     * Checks the grammar of the request line.
     *
     * @throws IllegalArgumentException when the method is not a token, or the target is empty or not visible ASCII
     */
    public HttpRequest {
        Objects.requireNonNull(version);
        Objects.requireNonNull(headers);
        if (!HttpTokens.isToken(method)) {
            throw new IllegalArgumentException("method " + Excerpt.of(method) + " is not a token (RFC 9110 §9.1)");
        }
        if (target.isEmpty() || !target.chars().allMatch(HttpTokens::isVisible)) {
            throw new IllegalArgumentException(
                    "request target " + Excerpt.of(target) + " is not visible ASCII (RFC 9112 §3.2)");
        }
    }

    /** Returns where the request line begins in the peer's stream, or 0 when the request was not received. */
    public long offset() {
        int line = method.length() + 1 + target.length() + 1 + HttpVersion.LENGTH;
        return Math.max(0, headers.startOffset() - line - "\r\n".length());
    }

    /** Returns the request line without its query, and the names of the fields: the rest may be secret. */
    @Override
    public String toString() {
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query) + "?...";
        return method + " " + Excerpt.of(path) + " " + version + " " + headers;
    }
}
