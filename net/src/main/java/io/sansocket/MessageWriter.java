package io.sansocket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;

/**
 * A text message that is sent as it is written: each {@link #write} is a fragment, {@link #close} the last one.
 *
 * <p>For one thread. It must be closed: until then no other message can be sent, and the peer waits for the rest. A write
 * that throws breaks the message off, as {@link MessageOutputStream} describes.
 *
 * @since 0.1
 */
public final class MessageWriter extends Writer {
    private final FragmentedMessage message;
    private final SurrogatePairs pairs = new SurrogatePairs();

    private MessageWriter(FragmentedMessage message) {
        this.message = message;
    }

    static MessageWriter open(Session session) throws IOException, InterruptedException {
        return new MessageWriter(FragmentedMessage.begin(session));
    }

    /**
     * Sends a fragment. A surrogate pair may lie across two.
     *
     * @throws IllegalArgumentException if half a surrogate pair stands alone
     * @throws SendQueueFullException by the policies that do not wait
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedIOException if the thread is interrupted while it waits for room
     */
    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        if (length > 0) {
            message.put(() -> checked(new String(text, offset, length)));
        }
    }

    /** Sends a fragment as {@link #write(char[], int, int)} does. */
    @Override
    public void write(String text, int offset, int length) throws IOException {
        if (length > 0) {
            message.put(() -> checked(text.substring(offset, offset + length)));
        }
    }

    private Message checked(String text) {
        pairs.take(text);
        return new Message.Text(text);
    }

    /** Does nothing: what was written is on its way. */
    @Override
    public void flush() {}

    /**
     * Ends the message, as {@link MessageOutputStream#close} does.
     *
     * @throws IllegalArgumentException if the text ends with half a surrogate pair; then the message is broken off
     */
    @Override
    public void close() throws IOException {
        message.end(() -> {
            pairs.end();
            return new Message.Text("");
        });
    }
}
