package io.sansocket.engine;

import io.sansocket.core.protocol.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bytes of one connection between its transport and its protocol, and hands on what comes to the application. The
 * loop's thread alone touches it.
 *
 * <p>It works in turns. A turn lends the protocol the loop's buffer to write into, reads, hands on, and writes what came
 * together in one call; again, until nothing moves. What the application does outside a turn, {@link #settle} follows up.
 * When there is a turn, and in which order things are done in it, is decided here; how each is done, in {@link Outflow},
 * {@link Inflow} and {@link ChannelEnd}.
 */
public final class Conduit extends ChannelEnd implements EventLoop.Ready {
    private @Nullable SelectionKey key;
    /** What the key waits for. */
    private int interest;
    /** How many of the bytes written the application has been told of. */
    private long told;
    /** Whether a turn is under way. */
    private boolean inTurn;
    /** Whether the loop will give a turn soon. */
    boolean deferred;

    /**
     * Makes a conduit; {@link #start} sets it going.
     *
     * @param writeTimeout how long the peer may take no byte while some wait
     */
    public Conduit(
            EventLoop loop, Transport transport, Protocol protocol, Application application, Duration writeTimeout) {
        super(loop, transport, protocol, application, writeTimeout);
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

    /** Returns the time of the work under way, to be given to the protocol. On the loop. */
    public long now() {
        return loop.now();
    }

    /** Sees to it that what the application did is followed up: at once, or after the turn that is under way. On the loop. */
    @Override
    public void settle() {
        if (isClosed() || inTurn) {
            return;
        }
        if (loop.isTaken()) {
            loop.defer(this);
        } else {
            turn(false);
        }
    }

    @Override
    public void ready(SelectionKey channel) {
        ready();
    }

    /** Reads and writes as far as that goes. */
    private void ready() {
        if (!isClosed()) {
            turn(true);
        }
    }

    @Override
    void due(long now) {
        if (isLingering()) {
            close();
            return;
        }
        // What is waited for may have come while the loop had other things to do: the peer is not to blame for that.
        ready();
        if (isClosed() || isLingering()) {
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
        if (!isClosed() && !isLingering()) {
            fail(new IOException("the event loop has ended"));
        }
        close();
    }

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
            holdBack();
            if (wasHeldBack && mayRead() && hasUnread()) {
                loop.defer(this); // the channel will not say that there is something
            }
        } catch (IOException e) {
            broken(e);
        } catch (RuntimeException | Error e) {
            faulty(e);
            throw e;
        } finally {
            inTurn = false;
            loop.give();
        }
        if (!isClosed()) {
            rearm();
        }
    }

    /** Reads, if asked to, and hands on; what the protocol has to say about it is written together. */
    private void move(boolean read) throws IOException {
        if (isLingering()) {
            discard();
            return;
        }
        ByteBuffer out = isBlocked() || !transport.takesOutput() ? null : loop.writeBuffer();
        if (out != null) {
            protocol.lend(out);
        }
        try {
            if (read && mayRead()) {
                read();
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

    /** Writes what the protocol still has, and tells whether anything moved since this was asked last. */
    private boolean send() throws IOException {
        while (!isBlocked() && !isClosed() && protocol.hasOutput() && transport.takesOutput()) {
            ByteBuffer out = loop.writeBuffer();
            protocol.lend(out);
            protocol.takeBack();
            write(out.flip());
        }
        if (!isClosed() && !isBlocked() && protocol.isOutputDone()) {
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
        if (isLingering() || (mayRead() && !hasInputEnded())) {
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
}
