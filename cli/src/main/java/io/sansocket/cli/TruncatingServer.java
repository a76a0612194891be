package io.sansocket.cli;

import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.handshake.WebSocketKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A server with a mistake: it sends one client one text frame whose header declares more bytes than follow. */
final class TruncatingServer implements AutoCloseable {
    private static final String KEY = "Sec-WebSocket-Key:";

    private final ServerSocket socket;
    private final byte[] text;
    private final int tooMany;
    private final CountDownLatch hangUp = new CountDownLatch(1);

    private TruncatingServer(ServerSocket socket, String text, int tooMany) {
        this.socket = socket;
        this.text = text.getBytes(StandardCharsets.UTF_8);
        this.tooMany = tooMany;
    }

    /** Starts it on loopback, on any port. */
    static TruncatingServer start(String text, int tooMany) throws IOException {
        var server = new TruncatingServer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), text, tooMany);
        var thread = new Thread(server::serve, "sansocket-demo");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    URI uri() {
        String host = socket.getInetAddress().getHostAddress();
        return URI.create(
                "ws://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + socket.getLocalPort() + "/");
    }

    /** Has it end the connection. */
    void hangUp() {
        hangUp.countDown();
    }

    private void serve() {
        try (Socket client = socket.accept()) {
            String key = readKey(client);
            if (key != null) {
                OutputStream out = client.getOutputStream();
                out.write(response(key));
                out.write(frame());
                out.flush();
                hangUp.await();
            }
        } catch (IOException e) {
            // The client has left, or the command has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String readKey(Socket client) throws IOException {
        var head = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        String key = null;
        for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
            if (line.regionMatches(true, 0, KEY, 0, KEY.length())) {
                key = line.substring(KEY.length()).strip();
            }
        }
        return key;
    }

    private static byte[] response(String key) {
        String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + WebSocketKey.accept(key) + "\r\n\r\n";
        return head.getBytes(StandardCharsets.ISO_8859_1);
    }

    private byte[] frame() {
        int declared = text.length + tooMany;
        int header = FrameEncoder.headerLength(declared, false);
        byte[] frame = new byte[header + text.length];
        FrameEncoder.encodeHeader(frame, 0, true, 0, Opcode.TEXT, declared);
        System.arraycopy(text, 0, frame, header, text.length);
        return frame;
    }

    @Override
    public void close() throws IOException {
        hangUp();
        socket.close();
    }
}
