package io.sansocket.engine;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a loop, earliest first: a binary heap whose entries know their place, so that one can be moved or taken
 * out without a search. Times are of {@link System#nanoTime} and may wrap.
 */
final class DeadlineHeap {
    private static final int ABSENT = -1;
    private static final int FIRST_CAPACITY = 16;

    /** Something with a deadline; in one heap at most. */
    abstract static class Entry {
        private int index = ABSENT;
        private long deadline;

        /** Does what is due. The entry is no longer in the heap. */
        abstract void due(long now);
    }

    private Entry[] entries = new Entry[FIRST_CAPACITY];
    private int size;

    /** Returns the earliest entry's deadline; there must be one. */
    long earliest() {
        return entries[0].deadline;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    /**
     * Sees to it that an entry comes due, at its deadline or before. One that is there with an earlier time stays: coming
     * due early costs less than being moved each time a deadline moves on, which it does with every byte.
     */
    void arm(Entry entry, long deadline) {
        if (entry.index == ABSENT) {
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            entry.deadline = deadline;
            up(size++, entry);
        } else if (deadline - entry.deadline < 0) {
            entry.deadline = deadline;
            up(entry.index, entry);
        }
    }

    /** Takes an entry out; nothing happens when it is not in. */
    void remove(Entry entry) {
        int hole = entry.index;
        if (hole == ABSENT) {
            return;
        }
        entry.index = ABSENT;
        Entry last = entries[--size];
        clear(size);
        if (last != entry) {
            up(hole, last);
            down(last.index, last);
        }
    }

    /** Takes out the earliest entry when it is due; else returns null. */
    @Nullable
    Entry poll(long now) {
        if (size == 0 || entries[0].deadline - now > 0) {
            return null;
        }
        Entry first = entries[0];
        remove(first);
        return first;
    }

    @SuppressWarnings("NullAway") // behind size there is nothing
    private void clear(int index) {
        entries[index] = null;
    }

    private void up(int from, Entry entry) {
        int index = from;
        while (index > 0) {
            int parent = (index - 1) >>> 1;
            if (entry.deadline - entries[parent].deadline >= 0) {
                break;
            }
            place(index, entries[parent]);
            index = parent;
        }
        place(index, entry);
    }

    private void down(int from, Entry entry) {
        int index = from;
        for (int child = 2 * index + 1; child < size; child = 2 * index + 1) {
            if (child + 1 < size && entries[child + 1].deadline - entries[child].deadline < 0) {
                child++;
            }
            if (entries[child].deadline - entry.deadline >= 0) {
                break;
            }
            place(index, entries[child]);
            index = child;
        }
        place(index, entry);
    }

    private void place(int index, Entry entry) {
        entries[index] = entry;
        entry.index = index;
    }
}
