package io.sansocket;

import io.sansocket.core.frame.Progress;
import io.sansocket.engine.Conduit;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;

/** What a connection waits for: what the protocol says about it, and what the engine and the application hold back. */
final class Waiting {
    private Waiting() {}

    /** Asks a connection's loop, where the answer is. From any thread. */
    static CompletableFuture<Progress> ask(Session session) {
        ConnectionClosedException ended = session.end();
        if (ended != null) {
            return CompletableFuture.completedFuture(ended.closed().progress());
        }
        var answer = new CompletableFuture<Progress>();
        session.onLoop(() -> answer.complete(session.progress()), answer);
        // When the loop has ended nobody else touches the protocol.
        return answer.exceptionally(loopEnded -> session.protocol.progress());
    }

    /**
     * Completes what the protocol says. On the loop.
     *
     * @param reads whether the application takes what comes
     * @param full whether it takes nothing because its inbox is full
     */
    static Progress of(Progress protocol, Conduit conduit, boolean reads, boolean full) {
        var why = new StringJoiner("; ");
        if (conduit.isHeldBack()) {
            why.add("nothing is read until the peer takes what it was answered");
        } else if (full) {
            why.add("nothing is read until messages are received from the full inbox");
        } else if (!reads) {
            why.add("nothing is read until the application resumes");
        }
        if (conduit.isBlocked()) {
            why.add(conduit.waiting() + " bytes wait until the peer takes more");
        }
        if (why.length() == 0) {
            return protocol;
        }
        // In a frame the sentence about it follows the note by itself.
        return protocol.with(protocol.phase(), protocol.inFrame() ? why.toString() : why + "; " + protocol);
    }
}
