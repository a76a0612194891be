package io.sansocket.engine;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one connection between its transport and its protocol, and hands the protocol's events to the
 * application. The loop's thread alone touches it.
 */
public final class Conduit extends DeadlineHeap.Entry implements EventLoop.Ready {
    /** How long the channel stays open for the peer to read our last words, when this end closes first. */
    private static final long LINGER_NANOS = 2_000_000_000;

    private static final int MAX_SEGMENTS = 64;

    private final EventLoop loop;
    private final Transport transport;
    private final Protocol protocol;
    private final Application application;
    private final long writeTimeout;

    private @Nullable SelectionKey key;
    /** What the key waits for. */
    private int interest;
    /** The most bytes taken at once. */
    private int readSize = EventLoop.BUFFER_SIZE;
    /** Whether the application takes what comes. */
    private boolean receiving = true;
    /** Whether the peer's stream has ended. */
    private boolean inputEnded;
    /** Whether the channel takes no more for now. */
    private boolean blocked;
    /** When bytes were written last, or began to wait. */
    private long wroteAt;

    private long written;
    /** Whether {@link #settle} is under way. */
    private boolean settling;
    /** Whether Closed has come, and the channel waits for the peer to close. */
    private boolean lingering;

    private boolean closed;
    /** What the channel threw, if it did; told beside the core's diagnosis. */
    private @Nullable IOException failure;

    /**
     * Makes a conduit; {@link #start} sets it going.
     *
     * @param writeTimeout how long the peer may take no byte while some wait
     */
    public Conduit(
            EventLoop loop, Transport transport, Protocol protocol, Application application, Duration writeTimeout) {
        this.loop = loop;
        this.transport = transport;
        this.protocol = protocol;
        this.application = application;
        this.writeTimeout = writeTimeout.toNanos();
    }

    /** Begins to read and write. On the loop. */
    public void start() {
        try {
            interest = SelectionKey.OP_READ;
            key = loop.register(transport.channel(), interest, this);
            transport.start(this::resume);
        } catch (IOException e) {
            fail(e);
        }
        settle();
    }

    /** Returns the loop. From any thread. */
    public EventLoop loop() {
        return loop;
    }

    /** Returns the transport. From any thread, to look at it. */
    public Transport transport() {
        return transport;
    }

    /** Returns what the channel threw, or null. On the loop. */
    public @Nullable IOException failure() {
        return failure;
    }

    /** Returns the time of the work under way, to be given to the protocol. On the loop. */
    public long now() {
        return loop.now();
    }

    /** Returns how many bytes the channel took so far. On the loop. */
    public long written() {
        return written;
    }

    /** Sets how many bytes are taken at once, at most. On the loop. */
    public void readAtMost(int bytes) {
        readSize = bytes;
    }

    /** Says whether the application takes what comes. While it does not, bytes stay in the channel. On the loop. */
    public void receive(boolean wanted) {
        receiving = wanted;
        if (wanted && transport.hasBuffered()) {
            loop.execute(this::resume); // the channel will not say that something is there
        }
        settle();
    }

    /** Gives the connection up: nothing more goes out or comes in. On the loop. */
    public void fail(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        inputEnded = true;
        protocol.receiveEnd(
                cause instanceof SSLException ? TransportEnd.TLS_FAILED : TransportEnd.PEER_RESET, loop.now());
        settle();
    }

    // ---- the loop's calls ----

    @Override
    public void ready(SelectionKey ready) {
        if (closed) {
            return;
        }
        if (ready.isWritable()) {
            blocked = false;
        }
        if (lingering) {
            discard();
            if (!closed) {
                rearm(loop.now());
            }
            return;
        }
        if (receiving) {
            read();
        }
        settle();
    }

    /** Goes on after the transport had to wait for something else than the channel. */
    private void resume() {
        if (lingering) {
            discard();
        } else if (!closed) {
            blocked = false;
            if (receiving && !inputEnded) {
                read();
            }
            settle();
        }
    }

    @Override
    void due(long now) {
        if (lingering) {
            close();
        } else if (!closed) {
            if (blocked && (interest & SelectionKey.OP_WRITE) != 0 && now - wroteAt >= writeTimeout) {
                fail(new SocketTimeoutException("the peer took no byte for " + Duration.ofNanos(now - wroteAt)
                        + " while " + protocol.bufferedOutput() + " bytes waited, the limit is "
                        + Duration.ofNanos(writeTimeout)));
            } else {
                protocol.timeout(now);
                settle();
            }
        }
    }

    @Override
    public void loopEnded() {
        if (lingering) {
            close();
        } else if (!closed) {
            fail(new IOException("the event loop has ended"));
        }
    }

    // ---- what moves ----

    /**
     * Hands out events and writes what is to be written, until neither is left. To be called on the loop after a call to
     * the protocol; within {@link Application#event} there is no need to.
     */
    public void settle() {
        if (settling || closed) {
            return;
        }
        settling = true;
        try {
            do {
                dispatch();
            } while (flush());
            application.batchEnd();
        } finally {
            settling = false;
        }
        if (!closed) {
            rearm(loop.now());
        }
    }

    private void dispatch() {
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            if (event instanceof Closed end) {
                endChannel(end);
            }
            application.event(event);
        }
    }

    private void read() {
        try {
            do {
                ByteBuffer in = loop.readBuffer().limit(readSize);
                int count = transport.read(in);
                if (count > 0) {
                    protocol.receive(in.flip(), loop.now());
                } else if (count == Transport.END) {
                    inputEnded = true;
                    protocol.receiveEnd(transport.end(), loop.now());
                }
            } while (transport.hasBuffered() && receiving && !inputEnded);
        } catch (IOException e) {
            fail(e);
        }
    }

    /** Writes what waits, as far as it goes, and tells whether anything went. */
    private boolean flush() {
        boolean moved = false;
        try {
            transport.flush();
            while (!blocked && !closed && protocol.hasOutput()) {
                ByteBuffer out = fill(loop.writeBuffer());
                int count = transport.write(out);
                protocol.transmitted(count);
                wroteAt = loop.now();
                written += count;
                blocked = out.hasRemaining();
                moved |= count > 0;
            }
            if (!closed && protocol.isOutputDone()) {
                transport.shutdownOutput();
            }
        } catch (IOException e) {
            writeFailed(e);
            return true;
        }
        if (moved) {
            application.writable();
        }
        return moved;
    }

    /** Copies what waits, without taking it from the protocol: what is not written stays there, and is counted there. */
    private ByteBuffer fill(ByteBuffer out) {
        for (ByteBuffer segment : protocol.gather(MAX_SEGMENTS)) {
            int part = Math.min(segment.remaining(), out.remaining());
            out.put(out.position(), segment, segment.position(), part);
            out.position(out.position() + part);
        }
        return out.flip();
    }

    /** A peer that stopped reading may have said why: what came before the failure is read first. */
    private void writeFailed(IOException cause) {
        IOException why = cause;
        try {
            for (int count = 1; count > 0; ) {
                ByteBuffer in = loop.readBuffer();
                count = inputEnded ? Transport.END : transport.read(in);
                protocol.receive(in.flip(), loop.now());
            }
        } catch (SSLException e) {
            why = e; // the peer's alert, which says why it is gone
        } catch (IOException e) {
            // The same failure, once more.
        }
        fail(why);
    }

    /** Sets what to wait for, and until when. */
    private void rearm(long now) {
        int wanted = blocked ? SelectionKey.OP_WRITE : 0;
        if (lingering || (receiving && !inputEnded)) {
            wanted |= SelectionKey.OP_READ;
        }
        wanted = transport.ops(wanted);
        if (wanted != interest && key != null) {
            interest = wanted;
            key.interestOps(wanted);
        }
        long deadline = protocol.deadline();
        if (deadline != Protocol.NO_DEADLINE) {
            loop.deadlines().arm(this, deadline);
        }
        if (blocked) {
            loop.deadlines().arm(this, wroteAt + writeTimeout);
        }
        if (lingering) {
            loop.deadlines().arm(this, now + LINGER_NANOS);
        }
    }

    // ---- the end ----

    /**
     * Closes the channel, unless this end closes first: then the peer may still be sending, and to close would reset the
     * connection and take our last words from it. RFC 6455 §7.1.1: a server "MAY close the connection" in a way where it
     * shuts its side down, and reads until the peer has.
     */
    private void endChannel(Closed end) {
        boolean endsFirst = end.transportEnd() == TransportEnd.LOCAL && !inputEnded && failure == null;
        if (!endsFirst && end.transportEnd() != TransportEnd.TLS_FAILED) {
            close();
            return;
        }
        try {
            transport.shutdownOutput();
            lingering = true;
        } catch (IOException e) {
            close();
        }
    }

    private void discard() {
        try {
            transport.flush();
            int count;
            do {
                count = transport.read(loop.readBuffer());
            } while (count > 0);
            if (count == Transport.END) {
                close();
            }
        } catch (IOException e) {
            close();
        }
    }

    private void close() {
        closed = true;
        lingering = false;
        loop.deadlines().remove(this);
        try {
            transport.close();
        } catch (IOException e) {
            // It is closed all the same: there is nothing left to be done, and nobody to tell.
        }
    }
}
