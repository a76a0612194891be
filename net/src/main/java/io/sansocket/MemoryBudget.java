package io.sansocket;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The most that many connections together may hold of what came: unfinished messages, and messages that were not received.
 * The limits of each one alone do not bound that: ten thousand peers can stay below theirs.
 *
 * <p>Beyond the budget a connection is read no further while a message of it waits to be received; and one that goes on
 * adding to an unfinished message, of which it then holds more than the average, is closed with 1013 (try again later).
 * Whoever sends messages that come whole is served on: one for each connection may come on top of the budget.
 *
 * <p>Without a choice all connections of the process share one budget of a quarter of the greatest heap. All methods may be
 * called from any thread.
 *
 * @since 0.1
 */
public final class MemoryBudget {
    private static final class Shared {
        static final MemoryBudget BUDGET = new MemoryBudget(Runtime.getRuntime().maxMemory() / 4);
    }

    private final long limit;
    private final AtomicLong held = new AtomicLong();
    /** How many hold something. */
    private final AtomicInteger holders = new AtomicInteger();

    private MemoryBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Returns a budget of its own.
     *
     * @param bytes the most that may be held
     * @throws IllegalArgumentException if it is less than 1
     */
    public static MemoryBudget of(long bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a memory budget is " + bytes + " bytes, it must be at least 1");
        }
        return new MemoryBudget(bytes);
    }

    /** Returns the one that is shared by all connections for which no other is chosen. */
    public static MemoryBudget shared() {
        return Shared.BUDGET;
    }

    /** Returns the most bytes that may be held. */
    public long limit() {
        return limit;
    }

    /** Returns how many bytes are held now. */
    public long held() {
        return held.get();
    }

    /** Notes that somebody holds so many bytes, and held so many before. */
    void change(long before, long after) {
        held.addAndGet(after - before);
        if (before == 0 && after > 0) {
            holders.incrementAndGet();
        } else if (before > 0 && after == 0) {
            holders.decrementAndGet();
        }
    }

    boolean isExceeded() {
        return held.get() > limit;
    }

    /** Tells whether the budget is exceeded, and so many bytes are more than an equal share of it. */
    boolean isExceededBy(long bytes) {
        return isExceeded() && bytes > limit / Math.max(1, holders.get());
    }

    @Override
    public String toString() {
        return held + " bytes held by " + holders + ", the limit is " + limit;
    }
}
