package io.sansocket.bench;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.SecureMaskingKeys;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;

/** Connections whose opening handshake is done. */
final class Sessions {
    private static final int HEAD = 4096;

    private Sessions() {}

    /** Returns the server's end. */
    static Protocol server() {
        return open().server();
    }

    /** Returns the client's end. */
    static Protocol client() {
        return open().client();
    }

    /** Both ends. */
    record Both(Protocol client, Protocol server) {}

    /** Opens a connection between two ends that have the same extensions. */
    static Both open(ExtensionProvider... extensions) {
        var client = ClientProtocol.connect(
                URI.create("ws://localhost/"),
                HandshakeOptions.NONE.withExtensions(extensions),
                Settings.CLIENT,
                new SecureMaskingKeys(),
                0);
        var server = new ServerProtocol(Settings.SERVER, OriginPolicy.any(), List.of(extensions), 0);
        carry(client, server);
        for (Event event = server.nextEvent(); event != null; event = server.nextEvent()) {
            if (event instanceof Event.HandshakeRequest) {
                server.accept(0);
            }
        }
        carry(server, client);
        while (client.nextEvent() != null) {
            // Only the handshake's events come.
        }
        return new Both(client, server);
    }

    private static void carry(Protocol from, Protocol to) {
        ByteBuffer bytes = ByteBuffer.allocate(HEAD);
        from.transmit(bytes);
        to.receive(bytes.flip(), 0);
    }
}
