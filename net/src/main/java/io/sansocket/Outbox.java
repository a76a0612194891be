package io.sansocket;

import io.sansocket.core.protocol.FragmentKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent and was not given to the protocol yet: threads of the application put in, the loop takes out. Keeps the
 * messages of several threads apart, and within the limit.
 */
final class Outbox {
    /** What becomes of something that is put in. */
    enum Admission {
        /** It is in, and the loop knows. */
        QUEUED,
        /** It is in, and the loop is to be told. */
        QUEUED_FIRST,
        /** The connection is to be closed: too much waits. */
        CLOSE
    }

    private final Traffic traffic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    /** Held by the one message that is sent in fragments. */
    private final Semaphore stream = new Semaphore(1, true);

    // Guarded by the lock.
    private final Deque<Outgoing> queue = new ArrayDeque<>(4);
    /** Whole messages that wait for the end of one that is sent in fragments. */
    private final Deque<Outgoing> behind = new ArrayDeque<>(1);

    private long bytes;
    /** Those of them that are behind. */
    private long behindBytes;
    /** Whether a message has begun whose last fragment was not put in. */
    private boolean inMessage;
    /** Whether the loop was told that there is something. */
    private boolean announced;
    /** Whether the application has closed the connection: what is put in now comes too late. */
    private boolean closing;
    /** What came too late. */
    private final List<Outgoing> late = new ArrayList<>(0);
    /** Why nothing can be sent any more; null while something can. */
    private @Nullable ConnectionClosedException end;

    Outbox(Traffic traffic) {
        this.traffic = traffic;
    }

    /**
     * Puts something in.
     *
     * @param mayWait whether the calling thread can wait for room
     */
    Admission put(Outgoing item, boolean mayWait) throws IOException, InterruptedException {
        var dropped = new ArrayList<Outgoing>(0);
        lock.lockInterruptibly();
        try {
            return admit(item, mayWait, dropped);
        } finally {
            lock.unlock();
            // What waits for these futures is the application's code: it must not run under the lock.
            dropped.forEach(lost -> lost.failed(new SendQueueFullException("a message of " + lost.size()
                    + " bytes was dropped for a newer one: the limit of what waits is " + traffic.outboxBytes()
                    + " bytes")));
        }
    }

    private Admission admit(Outgoing item, boolean mayWait, List<Outgoing> dropped)
            throws IOException, InterruptedException {
        while (end == null && (closing || isFull(item))) {
            if (closing) {
                if (!mayWait) {
                    late.add(item);
                    return Admission.QUEUED;
                }
                room.await(); // to be told how the connection ends
            } else if (traffic.overflow() == OverflowPolicy.BLOCK && mayWait) {
                room.await();
            } else if (traffic.overflow() == OverflowPolicy.BLOCK && bytes + item.size() <= traffic.outboxLimit()) {
                break; // it cannot wait, and the last limit is not reached
            } else if (traffic.overflow() == OverflowPolicy.CLOSE) {
                return Admission.CLOSE;
            } else if (traffic.overflow() != OverflowPolicy.DROP_OLDEST) {
                throw full(item);
            } else if (!drop(item, dropped)) {
                // Fragments are never dropped: what is left to be done about them is to hold their writer back.
                if (item.kind() == null || !mayWait) {
                    throw full(item);
                }
                room.await();
            }
        }
        if (end != null) {
            throw new ConnectionClosedException(end.closed(), end.getCause());
        }
        add(item);
        if (announced) {
            return Admission.QUEUED;
        }
        announced = true;
        return Admission.QUEUED_FIRST;
    }

    /**
     * One message always has room, however large. What waits behind a message that is sent in fragments takes no room from
     * them: it goes when they have gone.
     */
    private boolean isFull(Outgoing item) {
        if (item.isEnd()) {
            return false; // what waits behind the message can go now
        }
        long ahead = item.kind() == null ? bytes : bytes - behindBytes;
        return ahead > 0 && ahead + item.size() > traffic.outboxBytes();
    }

    private SendQueueFullException full(Outgoing item) {
        long limit = traffic.overflow() == OverflowPolicy.BLOCK ? traffic.outboxLimit() : traffic.outboxBytes();
        return new SendQueueFullException("a message of " + item.size() + " bytes was not sent: " + bytes
                + " bytes wait to be sent, the limit is " + limit);
    }

    /** Takes out the oldest whole messages until there is room, and tells whether there is. */
    private boolean drop(Outgoing item, List<Outgoing> dropped) {
        for (Deque<Outgoing> from : List.of(queue, behind)) {
            for (var old = from.iterator(); old.hasNext() && isFull(item); ) {
                Outgoing oldest = old.next();
                if (oldest.kind() == null) {
                    old.remove();
                    bytes -= oldest.size();
                    behindBytes -= from == behind ? oldest.size() : 0;
                    dropped.add(oldest);
                }
            }
        }
        return !isFull(item);
    }

    private void add(Outgoing item) {
        bytes += item.size();
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

    /** Waits until no other message is being sent in fragments. */
    void beginStream() throws InterruptedException {
        stream.acquire();
    }

    void endStream() {
        stream.release();
    }

    /** Tells whether nothing is in, and no message is begun: then the loop may send without asking for room. */
    boolean isIdle() {
        lock.lock();
        try {
            return queue.isEmpty() && behind.isEmpty() && !inMessage;
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether what is put in now comes too late. */
    boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many bytes are in. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Takes out the next, or returns null; the loop is told of what is put in after that. */
    @Nullable
    Outgoing poll() {
        lock.lock();
        try {
            Outgoing next = queue.poll();
            if (next == null) {
                announced = false;
                return null;
            }
            bytes -= next.size();
            // Not counted: what is behind. It goes after the fragments whose writer may be waiting here.
            if (bytes - behindBytes <= traffic.outboxBytes()) {
                room.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Says that the application has closed the connection: what is in goes out, what is put in now does not. */
    void close() {
        lock.lock();
        try {
            closing = true;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps a message that came too late, until it is known how the connection ends. */
    void addLate(Outgoing message) {
        lock.lock();
        try {
            closing = true;
            late.add(message);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: wakes all that wait, and returns what was never sent. */
    List<Outgoing> end(ConnectionClosedException cause) {
        lock.lock();
        try {
            end = cause;
            var unsent = new ArrayList<>(queue);
            unsent.addAll(behind);
            unsent.addAll(late);
            queue.clear();
            behind.clear();
            bytes = 0;
            behindBytes = 0;
            room.signalAll();
            return unsent;
        } finally {
            lock.unlock();
        }
    }
}
