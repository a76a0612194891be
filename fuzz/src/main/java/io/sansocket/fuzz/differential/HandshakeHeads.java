package io.sansocket.fuzz.differential;

import org.jspecify.annotations.Nullable;

/** The opening handshakes that lead to a stream: what the side that sends the stream says in its own. */
final class HandshakeHeads {
    private static final String END = "\r\n";

    private HandshakeHeads() {}

    /** Returns the client's request; its offer limits what the client sends. */
    static String request(@Nullable Deflate deflate) {
        return "GET / HTTP/1.1" + END + "Host: server.example.com" + END + "Upgrade: websocket" + END
                + "Connection: Upgrade" + END + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" + END
                + "Sec-WebSocket-Version: 13" + END + extension("client", deflate) + END;
    }

    /** Returns the server's response; what it agrees to limits what the server sends. */
    static String response(String accept, @Nullable Deflate deflate) {
        return "HTTP/1.1 101 Switching Protocols" + END + "Upgrade: websocket" + END + "Connection: Upgrade" + END
                + "Sec-WebSocket-Accept: " + accept + END + extension("server", deflate) + END;
    }

    private static String extension(String sender, @Nullable Deflate deflate) {
        if (deflate == null) {
            return "";
        }
        String takeover = deflate.takeover() ? "" : "; " + sender + "_no_context_takeover";
        return "Sec-WebSocket-Extensions: permessage-deflate; " + sender + "_max_window_bits=" + deflate.windowBits()
                + takeover + END;
    }
}
