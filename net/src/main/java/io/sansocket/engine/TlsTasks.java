package io.sansocket.engine;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;

/** Runs what TLS engines must not do on a loop: as many at once as there are processors, on threads that end when idle. */
final class TlsTasks {
    private static final int KEEP_SECONDS = 10;
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final ThreadPoolExecutor THREADS = threads();

    private TlsTasks() {}

    private static ThreadPoolExecutor threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        var pool = new ThreadPoolExecutor(
                processors, processors, KEEP_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    var thread = new Thread(task, "sansocket-tls-" + COUNT.getAndIncrement());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Runs an engine's tasks, and then something on the loop. */
    static void run(SSLEngine engine, EventLoop loop, Runnable then) {
        THREADS.execute(() -> {
            try {
                // What a task throws the engine keeps, and throws from its next call; a loop is not left waiting for
                // it.
                for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                    task.run();
                }
            } finally {
                back(loop, then);
            }
        });
    }

    private static void back(EventLoop loop, Runnable then) {
        try {
            loop.execute(then);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and the connection with it.
            return;
        }
    }
}
