package io.sansocket.core.handshake;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Violation;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a client's opening handshake ended.
 *
 * @since 0.1
 */
public sealed interface HandshakeResult {
    /**
     * The server accepted.
     *
     * @param subprotocol the subprotocol it chose, or null
     * @param extensions the negotiated extensions in the order in which they are applied; the connection owns them
     * @since 0.1
     */
    record Accepted(@Nullable String subprotocol, List<Extension> extensions) implements HandshakeResult {
        /** Copies the list. */
        public Accepted {
            extensions = List.copyOf(extensions);
        }
    }

    /**
     * The server answered with plain HTTP: a status other than 101, redirects and 401 included.
     *
     * @param response the response
     * @since 0.1
     */
    record Refused(HttpResponse response) implements HandshakeResult {
        /**
         * Returns where a redirect (301, 302, 303, 307, 308) leads, as a ws or wss URI; empty when the response is
         * none, has not exactly one Location, or leads to no such URI. Whether to follow is the caller's decision:
         * another host must not get this one's credentials, and wss must not become ws.
         *
         * @param from the URI that was asked for, against which a relative Location is resolved
         */
        public Optional<URI> redirect(URI from) {
            return WebSocketUri.redirect(response, from);
        }
    }

    /**
     * The server said 101 but broke a rule; the connection must be failed.
     *
     * @param violation the first rule it broke
     * @since 0.1
     */
    record Violated(Violation violation) implements HandshakeResult {}
}
