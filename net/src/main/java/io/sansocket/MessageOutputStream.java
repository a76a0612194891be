package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A binary message that is sent as it is written: each {@link #write} is a fragment, {@link #close} the last one.
 *
 * <p>For one thread. It must be closed: until then no other message can be sent, and the peer waits for the rest.
 *
 * @since 0.1
 */
public final class MessageOutputStream extends OutputStream {
    private final Session session;
    private boolean closed;

    private MessageOutputStream(Session session) {
        this.session = session;
    }

    static MessageOutputStream open(Session session) throws InterruptedException {
        session.outbox().beginStream();
        return new MessageOutputStream(session);
    }

    /** Sends a fragment of one byte. */
    @Override
    public void write(int oneByte) throws IOException {
        put(new Message.Binary(ByteBuffer.wrap(new byte[] {(byte) oneByte})), FragmentKind.MORE);
    }

    /**
     * Sends a fragment. The bytes are copied.
     *
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedIOException if the thread is interrupted while it waits for room; then the fragment is not sent
     */
    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        if (length > 0) {
            byte[] copy = Arrays.copyOfRange(data, offset, offset + length);
            put(new Message.Binary(ByteBuffer.wrap(copy)), FragmentKind.MORE);
        }
    }

    /**
     * Ends the message, also on a thread that is interrupted and stays so. To a peer, a message that is ended early is a
     * whole one: who has to give it up closes the connection.
     */
    @Override
    public void close() throws IOException {
        end(new Message.Binary(ByteBuffer.allocate(0)));
    }

    void end(Message empty) throws IOException {
        if (!closed) {
            try {
                putUninterruptibly(new Outgoing(empty, FragmentKind.FINAL, null));
            } finally {
                closed = true;
                session.outbox().endStream();
            }
        }
    }

    /** Without the last fragment the next message would be taken for a part of this one. */
    private void putUninterruptibly(Outgoing last) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Sending.put(session, last);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (session.outbox().isClosing()) {
                        return; // the connection is being closed, and the message will not end
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void put(Message fragment, FragmentKind kind) throws IOException {
        if (closed) {
            throw new IOException("the message has been ended");
        }
        try {
            Sending.put(session, new Outgoing(fragment, kind, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for room").initCause(e);
        }
    }
}
