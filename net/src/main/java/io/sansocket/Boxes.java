package io.sansocket;

/** What waits between a connection's loop and the threads of the application, in both directions. */
final class Boxes {
    /** Whole messages that came; unused where a listener is told of them, or they come in pieces. */
    final Inbox<Message> messages;

    /** Pieces of messages that came, where they are received as streams. */
    final Inbox<Fragment> fragments;

    /** What is to be sent. */
    final Outbox outbox;

    /**
     * Makes empty ones.
     *
     * @param resume called when there is room for what comes, after there was none
     */
    Boxes(Traffic traffic, Runnable resume) {
        messages = new Inbox<>(traffic.inboxBytes(), traffic.inboxMessages(), traffic.budget(), resume);
        fragments = new Inbox<>(traffic.inboxBytes(), traffic.inboxMessages(), traffic.budget(), resume);
        outbox = new Outbox(traffic);
    }

    /** Says that nothing comes or goes any more; for boxes that nobody has put anything in yet. */
    void end(ConnectionClosedException cause) {
        outbox.end(cause);
        endReceiving(cause);
    }

    /** Says that nothing comes any more. */
    void endReceiving(ConnectionClosedException cause) {
        messages.end(cause);
        fragments.end(cause);
    }
}
