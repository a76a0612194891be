package io.sansocket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * A binary message that is sent as it is written: each {@link #write} is a fragment, {@link #close} the last one.
 *
 * <p>For one thread. It must be closed: until then no other message can be sent, and the peer waits for the rest.
 *
 * <p>A write that throws breaks the message off: its fragment is not sent, further writes throw, and {@code close} does not
 * end the message, which the peer would take for a whole one. Unless nothing of it was sent, {@code close} closes the
 * connection with 1011 instead, behind what was queued before: once begun, a message cannot be taken back in another way.
 *
 * @since 0.1
 */
public final class MessageOutputStream extends OutputStream {
    private final FragmentedMessage message;

    private MessageOutputStream(FragmentedMessage message) {
        this.message = message;
    }

    static MessageOutputStream open(Session session) throws IOException, InterruptedException {
        return new MessageOutputStream(FragmentedMessage.begin(session));
    }

    /** Sends a fragment of one byte, as {@link #write(byte[], int, int)} does. */
    @Override
    public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
    }

    /**
     * Sends a fragment. The bytes are copied.
     *
     * @throws SendQueueFullException by the policies that do not wait
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedIOException if the thread is interrupted while it waits for room
     */
    @Override
    public void write(byte[] data, int offset, int length) throws IOException {
        if (length > 0) {
            message.put(() -> copied(data, offset, length));
        }
    }

    private static Message copied(byte[] data, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, data.length);
        return new Message.Binary(ByteBuffer.wrap(Arrays.copyOfRange(data, offset, offset + length)));
    }

    /**
     * Ends the message, also on a thread that is interrupted and stays so. To a peer, a message that is ended early is a
     * whole one: who has to give it up closes the connection. One that is broken off already is not ended.
     *
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedIOException if the connection is being closed, and the thread is interrupted: the message is not ended
     */
    @Override
    public void close() throws IOException {
        message.end(() -> new Message.Binary(ByteBuffer.allocate(0)));
    }
}
