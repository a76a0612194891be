package io.sansocket.engine;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Reports a loop that does not get on, with the place where it stands: some callback blocks, and all connections of the loop
 * wait for it. One daemon thread watches all loops.
 */
final class Watchdog {
    /** How long one piece of work may take before it is reported. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final System.Logger LOG = System.getLogger("io.sansocket.engine");
    private static final long INTERVAL_NANOS = PATIENCE_NANOS / 2;

    /** The loops, and since when each was busy when that was reported last; guarded by itself. */
    private static final Map<EventLoop, Long> LOOPS = new WeakHashMap<>();

    private Watchdog() {}

    /** Watches a loop for as long as it is in use. */
    static void watch(EventLoop loop) {
        synchronized (LOOPS) {
            if (LOOPS.isEmpty()) {
                start();
            }
            LOOPS.put(loop, EventLoop.IDLE);
        }
    }

    static void forget(EventLoop loop) {
        synchronized (LOOPS) {
            LOOPS.remove(loop);
        }
    }

    private static void start() {
        var thread = new Thread(Watchdog::run, "sansocket-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    private static void run() {
        do {
            LockSupport.parkNanos(INTERVAL_NANOS);
        } while (look(System.nanoTime()));
    }

    /** Looks at every loop once, and tells whether there are any; without, the thread ends. */
    private static boolean look(long now) {
        List<EventLoop> stuck = new ArrayList<>();
        synchronized (LOOPS) {
            LOOPS.replaceAll((loop, reported) -> {
                long since = loop.busySince();
                if (since == EventLoop.IDLE || since == reported || now - since < PATIENCE_NANOS) {
                    return reported;
                }
                stuck.add(loop);
                return since;
            });
            if (LOOPS.isEmpty()) {
                return false;
            }
        }
        stuck.forEach(loop -> report(loop, now));
        return true;
    }

    private static void report(EventLoop loop, long now) {
        Thread thread = loop.thread();
        var place = new Throwable("where it stands");
        place.setStackTrace(thread.getStackTrace());
        long millis = TimeUnit.NANOSECONDS.toMillis(now - loop.busySince());
        LOG.log(
                Level.WARNING,
                "! event loop " + thread.getName() + " has been at one piece of work for " + millis
                        + " ms, and all its connections wait: a listener must not block",
                place);
    }
}
