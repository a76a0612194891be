package io.sansocket.doctor.tcp;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Set;

/** What all connections together may keep: 32 MiB of bytes that wait, 16 MiB of bytes delivered of late. */
final class Memory {
    static final long MAX_WAITING = 32 * 1024 * 1024;
    static final int MAX_RINGS = 256;

    private final ArrayDeque<byte[]> free = new ArrayDeque<>();
    /** In the order of lending; the sum of this and {@code free} never passes MAX_RINGS. */
    private final ArrayDeque<RecentBytes> borrowers = new ArrayDeque<>();

    /** In the order in which they began to wait. */
    private final Set<HalfConnection> waiting = new LinkedHashSet<>();

    private long waitingBytes;

    byte[] lend(RecentBytes borrower) {
        byte[] ring = free.poll();
        if (ring == null) {
            ring = borrowers.size() < MAX_RINGS
                    ? new byte[RecentBytes.SIZE]
                    : borrowers.remove().handOver();
        }
        borrowers.add(borrower);
        return ring;
    }

    void giveBack(RecentBytes borrower, byte[] ring) {
        borrowers.remove(borrower);
        free.push(ring);
    }

    /** Takes note of how many bytes of a side wait now. */
    void account(HalfConnection side, int before, int now) {
        waitingBytes += now - before;
        if (now == 0) {
            waiting.remove(side);
        } else if (before == 0) {
            waiting.add(side);
        }
    }

    /** Has sides deliver what waits, the longest waiting first, until the limit holds again. */
    void enforce() {
        while (waitingBytes > MAX_WAITING) {
            waiting.iterator().next().deliverWaiting();
        }
    }
}
