package io.sansocket;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.Application;
import io.sansocket.engine.EventLoop;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The half of a {@link Session} that sends: gives the protocol what the application sends, as far as there is room for it,
 * and at last the Close. The loop's thread alone touches it.
 */
abstract class Pump extends MeetingPoint implements Application {
    /** What the loop gives the protocol ahead of the channel, in bytes: the rest waits where it can still be dropped. */
    private static final int AHEAD = 64 * 1024;

    final Protocol protocol;
    final Log log;

    /** Made with the first send that somebody waits for; null again when the connection has ended. */
    private @Nullable Sends sends;
    /** How much was sent on the loop since the conduit asked last. */
    private long sent;
    /** Whether this end asked to close, or the connection has ended: the protocol is given nothing more. */
    private boolean closing;
    /** What the application closes with, once the outbox is empty; null while it does not. */
    private @Nullable CloseStatus pendingClose;

    Pump(Traffic traffic, Protocol protocol, Log log) {
        super(traffic);
        this.protocol = protocol;
        this.log = log;
    }

    @Override
    public void writable() {
        if (sends != null) {
            sends.complete(conduit.written());
        }
        pump();
    }

    @Override
    public long takeSent() {
        long taken = sent;
        sent = 0;
        return taken;
    }

    @Override
    public long queued() {
        Outbox outbox = outboxIfAny();
        return outbox == null ? 0 : outbox.bytes();
    }

    /** Notes that the loop's thread has sent something, as a listener does that answers. */
    void noteSent(long bytes) {
        sent += bytes;
    }

    /** Tells whether a message may go straight to the protocol: it is open, and has room. */
    boolean hasRoom() {
        return !closing && conduit.waiting() < (conduit.isBlocked() ? AHEAD : EventLoop.BUFFER_SIZE);
    }

    /** Gives the protocol what waits in the outbox, as far as there is room, and at last the Close that waits behind it. */
    void pump() {
        Outbox outbox = outboxIfAny();
        Outgoing next = null;
        while (outbox != null && hasRoom() && (next = outbox.poll()) != null) {
            sendQueued(next);
        }
        CloseStatus status = pendingClose;
        if (status != null && hasRoom() && next == null) {
            closeNow(status);
        }
        conduit.settle();
    }

    /** Gives a text to the protocol without more ado, and tells whether it took it: else the connection is closing. */
    boolean sendNow(String text) {
        if (closing || log.isVerbose()) {
            return false;
        }
        try {
            protocol.sendText(text);
        } catch (IllegalStateException e) {
            return false;
        }
        noteSent(text.length());
        conduit.settle();
        return true;
    }

    /** Gives bytes to the protocol as {@link #sendNow(String)} does. */
    boolean sendNow(ByteBuffer data) {
        if (closing || log.isVerbose()) {
            return false;
        }
        int size = data.remaining();
        try {
            if (conduit.loop().isLent()) {
                protocol.sendBinary(data);
            } else {
                protocol.sendBinaryByReference(data);
            }
        } catch (IllegalStateException e) {
            return false;
        }
        noteSent(size);
        conduit.settle();
        return true;
    }

    /** Gives the protocol what was queued, of which no caller can be told any more that it cannot be sent. */
    private void sendQueued(Outgoing message) {
        try {
            send(message);
        } catch (IllegalArgumentException e) {
            giveUp(message, e);
        }
    }

    /**
     * Gives a message to the protocol. When that is closing, how it ends is what the sender will be told.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    void send(Outgoing message) {
        try {
            message.sendTo(protocol, conduit.loop().isLent());
        } catch (IllegalArgumentException e) {
            throw e; // the caller's fault, who is told, and changes nothing
        } catch (RuntimeException | Error e) {
            if (e instanceof IllegalStateException && isEnding()) {
                closing = true;
                outbox().takeBack(message);
            } else {
                giveUp(message, e);
            }
            return;
        }
        log.sent(message);
        if (message.sent() != null) {
            if (sends == null) {
                sends = new Sends();
            }
            sends.add(conduit.written() + conduit.waiting(), message.sent());
        }
    }

    private boolean isEnding() {
        Phase phase = protocol.progress().phase();
        return phase == Phase.CLOSING || phase == Phase.CLOSED;
    }

    /** A message cannot be sent, so that the stream of messages has a hole: that ends the connection, or nobody would know. */
    private void giveUp(Outgoing message, Throwable fault) {
        log.failed("sending a message", "the connection is closed with 1011", fault);
        outbox().takeBack(message);
        closeNow(new CloseStatus(CloseCode.INTERNAL_ERROR, "a message cannot be sent"));
        message.failed(fault);
    }

    /** Begins the closing handshake, once what is in the outbox has gone. */
    void close(CloseStatus status) {
        if (pendingClose == null) {
            pendingClose = status;
            outbox().close();
            pump();
        }
    }

    /** Begins the closing handshake at once. */
    void closeNow(CloseStatus status) {
        if (!closing) {
            closing = true;
            log.closing(status);
            protocol.close(status, conduit.now());
            receive(true);
        }
    }

    boolean isClosing() {
        return closing;
    }

    /** The connection has ended: what is sent from here on goes to the outbox, which tells that it comes too late. */
    void sendNoMore() {
        closing = true;
    }

    /** The connection has ended, and those who wait are told that what they sent did not go. */
    void failSends(ConnectionClosedException cause) {
        if (sends != null) {
            sends.fail(cause);
            sends = null;
        }
    }
}
