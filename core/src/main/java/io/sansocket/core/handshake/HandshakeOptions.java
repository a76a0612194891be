package io.sansocket.core.handshake;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for in its opening handshake, beside the URI (RFC 6455 §4.1).
 *
 * @param origin the Origin header's value, or null to send none
 * @param subprotocols the subprotocols, in order of preference
 * @param headers more headers
 * @param extensions the extensions, in order of preference
 * @since 0.1
 */
public record HandshakeOptions(
        @Nullable String origin, List<String> subprotocols, HttpHeaders headers, List<ExtensionProvider> extensions) {
    /** Asks for nothing. */
    public static final HandshakeOptions NONE = new HandshakeOptions(null, List.of(), HttpHeaders.empty(), List.of());

    /**
     * Checks what can be checked without the URI, and copies the lists.
     *
     * @throws IllegalArgumentException when a subprotocol is not a token or comes twice, a header is the handshake's
     *     own (Host, Origin, Upgrade, Connection, Sec-WebSocket-…, Content-Length, Transfer-Encoding), two extension
     *     providers have one name, or the origin breaks the grammar of header values
     */
    public HandshakeOptions {
        if (origin != null) {
            HttpHeaders.of("Origin", origin);
        }
        // RFC 6455 §4.1 item 10: the elements "MUST all be unique strings"
        var names = new HashSet<String>();
        for (String name : subprotocols) {
            if (!HttpTokens.isToken(name) || !names.add(name)) {
                throw new IllegalArgumentException(
                        "subprotocol " + Excerpt.of(name) + " is not a token or comes twice (RFC 6455 §4.1)");
            }
        }
        HandshakeHeaders.checkNoneOf(headers);
        subprotocols = List.copyOf(subprotocols);
        extensions = Negotiation.checkNames(extensions);
    }

    /** Returns a copy with an origin. */
    public HandshakeOptions withOrigin(String value) {
        return new HandshakeOptions(value, subprotocols, headers, extensions);
    }

    /** Returns a copy with these subprotocols. */
    public HandshakeOptions withSubprotocols(String... names) {
        return new HandshakeOptions(origin, List.of(names), headers, extensions);
    }

    /** Returns a copy with one more header. */
    public HandshakeOptions withHeader(String name, String value) {
        return new HandshakeOptions(origin, subprotocols, headers.with(name, value), extensions);
    }

    /** Returns a copy with these extensions. */
    public HandshakeOptions withExtensions(ExtensionProvider... providers) {
        return new HandshakeOptions(origin, subprotocols, headers, List.of(providers));
    }
}
