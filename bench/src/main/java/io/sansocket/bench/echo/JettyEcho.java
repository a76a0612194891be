package io.sansocket.bench.echo;

import java.time.Duration;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/** Jetty's core API, whose messages are frames: the leanest it has. It compresses when the client offers to. */
final class JettyEcho {
    private static final int THREADS = 16;
    private static final int MAX_FRAME = 16 << 20;

    private JettyEcho() {}

    static void serve(int port) throws Exception {
        var server = new org.eclipse.jetty.server.Server(new QueuedThreadPool(THREADS));
        var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(new HttpConfiguration()));
        connector.setHost(Server.HOST);
        connector.setPort(port);
        connector.setIdleTimeout(0);
        connector.setAcceptQueueSize(Server.BACKLOG);
        server.addConnector(connector);

        var upgrade = new WebSocketUpgradeHandler();
        Configuration configuration = upgrade.getConfiguration();
        configuration.setIdleTimeout(Duration.ZERO);
        configuration.setMaxFrameSize(MAX_FRAME);
        configuration.setMaxBinaryMessageSize(MAX_FRAME);
        configuration.setMaxTextMessageSize(MAX_FRAME);
        configuration.setAutoFragment(false);
        upgrade.addMapping("/", (request, response, callback) -> new Echo());
        server.setHandler(upgrade);
        server.start();
        Server.ready();
    }

    private static final class Echo implements FrameHandler {
        private CoreSession session;

        @Override
        public void onOpen(CoreSession opened, Callback callback) {
            session = opened;
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onFrame(Frame frame, Callback callback) {
            switch (frame.getOpCode()) {
                case OpCode.TEXT -> send(new Frame(OpCode.TEXT, frame.getPayloadAsUTF8()), callback);
                case OpCode.BINARY -> send(new Frame(OpCode.BINARY, frame.getPayload()), callback);
                case OpCode.CLOSE -> callback.succeeded();
                default -> taken(callback);
            }
        }

        private void send(Frame frame, Callback callback) {
            session.sendFrame(frame, Callback.from(() -> taken(callback), callback::failed), false);
        }

        private void taken(Callback callback) {
            callback.succeeded();
            session.demand();
        }

        @Override
        public void onError(Throwable cause, Callback callback) {
            callback.succeeded();
        }

        @Override
        public void onClosed(CloseStatus status, Callback callback) {
            callback.succeeded();
        }
    }
}
