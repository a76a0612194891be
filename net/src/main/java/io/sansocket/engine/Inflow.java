package io.sansocket.engine;

import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.MessageSink;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The half of a connection that reads: what the transport has goes through the protocol to the application, while that takes
 * it and the peer takes its answers. It is a part of {@link Conduit}, as {@link Outflow} is.
 */
abstract class Inflow extends Outflow implements MessageSink {
    /** The most bytes of answers to a peer that takes none: as much as a sender that can wait may be ahead. */
    private static final long MOST_ANSWERED = 1 << 20;

    final Application application;

    /** The most bytes taken at once. */
    private int readSize = EventLoop.BUFFER_SIZE;
    /** Whether the application takes what comes. */
    private boolean receiving = true;
    /** What was read and not taken, when the application took no more. */
    private ByteBuffer unread = NOTHING;

    private boolean inputEnded;
    /** How many bytes the application answered with what was read since the channel was last seen to take all. */
    private long answered;
    /** How many bytes must be written before a peer that does not take its answers is read on. */
    private long heldUntil;

    Inflow(EventLoop loop, Transport transport, Protocol protocol, Application application, Duration writeTimeout) {
        super(loop, transport, protocol, writeTimeout);
        this.application = application;
    }

    /** Follows up what was done outside a turn. */
    abstract void settle();

    /** Says whether the application takes what comes. While it does not, bytes stay in the channel. On the loop. */
    public void receive(boolean wanted) {
        receiving = wanted;
        settle();
    }

    /** Sets how many bytes are taken at once, at most. On the loop. */
    public void readAtMost(int bytes) {
        readSize = bytes;
    }

    /** Returns how many bytes were read and not looked at. On the loop. */
    public int unread() {
        return unread.remaining();
    }

    /** Tells whether nothing is read before the peer has taken what it was answered. On the loop. */
    public boolean isHeldBack() {
        return isBlocked() && written() < heldUntil;
    }

    boolean mayRead() {
        return receiving && !isHeldBack();
    }

    /** Tells whether there is something to read although the channel does not say so. */
    boolean hasUnread() {
        return unread.hasRemaining() || transport.hasBuffered();
    }

    boolean hasInputEnded() {
        return inputEnded;
    }

    /**
     * Who asks without end and takes no answer is not read, until it has taken those it has. What the application sends of
     * its own accord, or a few answers among it, stop no reading: two ends that do the same would wait for each other.
     */
    void holdBack() {
        if (!isBlocked()) {
            answered = 0;
        } else if (answered > MOST_ANSWERED) {
            heldUntil = written() + waiting() + application.queued();
            answered = 0;
        }
    }

    /** Reads what is there and hands it on, and counts what the application answers meanwhile. */
    void read() throws IOException {
        application.takeSent(); // what was sent before is no answer
        takeIn();
        answered += application.takeSent();
    }

    private void takeIn() throws IOException {
        giveUnread();
        while (receiving && !inputEnded && !unread.hasRemaining()) {
            ByteBuffer in = loop.readBuffer().limit(readSize);
            int count = transport.read(in);
            if (count > 0) {
                give(in.flip());
            } else if (count == Transport.END) {
                endInput(transport.end());
            }
            if (!transport.hasBuffered()) {
                return;
            }
        }
    }

    /** Reads what is left in a channel that failed. That it ends behind it is no news: how it failed says more. */
    void readRest() throws IOException {
        giveUnread();
        while (receiving && !inputEnded && !unread.hasRemaining()) {
            ByteBuffer in = loop.readBuffer();
            int count = transport.read(in);
            inputEnded = count == Transport.END;
            if (count <= 0) {
                return;
            }
            give(in.flip());
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

    /** Reads nothing more, and tells the protocol how the transport has ended. */
    void endInput(TransportEnd how) {
        inputEnded = true;
        protocol.receiveEnd(how, loop.now());
    }

    /** Gives up what was read and not taken. */
    void dropUnread() {
        unread = NOTHING;
    }

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
        return application.event(event);
    }
}
