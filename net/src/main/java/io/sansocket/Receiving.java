package io.sansocket;

import io.sansocket.engine.EventLoop;

/** Who may receive, and what: the checks before a thread of the application looks into an inbox. */
final class Receiving {
    private Receiving() {}

    /** Returns the inbox of whole messages, for a thread that will wait. */
    static Inbox<Message> messages(Session session) {
        requireMayWait();
        return messagesLater(session);
    }

    /** Returns the inbox of whole messages, for who will not wait. */
    static Inbox<Message> messagesLater(Session session) {
        requireNoListener(session);
        if (session.isStreamed()) {
            throw new IllegalStateException("messages are received as streams: use receiveFragment()");
        }
        return session.boxes().messages;
    }

    /** Returns the inbox of pieces, for a thread that will wait. */
    static Inbox<Fragment> fragments(Session session) {
        requireMayWait();
        requireNoListener(session);
        if (!session.isStreamed()) {
            throw new IllegalStateException(
                    "messages are received whole: use receive(), or ask the builder for streams");
        }
        return session.boxes().fragments;
    }

    static void requireText(Message next) {
        if (next instanceof Message.Binary binary) {
            throw new IllegalStateException("the next message is no text but binary, of "
                    + binary.data().remaining() + " bytes; receive() returns it");
        }
    }

    private static void requireNoListener(Session session) {
        if (session.hasListener()) {
            throw new IllegalStateException("a listener receives this connection's messages");
        }
    }

    private static void requireMayWait() {
        if (EventLoop.isLoopThread()) {
            throw new IllegalStateException("an event loop must not wait for messages: use receiveAsync()");
        }
    }
}
