package io.sansocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.nio.ByteBuffer;

/**
 * A message that is read as it comes, in bounded memory; see {@link WebSocket#receiveStream}.
 *
 * <p>For one thread. It must be read to its end or closed before the next one is received.
 *
 * @since 0.1
 */
public final class IncomingMessage implements AutoCloseable {
    private static final int END = -1;

    private final WebSocket connection;
    private Fragment current;
    /** What of the current piece was not read. */
    private int position;

    IncomingMessage(WebSocket connection, Fragment first) {
        this.connection = connection;
        current = first;
    }

    /** Tells whether it is a text message; else it is binary. */
    public boolean isText() {
        return current instanceof Fragment.Text;
    }

    /**
     * Returns the characters of a text message as they come.
     *
     * @throws IllegalStateException if the message is binary
     */
    public Reader reader() {
        if (!isText()) {
            throw new IllegalStateException("the message is binary: use inputStream()");
        }
        return new Characters();
    }

    /**
     * Returns the bytes of a binary message as they come.
     *
     * @throws IllegalStateException if the message is a text
     */
    public InputStream inputStream() {
        if (isText()) {
            throw new IllegalStateException("the message is a text: use reader()");
        }
        return new Bytes();
    }

    /** Passes over what was not read, and waits for the end of the message. */
    @Override
    public void close() throws IOException {
        while (!current.last()) {
            next();
        }
        position = length();
    }

    private int length() {
        return current instanceof Fragment.Text text
                ? text.text().length()
                : ((Fragment.Binary) current).data().limit();
    }

    private void next() throws IOException {
        try {
            current = connection.receiveFragment();
            position = 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for the message").initCause(e);
        }
    }

    /** Sees to it that something can be read, and tells how much: nothing at the end of the message. */
    private int available() throws IOException {
        while (position == length()) {
            if (current.last()) {
                return 0;
            }
            next();
        }
        return length() - position;
    }

    /** The message as characters. */
    private final class Characters extends Reader {
        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            int count = Math.min(length, available());
            if (count == 0) {
                return length == 0 ? 0 : END;
            }
            ((Fragment.Text) current).text().getChars(position, position + count, target, offset);
            position += count;
            return count;
        }

        @Override
        public void close() throws IOException {
            IncomingMessage.this.close();
        }
    }

    /** The message as bytes. */
    private final class Bytes extends InputStream {
        @Override
        public int read() throws IOException {
            if (IncomingMessage.this.available() == 0) {
                return END;
            }
            return data().get(position++) & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int count = Math.min(length, IncomingMessage.this.available());
            if (count == 0) {
                return length == 0 ? 0 : END;
            }
            data().get(position, target, offset, count);
            position += count;
            return count;
        }

        private ByteBuffer data() {
            return ((Fragment.Binary) current).data();
        }

        @Override
        public void close() throws IOException {
            IncomingMessage.this.close();
        }
    }
}
