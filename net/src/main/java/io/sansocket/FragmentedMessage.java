package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.engine.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A message that is sent in fragments (RFC 6455 §5.4). It is ended by its last one, or broken off when one of them could not
 * be sent: to the peer, a message that is ended without it would be a whole one. For one thread.
 */
final class FragmentedMessage {
    private final Session session;

    /** Whether a fragment is on its way. */
    private boolean begun;
    /** Why a fragment is not, so that none may follow; null while all are. */
    private @Nullable Throwable broken;
    /** Whether the last one was asked for. */
    private boolean closed;

    private FragmentedMessage(Session session) {
        this.session = session;
    }

    /**
     * Begins a message, once no other one is being sent in fragments.
     *
     * @throws IllegalStateException if that would have to be waited for on an event loop
     */
    static FragmentedMessage begin(Session session) throws IOException, InterruptedException {
        var message = new FragmentedMessage(session);
        session.outbox().beginStream(message, !EventLoop.isLoopThread());
        return message;
    }

    /**
     * Sends a fragment that is not the last one.
     *
     * @param content makes it; what that throws breaks the message off, too
     */
    void put(Supplier<Message> content) throws IOException {
        if (closed) {
            throw new IOException("the message has been ended");
        }
        if (broken != null) {
            throw new IOException("the message is broken off: a fragment of it was not sent", broken);
        }
        try {
            Sending.putFragment(session, new Outgoing(content.get(), FragmentKind.MORE, null));
            begun = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw breakOff((IOException) new InterruptedIOException("interrupted while waiting for room").initCause(e));
        } catch (IOException e) {
            throw breakOff(e);
        } catch (RuntimeException e) {
            throw breakOff(e);
        } catch (Error e) {
            throw breakOff(e); // as when there is no memory for what is written
        }
    }

    private <E extends Throwable> E breakOff(E why) {
        broken = why;
        return why;
    }

    /**
     * Ends the message with a last fragment; if it is broken off, closes the connection instead. Once.
     *
     * @param content makes it; what that throws breaks the message off, too
     */
    void end(Supplier<Message> content) throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (broken == null) {
                putUninterruptibly(new Outgoing(content.get(), FragmentKind.FINAL, null));
            }
        } catch (IOException e) {
            throw breakOff(e);
        } catch (RuntimeException e) {
            throw breakOff(e);
        } catch (Error e) {
            throw breakOff(e);
        } finally {
            makeWay();
        }
    }

    /** Lets other messages go, unless the peer waits for the rest of this one: there is no other way to tell it. */
    private void makeWay() {
        // Closed at once, for the next fragment would be taken for one of this message.
        if (broken != null && begun && session.outbox().close()) {
            session.onLoop(
                    () -> session.close(new CloseStatus(CloseCode.INTERNAL_ERROR, "a message was broken off")), null);
        }
        session.outbox().endStream(this);
    }

    /** Without the last fragment the next message would be taken for a part of this one. */
    private void putUninterruptibly(Outgoing last) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Sending.putFragment(session, last);
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                    if (session.outbox().isClosing()) {
                        throw (IOException) new InterruptedIOException(
                                        "interrupted while the connection closes: the message is not ended")
                                .initCause(e);
                    }
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
