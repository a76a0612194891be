package io.sansocket.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for many channels, and does what they and other threads ask for, one after the other.
 *
 * <p>All connections of a loop share one buffer to read into and one to write from, so one that is idle has none. The
 * methods about those, about turns, deadlines and channels are for what runs on the loop, and for its thread alone.
 */
public final class EventLoop implements Executor {
    /** The size of the shared buffers, in bytes: a message of 1 MiB lies in one whole with its header, and needs no assembly. */
    public static final int BUFFER_SIZE = 1024 * 1024 + 1024;

    /** The time of no work. */
    static final long IDLE = Long.MIN_VALUE;

    private static final System.Logger LOG = System.getLogger("io.sansocket.engine");
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** Tasks that are run before channels have their turn again. */
    private static final int TASKS_AT_ONCE = 4096;

    /** What waits for a channel. The loop's thread alone calls it. */
    interface Ready {
        void ready(SelectionKey key);

        /** The loop ends: lets go of the channel. */
        void loopEnded();
    }

    /** Told from others, so that what waits can refuse to wait here. */
    private static final class LoopThread extends Thread {
        LoopThread(Runnable loop, String name) {
            super(loop, name);
        }
    }

    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Whether the thread is awake, or has been told to wake up. */
    private final AtomicBoolean awake = new AtomicBoolean(true);

    private volatile boolean stopping;
    /** Whether tasks are refused. */
    private volatile boolean ended;
    /** When the piece of work began that is under way; written without a fence: who reads it late reports late. */
    private final AtomicLong busySince = new AtomicLong(IDLE);

    // The thread's own.
    private final DeadlineHeap deadlines = new DeadlineHeap();
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private final ByteBuffer writeBuffer = ByteBuffer.allocateDirect(BUFFER_SIZE);
    private @Nullable TlsBuffers tlsBuffers; // made for the first connection that needs them
    private long now = System.nanoTime();
    /** Whether a turn is under way: the shared buffers are in use. */
    private boolean taken;
    /** Whether an application is being shown bytes where they lie in the buffer that is read into. */
    private boolean lent;
    /** Those that want a turn after it. */
    private final Queue<Conduit> deferred = new ArrayDeque<>();

    /**
     * Starts a loop.
     *
     * @param name its thread's
     * @param daemon whether the JVM may end while it runs
     */
    public EventLoop(String name, boolean daemon) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("an event loop cannot be opened", e);
        }
        thread = new LoopThread(this::run, name);
        thread.setDaemon(daemon);
        thread.start();
        Watchdog.watch(this);
    }

    /** Tells whether the calling thread is this loop's. */
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Tells whether the calling thread is that of any loop: it must not wait. */
    public static boolean isLoopThread() {
        return Thread.currentThread() instanceof LoopThread;
    }

    /** Returns the loop's thread, to be shown. */
    Thread thread() {
        return thread;
    }

    /** Returns when the piece of work began that is under way, by {@link System#nanoTime}, or {@link #IDLE}. From any thread. */
    long busySince() {
        return busySince.getOpaque();
    }

    /**
     * Runs a task on the loop's thread, after those given before. From any thread.
     *
     * @throws RejectedExecutionException if the loop has ended
     */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (!isCurrent() && awake.compareAndSet(false, true)) {
            selector.wakeup();
        }
        // A task added while the loop went down is run by its last sweep, or taken back here.
        if (ended && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop has ended");
        }
    }

    /** Ends the loop: its channels are closed. From any thread; {@link #join} waits until it is done. */
    public void stop() {
        stopping = true;
        selector.wakeup();
    }

    /** Waits until the loop has ended. Not from its own thread. */
    public void join() throws InterruptedException {
        thread.join();
    }

    /** Returns the time at which the work under way began, by {@link System#nanoTime}. */
    long now() {
        return now;
    }

    /** Returns the shared buffer to read into, empty. Good until the calling method returns to the loop. */
    ByteBuffer readBuffer() {
        return readBuffer.clear();
    }

    /** Returns the shared buffer to write from, empty. Good until the calling method returns to the loop. */
    ByteBuffer writeBuffer() {
        return writeBuffer.clear();
    }

    /** Returns the shared buffers of TLS. Good until the calling method returns to the loop. */
    TlsBuffers tlsBuffers() {
        TlsBuffers shared = tlsBuffers;
        if (shared == null) {
            shared = TlsBuffers.allocate();
            tlsBuffers = shared;
        }
        return shared;
    }

    /** Returns how many channels are waited for; one that was closed counts until the next turn. */
    int channelCount() {
        return selector.keys().size();
    }

    /**
     * Tells whether an application is being shown bytes where they lie in the loop's buffer: what is sent meanwhile, over
     * whichever connection, must be copied. On the loop.
     */
    public boolean isLent() {
        return lent;
    }

    void lend(boolean shown) {
        lent = shown;
    }

    /** Tells whether a turn is under way, so that the shared buffers are in use. */
    boolean isTaken() {
        return taken;
    }

    /** Begins a turn. */
    void take() {
        taken = true;
    }

    /** Ends a turn. */
    void give() {
        taken = false;
    }

    /** Gives a conduit a turn after the one that is under way. */
    void defer(Conduit conduit) {
        if (!conduit.deferred) {
            conduit.deferred = true;
            deferred.add(conduit);
        }
    }

    private void runDeferred() {
        for (Conduit next = deferred.poll(); next != null; next = deferred.poll()) {
            next.deferred = false;
            next.settle();
        }
    }

    DeadlineHeap deadlines() {
        return deadlines;
    }

    SelectionKey register(SelectableChannel channel, int ops, Ready ready) throws IOException {
        try {
            return channel.register(selector, ops, ready);
        } catch (ClosedSelectorException e) {
            throw new IOException("the event loop has ended", e);
        }
    }

    @Nullable
    SelectionKey keyOf(SelectableChannel channel) {
        return channel.keyFor(selector);
    }

    /** Returns how many channels and deadlines wait here. On the loop. */
    public int registrations() {
        return (int) selector.keys().stream().filter(SelectionKey::isValid).count() + deadlines.size();
    }

    private void run() {
        try {
            while (!stopping) {
                step();
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "event loop " + thread.getName() + " fails: its selector does", e);
        } finally {
            end();
        }
    }

    private void step() throws IOException {
        awake.set(false);
        // Whoever adds a task from here on wakes the selector.
        if (!tasks.isEmpty()) {
            awake.set(true);
            selector.selectNow(this::ready);
        } else if (deadlines.isEmpty()) {
            selector.select(this::ready);
        } else {
            long millis = (deadlines.earliest() - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
            if (millis > 0) {
                selector.select(this::ready, millis);
            } else {
                selector.selectNow(this::ready);
            }
        }
        awake.set(true);
        runTasks(TASKS_AT_ONCE);
        runDeadlines();
        busySince.setOpaque(IDLE);
    }

    private void begin() {
        now = System.nanoTime();
        busySince.setOpaque(now);
    }

    private void ready(SelectionKey key) {
        begin();
        try {
            ((Ready) key.attachment()).ready(key);
            runDeferred();
        } catch (RuntimeException | Error e) {
            logFault(e);
        }
    }

    private void runTasks(int most) {
        Runnable task;
        for (int i = 0; i < most && (task = tasks.poll()) != null; i++) {
            begin();
            try {
                task.run();
                runDeferred();
            } catch (RuntimeException | Error e) {
                logFault(e);
            }
        }
    }

    private void runDeadlines() {
        DeadlineHeap.Entry entry;
        while ((entry = deadlines.poll(System.nanoTime())) != null) {
            begin();
            try {
                entry.due(now);
                runDeferred();
            } catch (RuntimeException | Error e) {
                logFault(e);
            }
        }
    }

    /** What the application throws is caught where it is called, so this is a fault of ours; other connections go on. */
    private void logFault(Throwable fault) {
        LOG.log(Level.ERROR, "event loop " + thread.getName() + " goes on after a fault of ours", fault);
    }

    private void end() {
        Watchdog.forget(this);
        runTasks(TASKS_AT_ONCE);
        for (SelectionKey key : new ArrayList<>(selector.keys())) {
            begin();
            try {
                ((Ready) key.attachment()).loopEnded();
            } catch (RuntimeException | Error e) {
                logFault(e);
            }
        }
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the selector cannot be closed", e);
        }
        ended = true;
        runTasks(Integer.MAX_VALUE); // all that are left; no more can come
    }
}
