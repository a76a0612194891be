package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Bytes through TLS, by the platform's engine. It works in its loop's buffers and keeps only what is left over in them: part
 * of a record that came, and of one that the channel did not take.
 *
 * <p>No more ciphertext is read at once than the target has room, so that all whole records in it can be decrypted.
 */
public final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    // RFC 8446 §5.1: "enum { invalid(0), change_cipher_spec(20), alert(21), handshake(22), application_data(23),
    // (255)}"
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SHOWN = 60;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final EventLoop loop;
    private Runnable again = () -> {};

    /** What came and waits to be decrypted, at most what one read took; null when nothing does. */
    private @Nullable ByteBuffer unread;
    /** What is encrypted and the channel has not taken, at most one shared buffer of it; null when nothing is. */
    private @Nullable ByteBuffer unwritten;
    /** How many bytes of the last source are in what is or was unwritten, and have not been reported as written. */
    private int withheld;
    /** Whether tasks of the engine run on another thread: it must be left alone meanwhile. */
    private boolean tasksRunning;
    /** Whether the last record had no room in the target. */
    private boolean overflowed;
    /** What went wrong behind bytes that were right, to be thrown once those are dealt with; else null. */
    private @Nullable SSLException fault;
    /** Whether the peer's first bytes have been looked at. */
    private boolean spoken;

    // The way of the connection: each becomes true once.
    private boolean established;
    private boolean closeNotified;
    private boolean inputEnded;
    private boolean outputShut;
    private boolean failed;

    /**
     * Makes a transport.
     *
     * @param channel connected, or connecting
     * @param engine in its role, with all its parameters
     */
    public TlsTransport(SocketChannel channel, SSLEngine engine, EventLoop loop) {
        this.channel = channel;
        this.engine = engine;
        this.loop = loop;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void start(Runnable resume) throws IOException {
        again = resume;
        try {
            engine.beginHandshake();
            drive();
        } catch (SSLException e) {
            throw failed(e);
        }
    }

    // ---- in ----

    @Override
    public int read(ByteBuffer target) throws IOException {
        SSLException late = fault;
        if (late != null) {
            fault = null;
            throw late;
        }
        if (failed) {
            // What still comes is of no use; it is taken so that closing does not reset the connection.
            return channel.read(target) == END ? END : 0;
        }
        int before = target.position();
        try {
            flush();
            if (!tasksRunning && !closeNotified) {
                ByteBuffer in = receive(target.remaining());
                requireTls(in);
                decrypt(in, target);
                keep(in);
            }
            int count = target.position() - before;
            return count == 0 && hasEnded() ? END : count;
        } catch (SSLException e) {
            fault = failed(e);
            return target.position() > before ? target.position() - before : read(target);
        }
    }

    /** Returns what waited and what comes, ready to be read. */
    private ByteBuffer receive(int room) throws IOException {
        ByteBuffer in = loop.tlsBuffers().in().clear();
        if (unread != null) {
            in.put(unread);
        }
        in.limit(Math.max(in.position(), Math.min(room, in.capacity())));
        if (in.hasRemaining() && channel.read(in) == END) {
            inputEnded = true;
        }
        return in.flip();
    }

    private void requireTls(ByteBuffer in) throws SSLException {
        if (spoken || !in.hasRemaining()) {
            return;
        }
        spoken = true;
        int type = in.get(in.position());
        if (type != HANDSHAKE && type != ALERT) {
            throw new SSLException("the peer does not speak TLS, it began with \"" + line(in) + '"');
        }
    }

    /** Returns the first line of what is no TLS, as far as it can be printed. */
    private static String line(ByteBuffer in) {
        var line = new StringBuilder();
        while (in.hasRemaining() && line.length() < SHOWN) {
            char next = (char) (in.get() & 0xFF);
            if (next == '\r' || next == '\n') {
                break;
            }
            line.append(next >= ' ' && next <= '~' ? next : '.');
        }
        return line.toString();
    }

    /** Decrypts records until none is whole, or the engine must do something else first. */
    private void decrypt(ByteBuffer in, ByteBuffer target) throws IOException {
        overflowed = false;
        drive();
        while (in.hasRemaining() && !mustWait()) {
            int before = in.remaining();
            SSLEngineResult result = unwrap(in, target);
            drive();
            switch (result.getStatus()) {
                case OK -> {
                    if (in.remaining() == before && result.bytesProduced() == 0) {
                        return;
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return;
                }
                case BUFFER_OVERFLOW -> {
                    overflowed = true;
                    return;
                }
                case CLOSED -> {
                    closeNotified = true;
                    in.position(in.limit());
                }
            }
        }
    }

    /** Tells whether nothing can be decrypted before tasks are done, or before what the engine has to say is written. */
    private boolean mustWait() {
        return tasksRunning
                || (unwritten != null && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NEED_WRAP);
    }

    private void keep(ByteBuffer in) {
        int left = in.remaining();
        ByteBuffer room = unread;
        if (left == 0) {
            unread = null;
        } else {
            if (room == null || room.capacity() < left) {
                // Twice as much, so that a record that comes byte by byte is not a buffer for each.
                room = ByteBuffer.allocate(Math.max(left, Math.min(2 * left, packetSize())));
            }
            unread = room.clear().put(in).flip();
        }
    }

    private int packetSize() {
        return engine.getSession().getPacketBufferSize();
    }

    private boolean hasEnded() throws SSLException {
        boolean ended = closeNotified || (inputEnded && !mustWait() && !overflowed);
        if (ended && !established) {
            throw new SSLHandshakeException("the peer ended the connection during the TLS handshake");
        }
        return ended;
    }

    // RFC 8446 §6.1: "Any data received after a closure alert has been received MUST be ignored." Without one the
    // stream
    // was cut: by the peer, or by somebody who wants it to look as if the peer had said no more.
    @Override
    public TransportEnd end() {
        return closeNotified ? TransportEnd.PEER_EOF : TransportEnd.PEER_TRUNCATED;
    }

    @Override
    public boolean hasBuffered() {
        return !tasksRunning && (overflowed || closeNotified || fault != null);
    }

    // ---- out ----

    /**
     * A server takes output although TLS is not up: before a request it has nothing to say but that it waited too long, which
     * nobody could decrypt. {@link #write} then ends the matter.
     */
    @Override
    public boolean takesOutput() {
        return established || !engine.getUseClientMode();
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        flush();
        if (!established && !failed && !engine.getUseClientMode() && source.hasRemaining()) {
            throw failed(new SSLHandshakeException("the TLS handshake took too long"));
        }
        if (unwritten != null || !established || failed) {
            return 0;
        }
        int from = source.position();
        source.position(from + withheld);
        withheld = 0;
        try {
            while (source.hasRemaining() && unwritten == null) {
                int sent = source.position();
                encrypt(source);
                if (unwritten != null) {
                    withheld = source.position() - sent;
                    source.position(sent);
                }
            }
        } catch (SSLException e) {
            throw failed(e);
        }
        return source.position() - from;
    }

    /** Encrypts and writes one shared buffer full, or all there is. */
    private void encrypt(ByteBuffer source) throws IOException {
        ByteBuffer out = loop.tlsBuffers().out().clear();
        do {
            SSLEngineResult result = wrap(source, out);
            if (result.bytesProduced() == 0 || result.getStatus() == SSLEngineResult.Status.CLOSED) {
                // RFC 5246 §7.2.1: "The other party MUST respond with a close_notify alert of its own and close down
                // the
                // connection immediately, discarding any pending writes."
                throw new SSLException("the peer ended the TLS connection, and nothing can be sent any more");
            }
        } while (source.hasRemaining() && out.remaining() >= packetSize());
        transmit(out.flip());
    }

    private void transmit(ByteBuffer out) throws IOException {
        channel.write(out);
        if (out.hasRemaining()) {
            unwritten = ByteBuffer.allocate(out.remaining()).put(out).flip();
        }
    }

    @Override
    public void flush() throws IOException {
        ByteBuffer waiting = unwritten;
        if (waiting == null || failed) {
            return;
        }
        channel.write(waiting);
        if (!waiting.hasRemaining()) {
            unwritten = null;
            try {
                drive();
            } catch (SSLException e) {
                throw failed(e);
            }
            endOutput();
        }
    }

    @Override
    public int ops(int wanted) {
        int ops = failed || !mustWait() ? wanted & SelectionKey.OP_READ : 0;
        // While the handshake goes on there is no point in waiting until the channel takes what may not be sent.
        int write = established ? wanted & SelectionKey.OP_WRITE : 0;
        return ops | (unwritten != null && !failed ? SelectionKey.OP_WRITE : write);
    }

    // ---- the engine ----

    /** Does what the engine asks for, but for reading, as far as that goes now. */
    private void drive() throws IOException {
        while (!tasksRunning && unwritten == null) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    ByteBuffer out = loop.tlsBuffers().out().clear();
                    if (wrap(NOTHING, out).bytesProduced() == 0) {
                        return;
                    }
                    transmit(out.flip());
                }
                case NEED_TASK -> {
                    refuseRenegotiation();
                    runTasks();
                }
                case NOT_HANDSHAKING, FINISHED -> {
                    establish();
                    return;
                }
                default -> {
                    refuseRenegotiation();
                    return;
                }
            }
        }
    }

    /** TLS 1.3 has none; in TLS 1.2 it serves an attacker who wants handshakes for the price of a record. */
    private void refuseRenegotiation() throws SSLException {
        if (established && !outputShut && !closeNotified) {
            throw new SSLException("the peer asks to renegotiate TLS, which is refused");
        }
    }

    private void establish() {
        if (!established && !outputShut && !engine.isInboundDone()) {
            established = true;
            // What waits to be sent was refused until now, and the channel will not say that it no longer is.
            loop.execute(again);
        }
    }

    /** Has keys computed and certificates checked where it holds up no other connection. */
    private void runTasks() {
        tasksRunning = true;
        TlsTasks.run(engine, loop, () -> {
            tasksRunning = false;
            again.run();
        });
    }

    private SSLEngineResult unwrap(ByteBuffer in, ByteBuffer target) throws SSLException {
        try {
            return engine.unwrap(in, target);
        } catch (RuntimeException e) {
            throw thrown(e);
        }
    }

    private SSLEngineResult wrap(ByteBuffer source, ByteBuffer out) throws SSLException {
        try {
            return engine.wrap(source, out);
        } catch (RuntimeException e) {
            throw thrown(e);
        }
    }

    /** Trust managers and key managers are the application's, and may throw what they like. */
    private static SSLException thrown(RuntimeException cause) {
        return new SSLException("the TLS engine threw " + cause, cause);
    }

    // ---- the end ----

    /** Tells the peer, as far as that goes without waiting, and nothing more. */
    private SSLException failed(SSLException cause) {
        if (!failed) {
            failed = true;
            unread = null;
            try {
                if (unwritten != null) {
                    channel.write(unwritten);
                }
                if (spoken && (unwritten == null || !unwritten.hasRemaining())) {
                    // RFC 8446 §6.2: "Upon transmission or receipt of a fatal alert message, both parties MUST
                    // immediately
                    // close the connection."
                    ByteBuffer out = loop.tlsBuffers().out().clear();
                    engine.closeOutbound();
                    wrap(NOTHING, out);
                    channel.write(out.flip());
                }
                channel.shutdownOutput();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
            unwritten = null;
        }
        return cause;
    }

    @Override
    public void shutdownOutput() throws IOException {
        if (!outputShut && !failed) {
            outputShut = true;
            if (!tasksRunning) {
                engine.closeOutbound();
                drive();
            }
            endOutput();
        }
    }

    private void endOutput() throws IOException {
        if (outputShut && unwritten == null) {
            channel.shutdownOutput();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            shutdownOutput();
        }
    }

    @Override
    public Optional<SSLSession> tlsSession() {
        return Optional.of(engine.getSession());
    }

    /** Tells whether the handshake is done. On the loop. */
    public boolean isEstablished() {
        return established;
    }

    /** Tells whether it holds a buffer of its own. */
    boolean holdsBuffers() {
        return unread != null || unwritten != null;
    }
}
