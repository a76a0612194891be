package io.sansocket;

import io.sansocket.core.rule.CloseCode;
import java.io.InterruptedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Runs a server's handler for each connection: on virtual threads where the JDK has them, else on a cached pool. */
final class HandlerThreads implements AutoCloseable {
    private static final String CLOSED = "the connection is closed with 1011";

    private final Handler handler;
    private final Executor executor;
    /** The executor when it is our own, to be shut down; else null. */
    private final @Nullable ExecutorService own;

    HandlerThreads(Handler handler, @Nullable Executor given, int port) {
        this.handler = handler;
        if (given == null) {
            own = threads("sansocket-handler-" + port + "-");
            executor = own;
        } else {
            own = null;
            executor = given;
        }
    }

    /** JDK 21 and newer have virtual threads; we compile for 17, so they are called by name. */
    private static ExecutorService threads(String name) {
        try {
            var lookup = MethodHandles.publicLookup();
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> virtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object made = lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(virtual))
                    .invoke();
            Object named = lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class, long.class))
                    .invoke(made, name, 0L);
            var factory =
                    (ThreadFactory) lookup.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
                            .invoke(named);
            return (ExecutorService) lookup.findStatic(
                            Executors.class,
                            "newThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class, ThreadFactory.class))
                    .invoke(factory);
        } catch (Throwable e) {
            return pool(name);
        }
    }

    private static ExecutorService pool(String name) {
        var count = new AtomicLong();
        return Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, name + count.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Has a connection served. On its loop. */
    void serve(WebSocket connection) {
        try {
            executor.execute(() -> run(connection));
        } catch (RejectedExecutionException e) {
            connection.session().log.failed("the executor", CLOSED, e);
            connection.closeAsync(CloseCode.INTERNAL_ERROR, "no thread for the handler");
        }
    }

    private void run(WebSocket connection) {
        try {
            handler.handle(connection);
            connection.close();
        } catch (Throwable e) {
            fail(connection, e);
        }
    }

    /** That the connection has ended is what a handler learns, not what it does wrong; an interrupt is shutdown's. */
    private void fail(WebSocket connection, Throwable fault) {
        if (!tellsOfTheEnd(connection, fault)) {
            connection.session().log.failed("the handler", CLOSED, fault);
        }
        connection.closeAsync(CloseCode.INTERNAL_ERROR, "the application failed");
    }

    private boolean tellsOfTheEnd(WebSocket connection, Throwable fault) {
        boolean ending = !connection.isOpen() || (own != null && own.isShutdown());
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            boolean interrupted = cause instanceof InterruptedException || cause instanceof InterruptedIOException;
            if (cause instanceof ConnectionClosedException || (interrupted && ending)) {
                return true;
            }
        }
        return false;
    }

    /** Interrupts the handlers that still run. */
    @Override
    public void close() {
        if (own != null) {
            own.shutdownNow();
        }
    }
}
