package io.sansocket.core.protocol;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server's end of one connection (RFC 6455 §4.2, §5–§7).
 *
 * <p>{@link Event.HandshakeRequest} comes first when the request is lawful; answer it with {@link #accept} or
 * {@link #refuse}. A request that breaks a rule is refused without asking.
 *
 * @since 0.1
 */
public final class ServerProtocol extends Protocol {
    /** Waits for a request, with the defaults: requests of the same origin, no extensions. */
    public ServerProtocol(long now) {
        this(Settings.SERVER, OriginPolicy.sameOrigin(), List.of(), now);
    }

    /**
     * Waits for a request.
     *
     * @param origins which origins may connect (RFC 6455 §10.2)
     * @param extensions the extensions to agree to, in order of preference
     * @param now the time, in nanoseconds of the caller's monotonic clock
     */
    public ServerProtocol(Settings settings, OriginPolicy origins, List<ExtensionProvider> extensions, long now) {
        super(Role.SERVER, settings, null, now);
        connection.begin(new ServerOpening(connection, output, settings.limits(), origins, extensions));
    }

    /**
     * Accepts the request without a subprotocol. {@link Event.Opened} comes next.
     *
     * @throws IllegalStateException if no request waits for an answer
     */
    public void accept(long now) {
        accept(null, HttpHeaders.empty(), now);
    }

    /**
     * Accepts the request.
     *
     * @param subprotocol one of those the client offers, or null for none
     * @param headers more headers for the response
     * @throws IllegalStateException if no request waits for an answer
     * @throws IllegalArgumentException if the client did not offer the subprotocol, or a header is the handshake's own
     */
    public void accept(@Nullable String subprotocol, HttpHeaders headers, long now) {
        opening().accept(subprotocol, headers, now);
    }

    /**
     * Refuses the request with any response but 101; it is completed with {@code Connection: close} and the length of its
     * body. {@link Closed} comes once the client has closed.
     *
     * @throws IllegalStateException if no request waits for an answer
     * @throws IllegalArgumentException if the response's status is 1xx
     */
    public void refuse(HttpResponse response, long now) {
        opening().refuse(response, now);
    }

    private ServerOpening opening() {
        ServerOpening opening = connection.opening(ServerOpening.class);
        if (opening == null) {
            throw ServerOpening.nothingToAnswer(connection);
        }
        return opening;
    }
}
