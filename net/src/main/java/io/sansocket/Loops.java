package io.sansocket;

import io.sansocket.engine.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Event loops, each a thread that serves many connections. A connection stays on one of them.
 *
 * <p>Without a choice clients share one set for the whole process, which never ends, and each server has one of its own,
 * which ends with it. The JVM does not wait for loops to end when all else has, but for a server's own it does.
 *
 * @since 0.1
 */
public final class Loops implements AutoCloseable {
    /** The clients' loops, made when the first client needs them. */
    private static final class Shared {
        static final Loops LOOPS = new Loops(Runtime.getRuntime().availableProcessors(), "sansocket-client", true);
    }

    private final List<EventLoop> loops;
    private final AtomicInteger next = new AtomicInteger();

    private Loops(int count, String name, boolean daemon) {
        var started = new ArrayList<EventLoop>(count);
        try {
            for (int i = 0; i < count; i++) {
                started.add(new EventLoop(name + "-" + i, daemon));
            }
        } catch (RuntimeException | Error e) {
            started.forEach(EventLoop::stop); // no descriptor or no memory is left for the others
            throw e;
        }
        loops = List.copyOf(started);
    }

    /**
     * Starts loops.
     *
     * @param count how many, at least one; as many as processors is a good number
     * @param name what their threads are called, with a number behind it
     * @throws IllegalArgumentException if the count is less than 1
     */
    public static Loops of(int count, String name) {
        if (count < 1) {
            throw new IllegalArgumentException(count + " event loops cannot serve a connection, at least 1 is needed");
        }
        return new Loops(count, name, true);
    }

    /** Starts a server's own loops, one for each processor; the JVM does not end before the server is closed. */
    static Loops ofServer(String name) {
        return new Loops(Runtime.getRuntime().availableProcessors(), name, false);
    }

    static Loops shared() {
        return Shared.LOOPS;
    }

    /** Returns a loop, each in its turn. */
    EventLoop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /** Returns how many channels and deadlines each loop has, for tests. Waits for the loops. */
    List<Integer> registrations() {
        return loops.stream()
                .map(loop ->
                        CompletableFuture.supplyAsync(loop::registrations, loop).join())
                .toList();
    }

    /**
     * Ends the loops; connections that are open on them are cut. Waits until that is done, unless the calling thread is a
     * loop's: it would wait for itself.
     */
    @Override
    public void close() {
        loops.forEach(EventLoop::stop);
        if (EventLoop.isLoopThread()) {
            return;
        }
        try {
            for (EventLoop loop : loops) {
                loop.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
