package io.sansocket.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of TLS between a channel and the engine: they pass through the loop's buffers, and only what is left over in
 * those is kept here. An idle connection has none.
 */
final class Ciphertext {
    // RFC 8446 §5.1: "alert(21), handshake(22)": the kinds of record that a connection can begin with.
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int SHOWN = 60;

    private final SocketChannel channel;
    private final EventLoop loop;

    /** What came and waits to be decrypted, at most what one read took; null when nothing does. */
    private @Nullable ByteBuffer unread;
    /** What is encrypted and the channel has not taken, at most one shared buffer of it; null when nothing is. */
    private @Nullable ByteBuffer unwritten;
    /** Whether the peer has said something, and that was TLS. */
    private boolean spoken;

    private boolean ended;

    Ciphertext(SocketChannel channel, EventLoop loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /**
     * Returns what was kept and what comes, ready to be read. {@link #keep} must be told what is left of it.
     *
     * @param room how much there is room for, once it is decrypted; no more is read, so that all whole records can be
     * @throws SSLException if the peer began with something else than TLS
     */
    ByteBuffer receive(int room) throws IOException {
        ByteBuffer in = loop.tlsBuffers().in().clear();
        if (unread != null) {
            in.put(unread);
        }
        in.limit(Math.max(in.position(), Math.min(room, in.capacity())));
        if (in.hasRemaining() && channel.read(in) == Transport.END) {
            ended = true;
        }
        in.flip();
        if (!spoken && in.hasRemaining()) {
            requireTls(in);
        }
        return in;
    }

    private void requireTls(ByteBuffer in) throws SSLException {
        int type = in.get(in.position());
        if (type != HANDSHAKE && type != ALERT) {
            throw new SSLException("the peer does not speak TLS, it began with \"" + line(in) + '"');
        }
        spoken = true;
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

    /** Keeps what could not be decrypted yet. A buffer grows up to the size of a record, as its bytes come. */
    void keep(ByteBuffer in, int recordSize) {
        int left = in.remaining();
        ByteBuffer room = unread;
        if (left == 0) {
            unread = null;
            return;
        }
        if (room == null || room.capacity() < left) {
            // Twice as much, so that a record that comes byte by byte is not a buffer for each.
            room = ByteBuffer.allocate(Math.max(left, Math.min(2 * left, recordSize)));
        }
        unread = room.clear().put(in).flip();
    }

    /** Tells whether the channel has ended. */
    boolean hasEnded() {
        return ended;
    }

    /** Tells whether the peer speaks TLS, so that an alert makes sense to it. */
    boolean isSpoken() {
        return spoken;
    }

    /** Returns the shared buffer to encrypt into, empty. */
    ByteBuffer out() {
        return loop.tlsBuffers().out().clear();
    }

    /** Writes what was encrypted, and keeps what the channel does not take. Not while it is blocked. */
    void write(ByteBuffer out) throws IOException {
        channel.write(out.flip());
        if (out.hasRemaining()) {
            unwritten = ByteBuffer.allocate(out.remaining()).put(out).flip();
        }
    }

    /** Tells whether the channel has not taken all. */
    boolean isBlocked() {
        return unwritten != null;
    }

    /** Writes what was kept, and tells whether that was something and all of it went. */
    boolean flush() throws IOException {
        ByteBuffer waiting = unwritten;
        if (waiting == null) {
            return false;
        }
        channel.write(waiting);
        if (waiting.hasRemaining()) {
            return false;
        }
        unwritten = null;
        return true;
    }

    /** Keeps nothing any more. */
    void forget() {
        unread = null;
        unwritten = null;
    }

    boolean holdsBuffers() {
        return unread != null || unwritten != null;
    }
}
