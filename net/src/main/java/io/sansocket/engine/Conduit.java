package io.sansocket.engine;

import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.MessageSink;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one connection between its transport and its protocol, and hands on what comes to the application. The
 * loop's thread alone touches it.
 *
 * <p>It works in turns. A turn lends the protocol the loop's buffer to write into, reads, hands on, and writes what came
 * together in one call; again, until nothing moves. What the application does outside a turn, {@link #settle} follows up.
 */
public final class Conduit extends Outflow implements EventLoop.Ready, MessageSink {
    /** How long the channel stays open for the peer to read our last words, when this end closes first. */
    private static final long LINGER_NANOS = 2_000_000_000;

    /** The most bytes of answers to a peer that takes none: as much as a sender that can wait may be ahead. */
    private static final long MOST_ANSWERED = 1 << 20;

    private final Application application;

    private @Nullable SelectionKey key;
    /** What the key waits for. */
    private int interest;
    /** The most bytes taken at once. */
    private int readSize = EventLoop.BUFFER_SIZE;
    /** Whether the application takes what comes. */
    private boolean receiving = true;
    /** How many bytes must be written before a peer that does not take its answers is read on. */
    private long heldUntil;
    /** What was read and not taken, when the application took no more. */
    private ByteBuffer unread = NOTHING;
    /** How many of the bytes written the application has been told of. */
    private long told;

    private boolean inputEnded;
    /** How many bytes the application answered with what was read since the channel was last seen to take all. */
    private long answered;
    /** Whether a turn is under way. */
    private boolean inTurn;
    /** Whether the loop will give a turn soon. */
    boolean deferred;
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
        super(loop, transport, protocol, writeTimeout);
        this.application = application;
    }

    /** Begins to read and write. On the loop. */
    public void start() {
        try {
            interest = SelectionKey.OP_READ;
            key = loop.register(transport.channel(), interest, this);
            transport.start(this::ready);
        } catch (IOException e) {
            fail(Failures.endOf(e), e);
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

    /** Tells whether nothing is read before the peer has taken what it was answered. On the loop. */
    public boolean isHeldBack() {
        return isBlocked() && written() < heldUntil;
    }

    /** Returns how many bytes were read and not looked at. On the loop. */
    public int unread() {
        return unread.remaining();
    }

    /** Sets how many bytes are taken at once, at most. On the loop. */
    public void readAtMost(int bytes) {
        readSize = bytes;
    }

    /** Says whether the application takes what comes. While it does not, bytes stay in the channel. On the loop. */
    public void receive(boolean wanted) {
        receiving = wanted;
        settle();
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

    private void fail(TransportEnd how, IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        if (lingering) {
            close();
            return;
        }
        inputEnded = true;
        protocol.receiveEnd(how, loop.now());
        settle();
    }

    /** Sees to it that what the application did is followed up: at once, or after the turn that is under way. On the loop. */
    public void settle() {
        if (closed || inTurn) {
            return;
        }
        if (loop.isTaken()) {
            loop.defer(this);
        } else {
            turn(false);
        }
    }

    // ---- the loop's calls ----

    @Override
    public void ready(SelectionKey channel) {
        ready();
    }

    /** Reads and writes as far as that goes. */
    private void ready() {
        if (!closed) {
            turn(true);
        }
    }

    @Override
    void due(long now) {
        if (lingering) {
            close();
            return;
        }
        // What is waited for may have come while the loop had other things to do: the peer is not to blame for that.
        ready();
        if (closed || lingering) {
            return;
        }
        loop.deadlines().remove(this); // it has come; the turn below waits for the next
        if (!mayRead()) {
            protocol.holdBack();
        }
        if (isBlocked() && now - writeDeadline() >= 0) {
            fail(writeTimedOut(now));
        } else {
            protocol.timeout(now);
            settle();
        }
    }

    @Override
    public void loopEnded() {
        if (!closed && !lingering) {
            fail(new IOException("the event loop has ended"));
        }
        close();
    }

    // ---- a turn ----

    private void turn(boolean channelReady) {
        boolean wasHeldBack = isHeldBack();
        inTurn = true;
        loop.take();
        try {
            boolean read = channelReady || (mayRead() && hasUnread());
            transport.flush();
            do {
                if (isBlocked()) {
                    writeBacklog();
                }
                move(read);
                read = false;
            } while (send());
            application.batchEnd();
            holdBack(wasHeldBack);
        } catch (IOException e) {
            broken(e);
        } catch (RuntimeException | Error e) {
            // A fault of ours. It must not be the end of the loop, nor of the connection without a word.
            failure = new IOException("a fault of this library", e);
            end(TransportEnd.LOCAL_FAILURE);
            throw e;
        } finally {
            inTurn = false;
            loop.give();
        }
        if (!closed) {
            rearm();
        }
    }

    /** Reads, if asked to, and hands on; what the protocol has to say about it is written together. */
    private void move(boolean read) throws IOException {
        if (lingering) {
            discard();
            return;
        }
        ByteBuffer out = isBlocked() || !transport.takesOutput() ? null : loop.writeBuffer();
        if (out != null) {
            protocol.lend(out);
        }
        try {
            if (read && mayRead()) {
                application.takeSent(); // what was sent before is no answer
                read();
                answered += application.takeSent();
            }
            protocol.deliver(this);
        } finally {
            if (out != null) {
                protocol.takeBack();
            }
        }
        if (out != null && out.position() > 0) {
            write(out.flip());
        }
    }

    private boolean mayRead() {
        return receiving && !isHeldBack();
    }

    /**
     * Who asks without end and takes no answer is not read, until it has taken those it has. What the application sends of
     * its own accord, or a few answers among it, stop no reading: two ends that do the same would wait for each other.
     */
    private void holdBack(boolean wasHeldBack) {
        if (!isBlocked()) {
            answered = 0;
        } else if (answered > MOST_ANSWERED) {
            heldUntil = written() + waiting() + application.queued();
            answered = 0;
        }
        if (wasHeldBack && mayRead() && hasUnread()) {
            loop.defer(this); // the channel will not say that there is something
        }
    }

    private boolean hasUnread() {
        return unread.hasRemaining() || transport.hasBuffered();
    }

    private void read() throws IOException {
        giveUnread();
        while (receiving && !inputEnded && !unread.hasRemaining()) {
            ByteBuffer in = loop.readBuffer().limit(readSize);
            int count = transport.read(in);
            if (count > 0) {
                give(in.flip());
            } else if (count == Transport.END) {
                inputEnded = true;
                protocol.receiveEnd(transport.end(), loop.now());
            }
            if (!transport.hasBuffered()) {
                return;
            }
        }
    }

    private void giveUnread() {
        if (receiving && unread.hasRemaining()) {
            ByteBuffer held = unread;
            unread = NOTHING;
            give(held);
        }
    }

    private void give(ByteBuffer in) {
        protocol.receiveInPlace(in, loop.now(), this);
        if (in.hasRemaining()) {
            unread = ByteBuffer.allocate(in.remaining()).put(in).flip();
        }
    }

    /** Writes what the protocol still has, and tells whether anything moved since this was asked last. */
    private boolean send() throws IOException {
        while (!isBlocked() && !closed && protocol.hasOutput() && transport.takesOutput()) {
            ByteBuffer out = loop.writeBuffer();
            protocol.lend(out);
            protocol.takeBack();
            write(out.flip());
        }
        if (!closed && !isBlocked() && protocol.isOutputDone()) {
            transport.shutdownOutput();
        }
        boolean moved = written() != told;
        if (moved) {
            told = written();
            application.writable();
        }
        return moved;
    }

    /** Sets what to wait for, and until when. */
    private void rearm() {
        int wanted = isBlocked() ? SelectionKey.OP_WRITE : 0;
        if (lingering || (mayRead() && !inputEnded)) {
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
        if (isBlocked()) {
            loop.deadlines().arm(this, writeDeadline());
        }
    }

    // ---- the sink: everything goes to the application ----

    @Override
    public boolean text(String text) {
        return application.text(text);
    }

    @Override
    public boolean binary(ByteBuffer data) {
        return application.binary(data);
    }

    @Override
    public boolean binaryInPlace(ByteBuffer borrowed) {
        loop.lend(true);
        try {
            return application.binaryInPlace(borrowed);
        } finally {
            loop.lend(false);
        }
    }

    @Override
    public boolean event(Event event) {
        if (event instanceof Closed end) {
            endChannel(end);
        }
        return application.event(event);
    }

    // ---- the end ----

    /** The channel failed. A peer that stopped reading may have said why before: that is read first. */
    private void broken(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        dropBacklog();
        if (lingering) {
            close();
            return;
        }
        IOException why = cause;
        try {
            giveUnread();
            while (receiving && !inputEnded && !unread.hasRemaining()) {
                ByteBuffer in = loop.readBuffer();
                int count = transport.read(in);
                inputEnded = count == Transport.END;
                if (count <= 0) {
                    break;
                }
                give(in.flip());
            }
        } catch (SSLException e) {
            why = e; // the peer's alert, which says why it is gone
            failure = e;
        } catch (IOException e) {
            // The same failure, once more.
        }
        end(Failures.endOf(why));
    }

    private void end(TransportEnd how) {
        inputEnded = true;
        protocol.receiveEnd(how, loop.now());
        protocol.deliver(this);
        application.batchEnd();
    }

    /**
     * Closes the channel, unless this end closes first: then the peer may still be sending, and to close would reset the
     * connection and take our last words from it. So this end shuts its side down and reads until the peer has closed, as
     * RFC 6455 §7.1.1 describes.
     */
    private void endChannel(Closed end) {
        loop.deadlines().remove(this);
        unread = NOTHING;
        dropBacklog();
        boolean here = end.transportEnd() == TransportEnd.LOCAL || end.transportEnd() == TransportEnd.LOCAL_FAILURE;
        boolean endsFirst = here && !inputEnded;
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
    private void discard() throws IOException {
        int count;
        do {
            count = transport.read(loop.readBuffer());
        } while (count > 0 && transport.hasBuffered());
        if (count == Transport.END) {
            close();
        }
    }

    private void close() {
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
