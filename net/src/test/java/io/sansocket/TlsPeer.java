package io.sansocket;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** The other end, by the platform's blocking sockets: with as little WebSocket as a test needs, to be broken at will. */
final class TlsPeer implements AutoCloseable {
    private static final List<String> REQUEST = List.of(
            "GET / HTTP/1.1",
            "Host: localhost",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
            "Sec-WebSocket-Version: 13");
    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");

    /** What a peer does with its connection. */
    interface Role<T> {
        T play(SSLSocket socket) throws Exception;
    }

    /** What a peer does with a connection without TLS. */
    interface PlainRole<T> {
        T play(Socket socket) throws Exception;
    }

    private final ServerSocket listening;

    private TlsPeer(ServerSocket listening) {
        this.listening = listening;
    }

    static TlsPeer listen() throws IOException {
        return new TlsPeer(new ServerSocket(0, 10, InetAddress.getByName("localhost")));
    }

    String uri() {
        return "wss://localhost:" + listening.getLocalPort();
    }

    /** Takes one connection, on another thread, and speaks TLS. */
    @CanIgnoreReturnValue
    <T> CompletableFuture<T> async(SSLContext context, Role<T> role) {
        return async(raw -> {
            SSLSocket socket = over(raw, context);
            socket.setUseClientMode(false);
            return role.play(socket);
        });
    }

    /** Takes one connection, on another thread; after the role it is ended, once the other end has ended it, too. */
    @CanIgnoreReturnValue
    <T> CompletableFuture<T> async(PlainRole<T> role) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try (Socket socket = listening.accept()) {
                try {
                    result.complete(role.play(socket));
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
                socket.shutdownOutput();
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // The role has closed it, or the test has.
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }

    static SSLSocket connect(int port, SSLContext context) throws IOException {
        return over(new Socket("localhost", port), context);
    }

    /** TLS over a connection, which can still be ended without it. */
    static SSLSocket over(Socket raw, SSLContext context) throws IOException {
        return (SSLSocket) context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
    }

    /** Asks for WebSocket, and reads the answer's head. */
    static String upgrade(Socket socket) throws IOException {
        socket.getOutputStream()
                .write(String.join("\r\n", REQUEST).concat("\r\n\r\n").getBytes(ISO_8859_1));
        return head(socket.getInputStream());
    }

    /** A text frame of a client, whose masking key is 0. */
    static byte[] masked(String text) {
        byte[] payload = text.getBytes(UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(payload, 0, frame, 6, payload.length);
        return frame;
    }

    /** Answers the opening handshake. */
    static void handshake(Socket socket) throws Exception {
        Matcher key = KEY.matcher(head(socket.getInputStream()));
        if (!key.find()) {
            throw new IOException("no key");
        }
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: "
                                + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                        .getBytes(ISO_8859_1));
    }

    /** The text of a client's short frame. */
    static String unmask(byte[] frame) {
        byte[] text = new byte[frame.length - 6];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (frame[6 + i] ^ frame[2 + i % 4]);
        }
        return new String(text, UTF_8);
    }

    static byte[] hex(String bytes) {
        return HexFormat.of().parseHex(bytes.replace(" ", ""));
    }

    static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the head ends after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
