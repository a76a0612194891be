package io.sansocket.core.http;

import io.sansocket.core.rule.Excerpt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A response: its head, and its body where there is one (RFC 9112 §4).
 *
 * @param version the version
 * @param status the status code, 100–999
 * @param reason the reason phrase, one character per byte (ISO-8859-1), possibly empty
 * @param headers the fields
 * @param body the body, empty as it comes from the parser; read-only, with a position of its own for each call
 * @since 0.1
 */
public record HttpResponse(HttpVersion version, int status, String reason, HttpHeaders headers, ByteBuffer body) {
    private static final int FIRST_STATUS = 100;
    private static final int LAST_STATUS = 999;

    /**
     * Checks the grammar of the status line, and copies the body's remaining bytes; the buffer stays the caller's.
     *
     * @throws IllegalArgumentException when the status has not three digits, or the reason holds a control character
     *     but the tab, or a character above U+00FF
     */
    public HttpResponse {
        Objects.requireNonNull(version);
        Objects.requireNonNull(headers);
        // RFC 9110 §15: "The status code of a response is a three-digit integer code"
        if (status < FIRST_STATUS || status > LAST_STATUS) {
            throw new IllegalArgumentException(
                    "status " + status + " is not in " + FIRST_STATUS + "-" + LAST_STATUS + " (RFC 9110 §15)");
        }
        if (HttpTokens.indexOfNonText(reason) >= 0) {
            throw new IllegalArgumentException(
                    "reason phrase " + Excerpt.of(reason) + " has a control or non-Latin character (RFC 9112 §4)");
        }
        var copy = ByteBuffer.allocate(body.remaining());
        body = copy.put(body.duplicate()).flip().asReadOnlyBuffer();
    }

    /**
     * Returns an HTTP/1.1 response without a body.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public static HttpResponse of(int status, String reason, HttpHeaders headers) {
        return new HttpResponse(HttpVersion.HTTP_1_1, status, reason, headers, ByteBuffer.allocate(0));
    }

    /** Returns the body; its position is the caller's own. */
    @Override
    public ByteBuffer body() {
        return body.asReadOnlyBuffer();
    }

    /** Returns a copy with other headers. */
    public HttpResponse withHeaders(HttpHeaders others) {
        return new HttpResponse(version, status, reason, others, body);
    }

    /** Returns a copy with a body; the buffer's remaining bytes are copied. */
    public HttpResponse withBody(ByteBuffer bytes) {
        return new HttpResponse(version, status, reason, headers, bytes);
    }

    /** Returns a copy with a text as its body, in UTF-8. */
    public HttpResponse withBody(String text) {
        return withBody(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns where the status line begins in the peer's stream, or 0 when the response was not received. */
    public long offset() {
        int line = HttpVersion.LENGTH + StatusLine.STATUS_LENGTH + 2 + reason.length();
        return Math.max(0, headers.startOffset() - line - "\r\n".length());
    }

    /** Returns the status line, the names of the fields and the body's length: the rest may be secret. */
    @Override
    public String toString() {
        return version + " " + status + " " + Excerpt.of(reason) + " " + headers + ", body of " + body.remaining()
                + " bytes";
    }
}
