package io.sansocket.core.protocol;

import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.SecureMaskingKeys;
import io.sansocket.core.handshake.ClientHandshake;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.WebSocketKey;
import io.sansocket.core.http.HttpHeadWriter;
import java.net.URI;
import java.nio.ByteBuffer;

/**
 * A client's end of one connection (RFC 6455 §4.1, §5–§7).
 *
 * <p>The request is queued at once; {@link Event.Opened} or {@link Event.Refused} answers it.
 *
 * @since 0.1
 */
public final class ClientProtocol extends Protocol {
    private ClientProtocol(ClientHandshake handshake, Settings settings, MaskingKeySource maskingKeys, long now) {
        super(Role.CLIENT, settings, maskingKeys, now);
        connection.begin(new ClientOpening(connection, settings.limits(), handshake));
        output.appendOwned(HttpHeadWriter.write(handshake.request()));
    }

    /**
     * Queues the request, with the defaults and masking keys from {@link SecureMaskingKeys}.
     *
     * @param uri a ws or wss URI
     * @param now the time, in nanoseconds of the caller's monotonic clock
     * @throws IllegalArgumentException if the URI cannot be connected to
     */
    public static ClientProtocol connect(URI uri, long now) {
        return connect(uri, HandshakeOptions.NONE, Settings.CLIENT, new SecureMaskingKeys(), now);
    }

    /**
     * Queues the request.
     *
     * @param uri a ws or wss URI
     * @param options what to ask for: subprotocols, extensions, origin, more headers
     * @param maskingKeys where the masking keys come from, and the nonce of {@code Sec-WebSocket-Key}
     * @param now the time, in nanoseconds of the caller's monotonic clock
     * @throws IllegalArgumentException if the URI or an option cannot be sent
     */
    public static ClientProtocol connect(
            URI uri, HandshakeOptions options, Settings settings, MaskingKeySource maskingKeys, long now) {
        ByteBuffer nonce = ByteBuffer.allocate(WebSocketKey.NONCE_LENGTH);
        while (nonce.hasRemaining()) {
            nonce.putInt(maskingKeys.next());
        }
        return new ClientProtocol(ClientHandshake.of(uri, options, nonce.array()), settings, maskingKeys, now);
    }
}
