package io.sansocket.engine;

import io.sansocket.core.protocol.Protocol;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The half of a connection that writes: what the protocol gave out goes into the transport, and what that does not take waits
 * here. It is a part of {@link Conduit} rather than an object of its own, of which each idle connection would have one.
 */
abstract class Outflow extends DeadlineHeap.Entry {
    static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    final EventLoop loop;
    final Transport transport;
    final Protocol protocol;
    private final long writeTimeout;

    /** What the protocol has given out and the channel has not taken; while there is some, the channel is full. */
    private ByteBuffer backlog = NOTHING;
    /** When bytes were written last, or began to wait. */
    private long wroteAt;
    /** How many bytes the channel took so far. */
    private long written;

    Outflow(EventLoop loop, Transport transport, Protocol protocol, Duration writeTimeout) {
        this.loop = loop;
        this.transport = transport;
        this.protocol = protocol;
        this.writeTimeout = writeTimeout.toNanos();
    }

    /** Returns how many bytes the channel took so far. On the loop. */
    public long written() {
        return written;
    }

    /** Returns how many bytes wait for the channel. On the loop. */
    public long waiting() {
        return protocol.bufferedOutput();
    }

    /** Tells whether the channel takes no more for now. On the loop. */
    public boolean isBlocked() {
        return backlog.hasRemaining();
    }

    /** Writes what the protocol gave out, when the channel is not full; what does not go becomes the backlog. */
    void write(ByteBuffer bytes) throws IOException {
        wroteAt = loop.now();
        transmit(bytes);
        if (bytes.hasRemaining()) {
            backlog = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
        }
    }

    /** Writes what goes of the backlog. */
    void writeBacklog() throws IOException {
        if (protocol.isOutputDone()) {
            dropBacklog(); // the connection has ended, and Closed says that these did not go
        } else if (transmit(backlog) > 0) {
            wroteAt = loop.now();
        }
    }

    private int transmit(ByteBuffer bytes) throws IOException {
        int count = transport.write(bytes);
        written += count;
        protocol.transmitted(count);
        return count;
    }

    /** Gives the backlog up: its bytes will not go. */
    void dropBacklog() {
        backlog = NOTHING;
    }

    /** Returns when a peer that took nothing since has taken too long. Only while the channel is full. */
    long writeDeadline() {
        return wroteAt + writeTimeout;
    }

    /** Returns what to say about a peer that takes too long. */
    SocketTimeoutException writeTimedOut(long now) {
        return new SocketTimeoutException("the peer took no byte for "
                + Duration.ofNanos(now - wroteAt).toMillis() + " ms while " + waiting() + " bytes waited, the limit is "
                + Duration.ofNanos(writeTimeout).toMillis() + " ms");
    }
}
