package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;

/**
 * The responses a server refuses an opening handshake with. Each closes the connection and must not be cached.
 *
 * @since 0.1
 */
public final class Refusal {
    private static final String REQUEST_LINE = "the request line";
    private static final int FIRST_FINAL_STATUS = 200;
    private static final int NO_CONTENT = 204;
    private static final int NOT_MODIFIED = 304;
    private static final int FORBIDDEN = 403;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int URI_TOO_LONG = 414;
    private static final int UPGRADE_REQUIRED = 426;
    private static final int HEADERS_TOO_LARGE = 431;
    private static final int HTTP_VERSION_NOT_SUPPORTED = 505;

    private Refusal() {}

    /**
     * Returns the response that tells the client which rule it broke, as a line of text: what, value, limit and
     * section.
     *
     * @throws IllegalArgumentException when the rule is not one that a server refuses a handshake for
     */
    public static HttpResponse of(Violation violation) {
        int status = status(violation);
        HttpHeaders headers =
                switch (status) {
                    // RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response"
                    case METHOD_NOT_ALLOWED -> close("close").with("Allow", "GET");
                    // RFC 9110 §7.8: "A sender of Upgrade MUST also send an "Upgrade" connection option"
                    case UPGRADE_REQUIRED -> close("close, Upgrade").with(HeadCheck.UPGRADE, HeadCheck.WEBSOCKET);
                    default -> close("close");
                };
        String text = violation.rule().id() + ": " + violation.message() + " ("
                + violation.rule().source() + ")\n";
        // RFC 6455 §4.4: "If the server doesn't support the requested version, it MUST respond with a
        // |Sec-WebSocket-Version| header field (or multiple |Sec-WebSocket-Version| header fields) containing all
        // versions
        // it is willing to use." It may not be the first rule that such a request breaks, so every refusal says it.
        return finish(HttpResponse.of(
                        status,
                        reason(status),
                        headers.with(HeadCheck.VERSION, "13")
                                .with("Content-Type", "text/plain; charset=utf-8")
                                .with("X-Content-Type-Options", "nosniff"))
                .withBody(text));
    }

    /**
     * Returns an application's refusal, made fit to be sent: HTTP/1.1, {@code Connection: close}, {@code Cache-Control:
     * no-store} unless the response says otherwise, and the body's length.
     *
     * @throws IllegalArgumentException when the status is below 200, the response has a Transfer-Encoding, or it has a
     *     body where its status (204, 304) allows none
     */
    public static HttpResponse of(HttpResponse response) {
        if (response.status() < FIRST_FINAL_STATUS) {
            throw new IllegalArgumentException("status " + response.status() + " does not refuse, it is below "
                    + FIRST_FINAL_STATUS + " (RFC 9110 §15)");
        }
        if (response.headers().contains(HeadCheck.TRANSFER_ENCODING)) {
            throw new IllegalArgumentException("a refusal is sent whole, without Transfer-Encoding");
        }
        if (isBodiless(response.status()) && response.body().hasRemaining()) {
            throw new IllegalArgumentException("a response with status " + response.status() + " has no body, not "
                    + response.body().remaining() + " bytes (RFC 9110 §6.4.1)");
        }
        return finish(response.withHeaders(
                response.headers().without(HeadCheck.CONNECTION).with(HeadCheck.CONNECTION, "close")));
    }

    private static HttpHeaders close(String connection) {
        return HttpHeaders.of(HeadCheck.CONNECTION, connection);
    }

    private static HttpResponse finish(HttpResponse response) {
        HttpHeaders headers = response.headers().without(HeadCheck.CONTENT_LENGTH);
        if (!headers.contains("Cache-Control")) {
            headers = headers.with("Cache-Control", "no-store");
        }
        if (!isBodiless(response.status())) {
            headers = headers.with(
                    HeadCheck.CONTENT_LENGTH, String.valueOf(response.body().remaining()));
        }
        return new HttpResponse(HttpVersion.HTTP_1_1, response.status(), response.reason(), headers, response.body());
    }

    private static boolean isBodiless(int status) {
        return status == NO_CONTENT || status == NOT_MODIFIED;
    }

    private static int status(Violation violation) {
        int status = violation.rule().httpStatus();
        if (status == Rule.NONE) {
            throw new IllegalArgumentException("no handshake is refused for " + violation.rule());
        }
        // RFC 9110 §15.5.15: "the server is refusing to service the request because the target URI is longer"; the
        // parser begins its message with the line it stopped in.
        boolean line = status == HEADERS_TOO_LARGE && violation.message().startsWith(REQUEST_LINE);
        return line ? URI_TOO_LONG : status;
    }

    private static String reason(int status) {
        return switch (status) {
            case FORBIDDEN -> "Forbidden";
            case METHOD_NOT_ALLOWED -> "Method Not Allowed";
            case REQUEST_TIMEOUT -> "Request Timeout";
            case URI_TOO_LONG -> "URI Too Long";
            case UPGRADE_REQUIRED -> "Upgrade Required";
            case HEADERS_TOO_LARGE -> "Request Header Fields Too Large";
            case HTTP_VERSION_NOT_SUPPORTED -> "HTTP Version Not Supported";
            default -> "Bad Request";
        };
    }
}
