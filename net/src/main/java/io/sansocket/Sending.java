package io.sansocket;

import io.sansocket.core.frame.Utf8;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.EventLoop;
import java.io.IOException;

/** The way of a message from the calling thread to the loop: straight on the loop itself, else through the outbox. */
final class Sending {
    private Sending() {}

    /** Sends, and waits for room unless the calling thread is a loop's. */
    static void put(Session session, Outgoing message) throws IOException, InterruptedException {
        noteSent(session, message);
        if (isDirect(session)) {
            session.send(message);
            session.conduit.settle();
        } else {
            check(message);
            queue(session, message, true);
        }
    }

    /**
     * Sends a fragment as {@link #put} does a message. It goes through the outbox on the loop, too, which knows by that what
     * must wait until the message ends.
     */
    static void putFragment(Session session, Outgoing fragment) throws IOException, InterruptedException {
        noteSent(session, fragment);
        queue(session, fragment, true);
    }

    /** Sends without waiting; what goes wrong is in the message's future. */
    static void putLater(Session session, Outgoing message) {
        boolean interrupted = Thread.interrupted(); // nothing waits here, so there is nothing to interrupt
        noteSent(session, message);
        try {
            if (isDirect(session)) {
                session.send(message);
                session.conduit.settle();
            } else {
                check(message);
                queue(session, message, false);
            }
        } catch (IOException | IllegalArgumentException e) {
            message.failed(e);
        } catch (InterruptedException e) {
            message.failed(e);
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells whether a message of the calling thread needs no outbox: this is the connection's loop, and nothing is ahead. */
    static boolean isDirect(Session session) {
        if (!isOnLoop(session) || !session.hasRoom()) {
            return false;
        }
        Outbox outbox = session.outboxIfAny();
        return outbox == null || outbox.isIdle();
    }

    private static void noteSent(Session session, Outgoing message) {
        if (isOnLoop(session)) {
            session.noteSent(message.size());
        }
    }

    private static boolean isOnLoop(Session session) {
        return session.conduit.loop().isCurrent();
    }

    /** Finds the caller's fault while the caller can be told; the protocol would find it on the loop, too late. */
    private static void check(Outgoing message) {
        if (message.message() instanceof Message.Text text && message.kind() == null) {
            String characters = text.text();
            for (int i = 0; i < characters.length(); i++) {
                if (Character.isSurrogate(characters.charAt(i))) {
                    Utf8.encode(characters); // throws when it is half a pair
                    return;
                }
            }
        }
    }

    private static void queue(Session session, Outgoing message, boolean mayWait)
            throws IOException, InterruptedException {
        boolean onLoop = EventLoop.isLoopThread();
        switch (session.outbox().put(onLoop ? message.copied() : message, mayWait && !onLoop)) {
            case QUEUED -> {}
            case QUEUED_FIRST -> session.onLoop(session::pump, null);
            case OVERFLOW -> {
                session.onLoop(
                        () -> session.closeNow(
                                new CloseStatus(CloseCode.TRY_AGAIN_LATER, "this end's send queue is full")),
                        null);
                throw SendQueueFullException.closing(message.size(), session.traffic.outboxBytes());
            }
        }
    }
}
