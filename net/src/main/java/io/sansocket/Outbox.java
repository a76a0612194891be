package io.sansocket;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent and was not given to the protocol yet: threads of the application put in, the loop takes out. Keeps them
 * within the limit, and has them wait for room, for their turn, or for the end; the order is the {@link OutgoingQueue}'s.
 */
final class Outbox {
    /** What becomes of something that is put in. */
    enum Admission {
        /** It is in, and the loop knows. */
        QUEUED,
        /** It is in, and the loop is to be told. */
        QUEUED_FIRST,
        /** It is refused, as is all that follows, and the loop is to be told to close the connection. */
        OVERFLOW
    }

    private final Traffic traffic;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Condition turn = lock.newCondition();

    // Guarded by the lock.
    private final OutgoingQueue queue = new OutgoingQueue();
    /**
     * Who sends a message in fragments, and behind him those who wait to. RFC 6455 §5.4: "The fragments of one message MUST
     * NOT be interleaved between the fragments of another message unless an extension has been negotiated that can
     * interpret the interleaving."
     */
    private final Deque<Object> streams = new ArrayDeque<>(1);

    /** Whether the loop was told that there is something. */
    private boolean announced;
    /** Whether the connection is being closed by this end: what is put in now comes too late. */
    private boolean closing;
    /** Whether that is because too much waited. */
    private boolean overflown;
    /** What came too late. */
    private final List<Outgoing> late = new ArrayList<>(0);

    private long lateBytes;
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
        while (end == null && (closing || queue.isFull(item, traffic.outboxBytes()))) {
            if (closing && !overflown && mayWait) {
                room.await(); // to be told how the connection ends
            } else if (closing) {
                return comesTooLate(item);
            } else if (traffic.overflow() == OverflowPolicy.BLOCK && mayWait) {
                room.await();
            } else if (traffic.overflow() == OverflowPolicy.BLOCK
                    && queue.bytes() + item.size() <= traffic.outboxLimit()) {
                break; // it cannot wait, and the last limit is not reached
            } else if (traffic.overflow() == OverflowPolicy.CLOSE) {
                closing = true;
                overflown = true;
                keepLate(item);
                return Admission.OVERFLOW;
            } else if (traffic.overflow() != OverflowPolicy.DROP_OLDEST) {
                throw full(item);
            } else if (!queue.drop(item, traffic.outboxBytes(), dropped)) {
                // Fragments are never dropped: what is left to be done about them is to hold their writer back.
                if (item.kind() == null || !mayWait) {
                    throw full(item);
                }
                room.await();
            }
        }
        requireNoEnd();
        queue.add(item);
        if (announced) {
            return Admission.QUEUED;
        }
        announced = true;
        return Admission.QUEUED_FIRST;
    }

    /** The connection is being closed, and the sender cannot wait to be told how it ends. */
    private Admission comesTooLate(Outgoing item) throws IOException {
        boolean kept = keepLate(item);
        if (overflown) {
            throw SendQueueFullException.closing(item.size(), traffic.outboxBytes());
        }
        if (item.kind() != null) {
            throw new IOException("a fragment was not sent: the connection is being closed");
        }
        if (!kept) {
            throw full(item);
        }
        return Admission.QUEUED;
    }

    /** Keeps a whole message that came too late until the connection has ended, unless too many did. */
    private boolean keepLate(Outgoing item) {
        if (item.kind() != null || (!late.isEmpty() && lateBytes + item.size() > traffic.outboxLimit())) {
            return false;
        }
        lateBytes += item.size();
        return late.add(item);
    }

    /** Says how the connection ended, in a new exception: its stack trace is the calling thread's. */
    private void requireNoEnd() throws ConnectionClosedException {
        if (end != null) {
            throw new ConnectionClosedException(end.closed(), end.getCause());
        }
    }

    private SendQueueFullException full(Outgoing item) {
        long limit = traffic.overflow() == OverflowPolicy.BLOCK ? traffic.outboxLimit() : traffic.outboxBytes();
        return new SendQueueFullException("a message of " + item.size() + " bytes was not sent: " + queue.bytes()
                + " bytes wait to be sent, the limit is " + limit);
    }

    /**
     * Waits until no other message is being sent in fragments, by any policy: it is this end that is slow then.
     *
     * @param stream who begins one; {@link #endStream} lets the next begin
     * @param mayWait whether the calling thread can wait
     */
    void beginStream(Object stream, boolean mayWait) throws ConnectionClosedException, InterruptedException {
        lock.lockInterruptibly();
        try {
            if (end == null && !mayWait && !streams.isEmpty()) {
                throw new IllegalStateException("an event loop must not wait: a message that is sent in fragments"
                        + " must be closed before the next can begin (RFC 6455 §5.4)");
            }
            streams.add(stream);
            boolean begun = false;
            try {
                while (end == null && (streams.peek() != stream || (closing && !overflown && mayWait))) {
                    turn.await();
                }
                requireNoEnd();
                begun = true;
            } finally {
                if (!begun) {
                    endStream(stream);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    void endStream(Object stream) {
        lock.lock();
        try {
            streams.remove(stream);
            turn.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Tells whether nothing is in, no message begun, and none too late: then the loop may send without asking for room. */
    boolean isIdle() {
        lock.lock();
        try {
            return !closing && queue.isIdle();
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
            return queue.bytes();
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
            // Not counted: what is behind. It goes after the fragments whose writer may be waiting here.
            if (queue.bytesAhead() <= traffic.outboxBytes()) {
                room.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Says that this end closes the connection: what is in goes out, what is put in now does not. Tells whether it is news. */
    boolean close() {
        lock.lock();
        try {
            boolean news = !closing;
            closing = true;
            return news;
        } finally {
            lock.unlock();
        }
    }

    /** Takes back what was taken out last, or was to be sent at once, as nothing goes out any more: it is the next still. */
    void takeBack(Outgoing message) {
        lock.lock();
        try {
            closing = true;
            queue.takeBack(message);
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: wakes all that wait, and returns what was never sent. */
    Unsent end(ConnectionClosedException cause) {
        lock.lock();
        try {
            end = cause;
            room.signalAll();
            turn.signalAll();
            Unsent unsent = queue.end();
            unsent.left().addAll(late);
            late.clear();
            return unsent;
        } finally {
            lock.unlock();
        }
    }
}
