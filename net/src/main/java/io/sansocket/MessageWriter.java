package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;

/**
 * A text message that is sent as it is written: each {@link #write} is a fragment, {@link #close} the last one.
 *
 * <p>For one thread. It must be closed: until then no other message can be sent, and the peer waits for the rest.
 *
 * @since 0.1
 */
public final class MessageWriter extends Writer {
    private final MessageOutputStream fragments;

    private MessageWriter(MessageOutputStream fragments) {
        this.fragments = fragments;
    }

    static MessageWriter open(Session session) throws InterruptedException {
        return new MessageWriter(MessageOutputStream.open(session));
    }

    /**
     * Sends a fragment. A surrogate pair may lie across two.
     *
     * @throws ConnectionClosedException if the connection has ended
     * @throws InterruptedIOException if the thread is interrupted while it waits for room; then the fragment is not sent
     */
    @Override
    public void write(char[] text, int offset, int length) throws IOException {
        if (length > 0) {
            fragments.put(new Message.Text(new String(text, offset, length)), FragmentKind.MORE);
        }
    }

    /** Sends a fragment as {@link #write(char[], int, int)} does. */
    @Override
    public void write(String text, int offset, int length) throws IOException {
        if (length > 0) {
            fragments.put(new Message.Text(text.substring(offset, offset + length)), FragmentKind.MORE);
        }
    }

    /** Does nothing: what was written is on its way. */
    @Override
    public void flush() {}

    /** Ends the message, as {@link MessageOutputStream#close} does. */
    @Override
    public void close() throws IOException {
        fragments.end(new Message.Text(""));
    }
}
