package io.sansocket.bench.echo;

import io.sansocket.Listener;
import io.sansocket.Loops;
import io.sansocket.Message;
import io.sansocket.ServerBuilder;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketServer;
import io.sansocket.core.deflate.PermessageDeflate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Ours, through both of its APIs, on one event loop. */
final class SansocketEcho {
    private static final int MAX_CONNECTIONS = 100_000;

    private SansocketEcho() {}

    static void listen(int port, boolean deflate) throws IOException {
        start(builder(port, deflate).listener(new Echo()));
    }

    static void handle(int port, boolean deflate) throws IOException {
        start(builder(port, deflate).handler(connection -> {
            for (Message message : connection) {
                connection.send(message);
            }
        }));
    }

    private static ServerBuilder builder(int port, boolean deflate) {
        ServerBuilder builder = WebSocketServer.builder()
                .port(Server.HOST, port)
                .loops(Loops.of(1, "loop"))
                .maxConnections(MAX_CONNECTIONS);
        return deflate ? builder.compression(PermessageDeflate.create()) : builder;
    }

    private static void start(ServerBuilder builder) throws IOException {
        builder.start();
        Server.ready();
    }

    private static final class Echo implements Listener {
        @Override
        public void onText(WebSocket connection, String text) {
            try {
                connection.send(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e); // nothing waits on a loop
            }
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            try {
                connection.send(data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e); // nothing waits on a loop
            }
        }
    }
}
