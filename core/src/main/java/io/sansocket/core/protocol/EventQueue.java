package io.sansocket.core.protocol;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The events that wait to be taken. Most often there is one; a burst of them leaves no room behind. */
final class EventQueue {
    private @Nullable Event first;
    /** Those behind the first; null when there are none. */
    private @Nullable Deque<Event> more;

    void add(Event event) {
        if (first == null) {
            first = event;
            return;
        }
        if (more == null) {
            more = new ArrayDeque<>();
        }
        more.add(event);
    }

    @Nullable
    Event poll() {
        Event event = first;
        first = null;
        if (more != null) {
            first = more.poll();
            more = more.isEmpty() ? null : more;
        }
        return event;
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
}
