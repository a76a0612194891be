package io.sansocket.engine;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * How a connection's channel ends: it fails or is given up, of which the protocol is told; or the protocol says that it is
 * over, and the channel is closed, at once or when the peer has read the last words. A part of {@link Conduit}, too.
 */
abstract class ChannelEnd extends Inflow {
    /** How long the channel stays open for the peer to read our last words, when this end closes first. */
    private static final long LINGER_NANOS = 2_000_000_000;

    /** What the channel threw, if it did; told beside the core's diagnosis. */
    private @Nullable IOException failure;
    /** Whether Closed has come, and the channel waits for the peer to close. */
    private boolean lingering;

    private boolean closed;

    ChannelEnd(EventLoop loop, Transport transport, Protocol protocol, Application application, Duration writeTimeout) {
        super(loop, transport, protocol, application, writeTimeout);
    }

    /** Returns what the channel threw, or null. On the loop. */
    public @Nullable IOException failure() {
        return failure;
    }

    boolean isLingering() {
        return lingering;
    }

    boolean isClosed() {
        return closed;
    }

    /** Gives the connection up: nothing more goes out or comes in. On the loop. */
    public void fail(IOException cause) {
        fail(TransportEnd.LOCAL_FAILURE, cause);
    }

    /** Gives the connection up as {@link #fail} does, but lets the peer read what was written. On the loop. */
    public void cut(IOException cause) {
        if (!lingering && !closed) {
            failure = cause;
            protocol.receiveEnd(TransportEnd.LOCAL_FAILURE, loop.now());
            settle();
        }
    }

    void fail(TransportEnd how, IOException cause) {
        noteFailure(cause);
        if (lingering) {
            close();
            return;
        }
        endInput(how);
        settle();
    }

    private void noteFailure(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /** The channel failed in a turn. A peer that stopped reading may have said why before: that is read first. */
    void broken(IOException cause) {
        noteFailure(cause);
        dropBacklog();
        if (lingering) {
            close();
            return;
        }
        IOException why = cause;
        try {
            readRest();
        } catch (SSLException e) {
            why = e; // the peer's alert, which says why it is gone
            failure = e;
        } catch (IOException e) {
            // The same failure, once more.
        }
        end(Failures.endOf(why));
    }

    /** A fault of ours in a turn. It must not be the end of the loop, nor of the connection without a word. */
    void faulty(Throwable fault) {
        failure = new IOException("a fault of this library", fault);
        end(TransportEnd.LOCAL_FAILURE);
    }

    private void end(TransportEnd how) {
        endInput(how);
        protocol.deliver(this);
        application.batchEnd();
    }

    @Override
    public boolean event(Event event) {
        if (event instanceof Closed end) {
            endChannel(end);
        }
        return super.event(event);
    }

    /**
     * Closes the channel, unless this end closes first: then the peer may still be sending, and to close would reset the
     * connection and take our last words from it. So this end shuts its side down and reads until the peer has closed, as
     * RFC 6455 §7.1.1 describes.
     */
    private void endChannel(Closed end) {
        loop.deadlines().remove(this);
        dropUnread();
        dropBacklog();
        boolean here = end.transportEnd() == TransportEnd.LOCAL || end.transportEnd() == TransportEnd.LOCAL_FAILURE;
        boolean endsFirst = here && !hasInputEnded();
        if (!endsFirst && end.transportEnd() != TransportEnd.TLS_FAILED) {
            close();
            return;
        }
        try {
            transport.shutdownOutput();
            lingering = true;
            loop.deadlines().arm(this, loop.now() + LINGER_NANOS);
        } catch (IOException e) {
            close();
        }
    }

    /** Takes what the peer still sends; one who sends without end does not hold up the loop, nor the end of the wait. */
    void discard() throws IOException {
        int count;
        do {
            count = transport.read(loop.readBuffer());
        } while (count > 0 && transport.hasBuffered());
        if (count == Transport.END) {
            close();
        }
    }

    void close() {
        if (closed) {
            return;
        }
        closed = true;
        lingering = false;
        dropBacklog();
        loop.deadlines().remove(this);
        try {
            transport.close();
        } catch (IOException e) {
            // It is closed all the same: there is nothing left to be done, and nobody to tell.
        }
        application.released();
    }
}
