package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.Handshakedata;
import org.jspecify.annotations.Nullable;

/** Java-WebSocket: its connection without a socket, led through a real handshake. */
final class JavaWebSocketJudge implements Judge {
    private static final String KEY_FIELD = "Sec-WebSocket-Key: ";
    private static final int KEY_LENGTH = 24;

    @Override
    public String name() {
        return "java-websocket";
    }

    @Override
    public String version() {
        return "1.6.0";
    }

    @Override
    public List<Verdict> judge(List<Stream> streams) {
        return streams.stream().map(JavaWebSocketJudge::judge).toList();
    }

    private static Verdict judge(Stream stream) {
        var listener = new Listener();
        WebSocketImpl connection = open(stream, listener);
        IExtension extension = ((Draft_6455) connection.getDraft()).getExtension();
        for (byte[] piece : stream.pieces()) {
            if (listener.end != null) {
                break;
            }
            try {
                connection.decode(ByteBuffer.wrap(piece));
            } catch (RuntimeException e) {
                listener.threw(e);
            }
        }
        end(extension);
        return listener.verdict();
    }

    private static WebSocketImpl open(Stream stream, Listener listener) {
        Deflate deflate = stream.deflate();
        var extensions = new ArrayList<IExtension>();
        if (deflate != null) {
            var compression = new PerMessageDeflateExtension();
            // What it calls the client's is what it does with what it receives, in either role.
            compression.setClientNoContextTakeover(!deflate.takeover());
            extensions.add(compression);
        }
        var draft = new Draft_6455(extensions, LIMIT);
        WebSocketImpl connection;
        if (stream.receiver() == Role.SERVER) {
            connection = new WebSocketImpl(listener, List.of(draft));
            connection.decode(head(HandshakeHeads.request(deflate)));
        } else {
            connection = new WebSocketImpl(listener, draft);
            String accept = startHandshake(connection);
            connection.decode(head(HandshakeHeads.response(accept, deflate)));
        }
        if (!connection.isOpen()) {
            throw new IllegalStateException("the handshake failed: " + listener.verdict());
        }
        extensions.forEach(JavaWebSocketJudge::end); // copies of it are in use
        connection.outQueue.clear();
        return connection;
    }

    private static String startHandshake(WebSocketImpl connection) {
        var request = new HandshakeImpl1Client();
        request.setResourceDescriptor("/");
        request.put("Host", "server.example.com");
        try {
            connection.startHandshake(request);
        } catch (InvalidHandshakeException e) {
            throw new IllegalStateException(e);
        }
        String sent = StandardCharsets.ISO_8859_1
                .decode(connection.outQueue.element())
                .toString();
        int key = sent.indexOf(KEY_FIELD) + KEY_FIELD.length();
        return io.sansocket.core.handshake.WebSocketKey.accept(sent.substring(key, key + KEY_LENGTH));
    }

    private static ByteBuffer head(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Gives back zlib's memory, which the extension leaves to the garbage collector: too late for so many streams. */
    private static void end(IExtension extension) {
        if (extension instanceof PerMessageDeflateExtension) {
            ((Inflater) field(extension, "inflater")).end();
            ((Deflater) field(extension, "deflater")).end();
        }
    }

    private static Object field(IExtension extension, String name) {
        try {
            Field field = PerMessageDeflateExtension.class.getDeclaredField(name);
            field.setAccessible(true);
            return field.get(extension);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Takes what the connection hands on, up to the first Close frame or failure. */
    private static final class Listener extends WebSocketAdapter {
        private final List<Verdict.Item> items = new ArrayList<>();
        private Verdict.@Nullable End end;
        private String why = "";

        Verdict verdict() {
            return new Verdict(items, end == null ? Verdict.End.EOF : end, why);
        }

        void threw(RuntimeException exception) {
            if (end == null) {
                end = Verdict.End.fail(Verdict.End.NO_CODE);
                why = "threw " + exception;
            }
        }

        private void add(Verdict.Item item) {
            if (end == null) {
                items.add(item);
            }
        }

        @Override
        public void onWebsocketMessage(WebSocket connection, String message) {
            add(Verdict.Item.text(message));
        }

        @Override
        public void onWebsocketMessage(WebSocket connection, ByteBuffer blob) {
            add(Verdict.Item.of(Verdict.Type.BINARY, blob));
        }

        @Override
        public void onWebsocketPing(WebSocket connection, Framedata frame) {
            add(Verdict.Item.of(Verdict.Type.PING, frame.getPayloadData()));
        }

        @Override
        public void onWebsocketPong(WebSocket connection, Framedata frame) {
            add(Verdict.Item.of(Verdict.Type.PONG, frame.getPayloadData()));
        }

        @Override
        public void onWebsocketClosing(WebSocket connection, int code, @Nullable String reason, boolean remote) {
            if (end == null) {
                String text = reason == null ? "" : reason;
                end = remote ? Verdict.End.close(code, text) : Verdict.End.fail(code);
                why = text;
            }
        }

        @Override
        public void onWebsocketError(WebSocket connection, Exception exception) {}

        @Override
        public void onWebsocketOpen(WebSocket connection, Handshakedata handshake) {}

        @Override
        public void onWebsocketClose(WebSocket connection, int code, String reason, boolean remote) {}

        @Override
        public void onWebsocketCloseInitiated(WebSocket connection, int code, String reason) {}

        @Override
        public void onWriteDemand(WebSocket connection) {}

        @Override
        public java.net.@Nullable InetSocketAddress getLocalSocketAddress(WebSocket connection) {
            return null;
        }

        @Override
        public java.net.@Nullable InetSocketAddress getRemoteSocketAddress(WebSocket connection) {
            return null;
        }
    }
}
