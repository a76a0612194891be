package io.sansocket;

import io.sansocket.engine.Conduit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection's loop and the threads of the application meet: the way to the loop, the boxes between them, and what
 * the loop lets everybody know. Any thread may call it, except for what is said to be otherwise. It is a part of {@link
 * Session} rather than an object of its own, of which each idle connection would have one.
 */
abstract class MeetingPoint {
    final Traffic traffic;

    @SuppressWarnings("NullAway.Init") // set before the conduit is started
    Conduit conduit;

    /** Made when they are needed first; guarded by this object's monitor, which is never held for long. */
    private volatile @Nullable Boxes boxes;
    /** Guarded by the monitor, too. */
    private Unsent unsent = Unsent.NOTHING;

    private volatile long latency = -1;
    /** Why nothing comes or goes any more; null while something may. */
    private volatile @Nullable ConnectionClosedException end;

    MeetingPoint(Traffic traffic) {
        this.traffic = traffic;
    }

    /** Says whether the application wants more to come. On the loop. */
    abstract void receive(boolean wanted);

    /** Has nothing more read, until {@link #resume}. */
    void pause() {
        onLoop(() -> receive(false), null);
    }

    void resume() {
        onLoop(() -> receive(true), null);
    }

    /** Runs something on the loop: at once when this is it. When the loop is gone, the connection has ended. */
    void onLoop(Runnable task, @Nullable CompletableFuture<?> result) {
        if (conduit.loop().isCurrent()) {
            task.run();
            return;
        }
        try {
            conduit.loop().execute(task);
        } catch (RejectedExecutionException e) {
            if (result != null) {
                result.completeExceptionally(e);
            }
        }
    }

    Boxes boxes() {
        Boxes made = boxes;
        if (made == null) {
            synchronized (this) {
                made = boxes;
                if (made == null) {
                    made = new Boxes(traffic, this::resume);
                    ConnectionClosedException ended = end;
                    if (ended != null) {
                        made.end(ended);
                    }
                    boxes = made;
                }
            }
        }
        return made;
    }

    Outbox outbox() {
        return boxes().outbox;
    }

    @Nullable
    Outbox outboxIfAny() {
        Boxes made = boxes;
        return made == null ? null : made.outbox;
    }

    /** Notes the time from the last answered Ping to its Pong, in nanoseconds. On the loop. */
    void latency(long nanos) {
        if (nanos != latency) {
            latency = nanos;
        }
    }

    /** Returns it; negative before the first. */
    long latency() {
        return latency;
    }

    /** Notes that the connection has ended, and returns what was not sent. On the loop; {@link #tellEnd} comes next. */
    Unsent noteEnd(ConnectionClosedException cause) {
        synchronized (this) {
            end = cause; // boxes made from here on are ended already
            unsent = boxes == null ? Unsent.NOTHING : boxes.outbox.end(cause);
            return unsent;
        }
    }

    /** Tells those who wait to receive, or for what was not sent. On the loop, and not under the monitor. */
    void tellEnd(ConnectionClosedException cause, Unsent unsentNow) {
        Boxes made = boxes;
        if (made != null) {
            made.endReceiving(cause);
        }
        unsentNow.left().forEach(item -> item.failed(cause));
    }

    /** Returns how the connection ended, or null while it has not. */
    @Nullable
    ConnectionClosedException end() {
        return end;
    }

    /** Returns the messages that were queued and of which no byte was sent, once the connection has ended. */
    List<Message> unsent() {
        Unsent left;
        synchronized (this) {
            left = unsent;
        }
        return left.messages();
    }
}
