package io.sansocket.core.protocol;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The events that wait to be taken. A burst of them leaves no room behind. */
final class EventQueue {
    private static final int BURST = 64;

    private Queue<Event> events = new ArrayDeque<>();
    /** Events since the queue was empty. */
    private int added;

    void add(Event event) {
        events.add(event);
        added++;
    }

    /** Hands on what waits, in order, and tells whether the sink wants more. */
    boolean handOn(MessageSink sink) {
        boolean goesOn = true;
        while (goesOn) {
            Event event = poll();
            if (event == null) {
                return true;
            }
            if (event instanceof Event.TextMessage message) {
                goesOn = sink.text(message.text());
            } else if (event instanceof Event.BinaryMessage message) {
                goesOn = sink.binary(message.data());
            } else {
                goesOn = sink.event(event);
            }
        }
        return false;
    }

    @Nullable
    Event poll() {
        Event event = events.poll();
        if (event == null) {
            if (added > BURST) {
                events = new ArrayDeque<>();
            }
            added = 0;
        }
        return event;
    }
}
