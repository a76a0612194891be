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
    private final WebSocket connection;
    private boolean closed;

    private MessageOutputStream(WebSocket connection) {
        this.connection = connection;
    }

    static MessageOutputStream open(WebSocket connection) throws InterruptedException {
        connection.outbox().beginStream();
        return new MessageOutputStream(connection);
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

    /** Ends the message. */
    @Override
    public void close() throws IOException {
        end(new Message.Binary(ByteBuffer.allocate(0)));
    }

    void end(Message empty) throws IOException {
        if (!closed) {
            try {
                put(empty, FragmentKind.FINAL);
            } finally {
                closed = true;
                connection.outbox().endStream();
            }
        }
    }

    void put(Message fragment, FragmentKind kind) throws IOException {
        if (closed) {
            throw new IOException("the message has been ended");
        }
        try {
            Sending.put(connection, new Outgoing(fragment, kind, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for room").initCause(e);
        }
    }
}
