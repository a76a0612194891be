package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/** The headers that belong to the handshake, which an application must not set beside it. */
final class HandshakeHeaders {
    private static final String PREFIX = "sec-websocket-";
    private static final List<String> NAMES =
            List.of("host", "origin", "upgrade", "connection", "content-length", "transfer-encoding");

    private HandshakeHeaders() {}

    /** Throws an IllegalArgumentException when one of the headers is the handshake's own. */
    static void checkNoneOf(HttpHeaders headers) {
        for (HttpField field : headers) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(PREFIX) || NAMES.contains(name)) {
                throw new IllegalArgumentException("header " + field.name() + " belongs to the handshake");
            }
        }
    }
}
