package io.sansocket;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The sends of a connection that somebody waits for, and have not gone. The loop's thread alone touches them. */
final class Sends {
    /** A send, and where in the output it ends. */
    private record Waiting(long end, CompletableFuture<@Nullable Void> future) {}

    private final Deque<Waiting> all = new ArrayDeque<>(2);

    void add(long end, CompletableFuture<@Nullable Void> future) {
        all.add(new Waiting(end, future));
    }

    /** Completes those that have gone. What waits for them may send again, and so add. */
    void complete(long written) {
        while (!all.isEmpty() && all.element().end <= written) {
            all.remove().future.complete(null);
        }
    }

    /** The connection has ended: these did not go. */
    void fail(Throwable cause) {
        all.forEach(send -> send.future.completeExceptionally(cause));
    }
}
