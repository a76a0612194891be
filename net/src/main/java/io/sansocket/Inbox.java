package io.sansocket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What came and was not received yet: the loop puts in, threads of the application take out. Bounded by not reading on: the
 * loop is told when it is full, and again when half of it is taken.
 *
 * @param <T> messages, or pieces of them
 */
final class Inbox<T> {
    /** One thing that came, and how many bytes it counts. */
    private record Item<T>(T value, long size) {}

    private final long maxBytes;
    private final int maxItems;
    private final MemoryBudget budget;
    /** Called, by any thread, when there is room again after {@link #put} said there is none. */
    private final Runnable resume;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Deque<Item<T>> items = new ArrayDeque<>(4);
    /** Those who asked while nothing was there; some of them may have given up. */
    private final Deque<CompletableFuture<T>> waiting = new ArrayDeque<>(2);

    private long bytes;
    private boolean full;
    /** Why nothing comes any more; null while something may. */
    private @Nullable ConnectionClosedException end;

    Inbox(long maxBytes, int maxItems, MemoryBudget budget, Runnable resume) {
        this.maxBytes = maxBytes;
        this.maxItems = maxItems;
        this.budget = budget;
        this.resume = resume;
    }

    /** Puts something in, and tells whether there is room for more. */
    boolean put(T value, long size) {
        while (true) {
            CompletableFuture<T> taker;
            lock.lock();
            try {
                taker = waiting.poll();
                if (taker == null) {
                    items.add(new Item<>(value, size));
                    count(size);
                    // Who was told so once waits to be resumed, though there be room when something else comes.
                    full |= bytes >= maxBytes || items.size() >= maxItems || budget.isExceeded();
                    changed.signal();
                    return !full;
                }
            } finally {
                lock.unlock();
            }
            if (taker.complete(value)) {
                return true;
            }
        }
    }

    private void count(long size) {
        if (end == null) {
            budget.change(bytes, bytes + size);
        }
        bytes += size;
    }

    /** Says that nothing comes any more. What is there can still be taken; or it is forgotten, for all we know. */
    void end(ConnectionClosedException cause) {
        Deque<CompletableFuture<T>> none;
        lock.lock();
        try {
            if (end == null) {
                budget.change(bytes, 0);
            }
            end = cause;
            none = new ArrayDeque<>(waiting);
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        none.forEach(taker -> taker.completeExceptionally(cause));
    }

    /** Takes the next thing, and waits for it. */
    T take() throws InterruptedException, ConnectionClosedException {
        return take(any -> {});
    }

    /** Takes the next thing, and waits for it, unless a check of it throws: then it stays, as the next. */
    T take(Consumer<? super T> check) throws InterruptedException, ConnectionClosedException {
        try {
            return take(Long.MAX_VALUE, check).orElseThrow();
        } catch (TimeoutException e) {
            throw new AssertionError(e); // 292 years
        }
    }

    /** Takes the next thing, and waits for it so long. */
    T take(Duration timeout) throws InterruptedException, ConnectionClosedException, TimeoutException {
        return take(Nanos.of(timeout), any -> {})
                .orElseThrow(() -> new TimeoutException("nothing came for " + timeout));
    }

    private Optional<T> take(long nanos, Consumer<? super T> check)
            throws InterruptedException, ConnectionClosedException, TimeoutException {
        Item<T> item;
        boolean roomAgain;
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (items.isEmpty() && end == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            item = items.peek();
            if (item == null) {
                return nothing();
            }
            requireThat(check, item);
            items.remove();
            roomAgain = remove(item);
        } finally {
            lock.unlock();
        }
        if (roomAgain) {
            resume.run();
        }
        return Optional.of(item.value);
    }

    private void requireThat(Consumer<? super T> check, Item<T> item) {
        try {
            check.accept(item.value);
        } catch (RuntimeException e) {
            changed.signal(); // it stays, and somebody else may wait for it
            throw e;
        }
    }

    private Optional<T> nothing() throws ConnectionClosedException {
        if (end != null) {
            throw again(end);
        }
        return Optional.empty();
    }

    /** A new exception for each thread that asks: its stack trace is that thread's. */
    private static ConnectionClosedException again(ConnectionClosedException end) {
        return new ConnectionClosedException(end.closed(), end.getCause());
    }

    /** Returns the next thing without taking it, and waits for it. */
    T peek() throws InterruptedException, ConnectionClosedException {
        lock.lockInterruptibly();
        try {
            while (items.isEmpty() && end == null) {
                changed.await();
            }
            Item<T> item = items.peek();
            if (item == null) {
                return nothing().orElseThrow();
            }
            changed.signal(); // it stays, and somebody else may wait for it
            return item.value;
        } finally {
            lock.unlock();
        }
    }

    /** Returns why nothing comes any more, once nothing is left to be taken either; else null. */
    @Nullable
    ConnectionClosedException over() {
        lock.lock();
        try {
            return items.isEmpty() ? end : null;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the next thing when it comes. Who completes the future before that, as by cancelling it, takes nothing. */
    CompletableFuture<T> takeLater() {
        Item<T> item;
        boolean roomAgain;
        lock.lock();
        try {
            item = items.poll();
            if (item == null) {
                if (end != null) {
                    return CompletableFuture.failedFuture(end);
                }
                var later = new CompletableFuture<T>();
                // Else those who ask again and again, and give up each time, would gather until something comes.
                waiting.removeIf(CompletableFuture::isDone);
                waiting.add(later);
                return later;
            }
            roomAgain = remove(item);
        } finally {
            lock.unlock();
        }
        if (roomAgain) {
            resume.run();
        }
        return CompletableFuture.completedFuture(item.value);
    }

    /** Counts out what was taken, and tells whether that makes room again. */
    private boolean remove(Item<T> item) {
        count(-item.size);
        if (!items.isEmpty()) {
            changed.signal();
        }
        if (full && bytes <= maxBytes / 2 && items.size() <= maxItems / 2) {
            full = false;
            return true;
        }
        return false;
    }
}
