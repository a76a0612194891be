package io.sansocket.engine;

import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Bytes through TLS, by the platform's engine. */
public final class TlsTransport implements Transport {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final EventLoop loop;
    private final Ciphertext ciphertext;
    private Runnable again = () -> {};

    /** How many bytes of the last source are encrypted, and have not been reported as written; the channel was full. */
    private int withheld;
    /** Whether tasks of the engine run on another thread, which hold its lock: it must be left alone meanwhile. */
    private boolean tasksRunning;
    /** Whether the last record had no room in the target. */
    private boolean overflowed;
    /** What went wrong behind bytes that were right, to be thrown once those are dealt with; else null. */
    private @Nullable SSLException fault;

    // The way of the connection: each becomes true once.
    private boolean established;
    private boolean closeNotified;
    private boolean outputShut;
    private boolean failed;

    /**
     * Makes a transport.
     *
     * @param channel a connected one
     * @param engine in its role, with all its parameters
     */
    public TlsTransport(SocketChannel channel, SSLEngine engine, EventLoop loop) {
        this.channel = channel;
        this.engine = engine;
        this.loop = loop;
        ciphertext = new Ciphertext(channel, loop);
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
                ByteBuffer in = ciphertext.receive(target.remaining());
                decrypt(in, target);
                ciphertext.keep(in, recordSize());
            }
            int count = target.position() - before;
            return count == 0 && hasEnded() ? END : count;
        } catch (SSLException e) {
            fault = failed(e);
            return target.position() > before ? target.position() - before : read(target);
        }
    }

    /** Decrypts records until none is whole, or the engine must do something else first. */
    private void decrypt(ByteBuffer in, ByteBuffer target) throws IOException {
        overflowed = false;
        drive();
        while (in.hasRemaining() && !mustWait()) {
            int before = in.remaining();
            SSLEngineResult result = unwrap(in, target);
            drive();
            overflowed = result.getStatus() == Status.BUFFER_OVERFLOW;
            if (result.getStatus() == Status.CLOSED) {
                // RFC 8446 §6.1: "Any data received after a closure alert has been received MUST be ignored."
                closeNotified = true;
                in.position(in.limit());
            } else if (in.remaining() == before && result.bytesProduced() == 0) {
                return; // what is there is part of a record, or has no room
            }
        }
    }

    /** Tells whether nothing can be decrypted before tasks are done, or before what the engine has to say is written. */
    private boolean mustWait() {
        return tasksRunning || (ciphertext.isBlocked() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    }

    private int recordSize() {
        return engine.getSession().getPacketBufferSize();
    }

    private boolean hasEnded() throws SSLException {
        boolean ended = closeNotified || (ciphertext.hasEnded() && !mustWait() && !overflowed);
        if (ended && !established) {
            throw new SSLHandshakeException("the peer ended the connection during the TLS handshake");
        }
        return ended;
    }

    /** Without close_notify the stream was cut: by the peer, or by somebody who wants it to look as if it had said all. */
    @Override
    public TransportEnd end() {
        return closeNotified ? TransportEnd.PEER_EOF : TransportEnd.PEER_TRUNCATED;
    }

    @Override
    public boolean hasBuffered() {
        return !tasksRunning && (overflowed || closeNotified || fault != null);
    }

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
        if (ciphertext.isBlocked() || !established || failed) {
            return 0;
        }
        int from = source.position();
        source.position(from + withheld);
        withheld = 0;
        try {
            while (source.hasRemaining() && !ciphertext.isBlocked()) {
                int sent = source.position();
                encrypt(source);
                if (ciphertext.isBlocked()) {
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
        ByteBuffer out = ciphertext.out();
        do {
            SSLEngineResult result = wrap(source, out);
            if (result.bytesProduced() == 0 || result.getStatus() == Status.CLOSED) {
                // RFC 5246 §7.2.1: "respond with a close_notify alert of its own and close down the connection
                // immediately, discarding any pending writes". In TLS 1.3 this end may go on.
                throw new SSLException("the peer ended the TLS connection, and nothing can be sent any more");
            }
        } while (source.hasRemaining() && out.remaining() >= recordSize());
        ciphertext.write(out);
    }

    @Override
    public void flush() throws IOException {
        if (!failed && ciphertext.flush()) {
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
        if (!failed && (ciphertext.isBlocked() || established)) {
            ops |= ciphertext.isBlocked() ? SelectionKey.OP_WRITE : wanted & SelectionKey.OP_WRITE;
        }
        return ops;
    }

    /** Does what the engine asks for, but for reading, as far as that goes now. */
    private void drive() throws IOException {
        while (!tasksRunning && !ciphertext.isBlocked()) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> {
                    ByteBuffer out = ciphertext.out();
                    if (wrap(NOTHING, out).bytesProduced() == 0) {
                        return;
                    }
                    ciphertext.write(out);
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

    /** Tells the peer, as far as that goes without waiting, and says nothing more. */
    private SSLException failed(SSLException cause) {
        if (!failed) {
            failed = true;
            try {
                ciphertext.flush();
                if (ciphertext.isSpoken() && !ciphertext.isBlocked() && !tasksRunning) {
                    // RFC 8446 §6.2: "Upon transmission or receipt of a fatal alert message, both parties MUST
                    // immediately close the connection." The engine has the alert ready, where there is one to send.
                    engine.closeOutbound();
                    ByteBuffer out = ciphertext.out();
                    wrap(NOTHING, out);
                    ciphertext.write(out);
                }
                channel.shutdownOutput();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
            ciphertext.forget();
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
        if (outputShut && !ciphertext.isBlocked()) {
            channel.shutdownOutput();
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            shutdownOutput();
        } finally {
            ciphertext.forget();
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
        return ciphertext.holdsBuffers();
    }
}
