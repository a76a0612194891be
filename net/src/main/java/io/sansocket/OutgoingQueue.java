package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order in which what is to be sent goes, and how much it is: whole messages wait behind one that is sent in fragments,
 * until its last one is there. Guarded by the lock of its {@link Outbox}.
 */
final class OutgoingQueue {
    private final Deque<Outgoing> queue = new ArrayDeque<>(4);
    /** Whole messages that wait for the end of one that is sent in fragments. */
    private final Deque<Outgoing> behind = new ArrayDeque<>(1);

    private long bytes;
    /** Those of them that are behind. */
    private long behindBytes;
    /** Those of them that are fragments. */
    private long fragmentBytes;
    /** Whether a message has begun whose last fragment was not added. */
    private boolean inMessage;
    /** Whether what was taken out last is a fragment of a message that goes on. */
    private boolean outNow;
    /** Whether what was taken out before that is one. */
    private boolean outBefore;

    long bytes() {
        return bytes;
    }

    /** Returns how many bytes go before what is behind. */
    long bytesAhead() {
        return bytes - behindBytes;
    }

    /** Tells whether nothing is in, and no message is begun. */
    boolean isIdle() {
        return queue.isEmpty() && behind.isEmpty() && !inMessage;
    }

    /**
     * Tells whether there is no room. One message always has room, however large. What waits behind a message that is sent
     * in fragments takes no room from them: it goes when they have gone.
     */
    boolean isFull(Outgoing item, long limit) {
        if (item.isEnd()) {
            return false; // what waits behind the message can go now
        }
        long ahead = item.kind() == null ? bytes : bytesAhead();
        return ahead > 0 && ahead + item.size() > limit;
    }

    void add(Outgoing item) {
        count(item, item.size());
        if (inMessage && item.kind() == null) {
            behind.add(item);
            behindBytes += item.size();
            return;
        }
        queue.add(item);
        if (item.kind() != null) {
            inMessage = item.kind() != FragmentKind.FINAL;
            if (!inMessage) {
                queue.addAll(behind);
                behind.clear();
                behindBytes = 0;
            }
        }
    }

    private void count(Outgoing item, long size) {
        bytes += size;
        fragmentBytes += item.kind() == null ? 0 : size;
    }

    /** Takes out the oldest whole messages until there is room, unless that makes none, and tells whether there is. */
    boolean drop(Outgoing item, long limit, List<Outgoing> dropped) {
        if (fragmentBytes > 0 && fragmentBytes + item.size() > limit) {
            return false;
        }
        // What is behind takes no room from a fragment.
        for (Deque<Outgoing> from : item.kind() == null ? List.of(queue, behind) : List.of(queue)) {
            for (var old = from.iterator(); old.hasNext() && isFull(item, limit); ) {
                Outgoing oldest = old.next();
                if (oldest.kind() == null) {
                    old.remove();
                    count(oldest, -oldest.size());
                    behindBytes -= from == behind ? oldest.size() : 0;
                    dropped.add(oldest);
                }
            }
        }
        return !isFull(item, limit);
    }

    /** Takes out the next, or returns null. */
    @Nullable
    Outgoing poll() {
        Outgoing next = queue.poll();
        if (next != null) {
            count(next, -next.size());
            outBefore = outNow;
            outNow = next.kind() == FragmentKind.MORE;
        }
        return next;
    }

    /** Puts what was taken out last in again, in front; or a whole message that was never in. */
    void takeBack(Outgoing item) {
        queue.addFirst(item);
        count(item, item.size());
        if (item.kind() != null) {
            outNow = outBefore;
        }
    }

    /** Takes all out. */
    Unsent end() {
        List<Outgoing> left = new ArrayList<>(queue);
        left.addAll(behind);
        queue.clear();
        behind.clear();
        bytes = 0;
        behindBytes = 0;
        fragmentBytes = 0;
        return new Unsent(left, outNow);
    }
}
