package io.sansocket.core.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes heads as bytes. What could break a head's grammar was refused when the values were made.
 *
 * @since 0.1
 */
public final class HttpHeadWriter {
    private static final String CRLF = "\r\n";

    private HttpHeadWriter() {}

    /** Returns the request's head; the array is the caller's. */
    public static byte[] write(HttpRequest request) {
        var head = new StringBuilder()
                .append(request.method())
                .append(' ')
                .append(request.target())
                .append(' ')
                .append(request.version());
        return end(head, request.headers()).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the response's head, and its body behind it; the array is the caller's. */
    public static byte[] write(HttpResponse response) {
        var head = new StringBuilder()
                .append(response.version())
                .append(' ')
                .append(response.status())
                .append(' ')
                .append(response.reason());
        byte[] bytes = end(head, response.headers()).getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer body = response.body();
        return ByteBuffer.allocate(bytes.length + body.remaining())
                .put(bytes)
                .put(body)
                .array();
    }

    private static String end(StringBuilder head, HttpHeaders headers) {
        head.append(CRLF);
        for (HttpField field : headers) {
            head.append(field.name()).append(": ").append(field.value()).append(CRLF);
        }
        return head.append(CRLF).toString();
    }
}
