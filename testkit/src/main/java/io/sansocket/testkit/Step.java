package io.sansocket.testkit;

import java.io.IOException;

/**
 * One step of a script: what to do on a connection, and how to name it when it goes wrong.
 *
 * @param last whether no step may follow
 */
record Step(String name, boolean last, Action action) {
    /** What a step does. */
    @FunctionalInterface
    interface Action {
        void run(Conversation conversation) throws IOException;
    }
}
