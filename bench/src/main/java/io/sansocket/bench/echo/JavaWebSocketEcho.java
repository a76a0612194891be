package io.sansocket.bench.echo;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket, with one thread that decodes beside the one that selects. */
final class JavaWebSocketEcho extends WebSocketServer {
    private JavaWebSocketEcho(int port, Draft_6455 draft) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1, List.of(draft));
        setConnectionLostTimeout(0);
        setTcpNoDelay(true);
        setReuseAddr(true);
        setMaxPendingConnections(Server.BACKLOG);
    }

    static void serve(int port, boolean deflate) {
        Draft_6455 draft = deflate ? new Draft_6455(new PerMessageDeflateExtension(Server.LEVEL)) : new Draft_6455();
        new JavaWebSocketEcho(port, draft).start();
    }

    @Override
    public void onStart() {
        Server.ready();
    }

    @Override
    public void onOpen(WebSocket connection, ClientHandshake handshake) {}

    @Override
    public void onMessage(WebSocket connection, String text) {
        connection.send(text);
    }

    @Override
    public void onMessage(WebSocket connection, ByteBuffer data) {
        connection.send(data);
    }

    @Override
    public void onClose(WebSocket connection, int code, String reason, boolean remote) {}

    @Override
    public void onError(WebSocket connection, Exception fault) {}
}
