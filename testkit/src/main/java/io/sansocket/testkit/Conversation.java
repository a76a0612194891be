package io.sansocket.testkit;

import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.FrameReader;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.ProtocolViolationException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** One connection of a faulty peer: the socket, and what the steps of a script do on it. One thread runs them. */
final class Conversation implements AutoCloseable {
    /** How many of the bytes that were read are kept. */
    static final int MAX_KEPT = 1 << 20;

    private static final int CHUNK = 8192;
    private static final int LENGTH_64 = 127;
    private static final int MASK = 0x80;
    private static final int FIN_BINARY = 0x82;
    private static final int ANY_SEED = 1;

    private final Role role;
    private final Socket plain;
    private final Opening opening;
    private final FrameReader reader;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final SplittableRandom maskingKeys = new SplittableRandom(ANY_SEED);
    /** What is read and written: the plain socket, or TLS over it. */
    private Socket socket;

    private boolean dribbling;
    /** Whether the script will send nothing more, nor end the stream; another thread asks. */
    private volatile boolean silent;

    Conversation(Role role, Socket socket) throws IOException {
        this.role = role;
        this.plain = socket;
        this.socket = socket;
        opening = new Opening(this, role);
        reader = new FrameReader(role.peer(), Integer.MAX_VALUE - CHUNK);
        socket.setTcpNoDelay(true);
    }

    void beginTls(SSLContext context) throws IOException {
        SSLSocketFactory factory = context.getSocketFactory();
        boolean client = role == Role.CLIENT;
        String host = plain.getInetAddress().getHostAddress();
        SSLSocket tls =
                (SSLSocket) (client ? factory.createSocket(plain, host, plain.getPort(), true) : serverSocket(factory));
        tls.setUseClientMode(client);
        socket = tls;
        tls.startHandshake();
    }

    @SuppressWarnings("NullAway") // the platform allows null: nothing was read before
    private Socket serverSocket(SSLSocketFactory factory) throws IOException {
        return factory.createSocket(plain, null, true);
    }

    Opening handshake() {
        return opening;
    }

    /** Returns the other end's address as the authority of a URI. */
    String authority() {
        return plain.getInetAddress().getHostAddress() + ":" + plain.getPort();
    }

    // ---- writing ----

    byte[] encode(PeerFrame frame) {
        return frame.encode(role == Role.CLIENT, maskingKeys.nextInt());
    }

    byte[] encodeWrongly(PeerFrame frame) {
        return frame.encode(role == Role.SERVER, maskingKeys.nextInt());
    }

    /** Returns a binary frame's header with its length in 64 bits, which core would not write. */
    byte[] header(long declared) {
        boolean masked = role == Role.CLIENT;
        ByteBuffer header = ByteBuffer.allocate(2 + Long.BYTES + (masked ? Integer.BYTES : 0))
                .put((byte) FIN_BINARY)
                .put((byte) (LENGTH_64 | (masked ? MASK : 0)))
                .putLong(declared);
        if (masked) {
            header.putInt(maskingKeys.nextInt());
        }
        return header.array();
    }

    void dribble() {
        dribbling = true;
    }

    void send(byte[] bytes) throws IOException {
        send(bytes, bytes.length);
    }

    void send(byte[] bytes, int count) throws IOException {
        int piece = dribbling ? 1 : Math.max(1, count);
        for (int at = 0; at < count; at += piece) {
            socket.getOutputStream().write(bytes, at, piece);
            socket.getOutputStream().flush();
        }
    }

    // ---- reading ----

    /** Reads some bytes, as many as there are; -1 where the stream ended, by a reset too. */
    int readSome(byte[] target, int most) {
        int count;
        try {
            count = socket.getInputStream().read(target, 0, most);
        } catch (IOException e) {
            return -1;
        }
        if (count > 0) {
            synchronized (kept) {
                kept.write(target, 0, Math.min(count, MAX_KEPT - kept.size()));
            }
        }
        return count;
    }

    void read(int bytes) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int left = bytes; left > 0; ) {
            int count = readSome(chunk, Math.min(left, CHUNK));
            if (count < 0) {
                throw new EOFException("the stream ended after " + (bytes - left) + " of " + bytes + " bytes");
            }
            left -= count;
        }
    }

    /** Reads no byte behind the Close frame. */
    void readUntilClose() throws IOException {
        byte[] chunk = new byte[CHUNK];
        while (true) {
            Progress at = reader.progress();
            int most = at.phase() == Phase.IN_PAYLOAD ? (int) Math.min(at.missing(), CHUNK) : 1;
            int count = readSome(chunk, most);
            if (count < 0) {
                throw new EOFException("the stream ended before a Close frame: " + at);
            }
            reader.feed(ByteBuffer.wrap(chunk, 0, count));
            if (isCloseNext()) {
                return;
            }
        }
    }

    private boolean isCloseNext() throws IOException {
        try {
            Frame frame = reader.next();
            return frame != null && frame.opcode() == Opcode.CLOSE;
        } catch (ProtocolViolationException e) {
            throw new IOException("the other end broke a rule: " + e.getMessage(), e);
        }
    }

    void readUntilEnd() {
        byte[] chunk = new byte[CHUNK];
        int count;
        do {
            count = readSome(chunk, CHUNK);
        } while (count >= 0);
    }

    void swallow() {
        silent = true;
        readUntilEnd();
    }

    byte[] received() {
        synchronized (kept) {
            return kept.toByteArray();
        }
    }

    // ---- ending ----

    void fin() throws IOException {
        if (!socket.isOutputShutdown()) {
            socket.shutdownOutput();
        }
        shutDown();
    }

    void finWithoutCloseNotify() throws IOException {
        if (socket == plain) {
            throw new IllegalStateException("there is no close_notify without TLS");
        }
        shutDown();
    }

    private void shutDown() throws IOException {
        if (!plain.isOutputShutdown()) {
            plain.shutdownOutput();
        }
    }

    void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    void becomeSilent() {
        silent = true;
    }

    boolean isSilent() {
        return silent;
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
