package io.sansocket.cli;

import io.sansocket.core.handshake.WebSocketKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/** A server that answers one handshake with bytes of the test's choice, right or wrong, and then hangs up or does not. */
final class RawServer implements AutoCloseable {
    /** What happens behind the bytes. */
    enum Then {
        HANG_UP,
        STAY
    }

    private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CompletableFuture<String> request = new CompletableFuture<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    private RawServer() throws IOException {}

    /** Accepts the handshake and sends this hex. */
    static RawServer sends(String hex, Then then) throws IOException {
        return answers(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Accept: %s\r\n\r\n",
                HexFormat.of().parseHex(hex.replace(" ", "")), then);
    }

    /** Sends this head, with the right Sec-WebSocket-Accept where it says so, and these bytes. */
    static RawServer answers(String head, byte[] bytes, Then then) throws IOException {
        var server = new RawServer();
        var thread = new Thread(() -> server.serve(head, bytes, then), "raw-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    String url() {
        return "ws://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Returns the request's head, once it has come. */
    String request() {
        return request.join();
    }

    private void serve(String head, byte[] bytes, Then then) {
        try (Socket client = socket.accept()) {
            var reader =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            var lines = new StringBuilder();
            String key = "";
            for (String line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
                lines.append(line).append('\n');
                if (line.startsWith("Sec-WebSocket-Key: ")) {
                    key = line.substring("Sec-WebSocket-Key: ".length());
                }
            }
            request.complete(lines.toString());
            client.getOutputStream()
                    .write(head.replace("%s", WebSocketKey.accept(key)).getBytes(StandardCharsets.ISO_8859_1));
            client.getOutputStream().write(bytes);
            client.getOutputStream().flush();
            if (then == Then.STAY) {
                closed.join();
            }
        } catch (IOException e) {
            // The client has left, which the test will see.
        }
    }

    @Override
    public void close() throws IOException {
        closed.complete(null);
        socket.close();
    }
}
