package io.sansocket.core.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that wait to be transmitted: in a buffer that the engine lent, behind it small ones packed together and large
 * ones by reference. Empty, it holds nothing.
 *
 * <p>All buffers here are being written: their bytes are those before the position.
 */
final class OutputQueue {
    /** Pieces from this size on are queued by reference, where the caller gives them away. */
    static final int LARGE = 8 * 1024;

    /** The most room that is made for more than is there to fill it. */
    private static final int CHUNK = 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);
    private static final ByteBuffer[] NONE = {};

    /** What waits behind the lent buffer; null when nothing does. */
    private @Nullable Deque<ByteBuffer> segments;
    /** How much of the first segment was transmitted. */
    private int headTransmitted;
    /** Where bytes may be packed: the lent buffer while nothing waits behind it, or the last segment, or no room. */
    private ByteBuffer tail = EMPTY;
    /** The engine's buffer while it is lent, and where our bytes in it begin. */
    private @Nullable ByteBuffer lent;

    private int lentFrom;
    /** Whether the tail is the lent buffer: nothing waits in front of it or behind. */
    private boolean packsIntoLent;

    /** The bytes in the lent buffer and behind it. */
    private long waiting;
    /** The bytes that {@link #takeBack} gave out, and that are not known to be written. */
    private long given;

    private long transmitted;

    /** Returns how many bytes are not transmitted: those that wait, and those given out. */
    long size() {
        return waiting + given;
    }

    /** Tells whether all is transmitted. */
    boolean isEmpty() {
        return size() == 0;
    }

    /** Tells whether there are bytes to give out. */
    boolean hasWaiting() {
        return waiting > 0;
    }

    /** Returns how many bytes were transmitted since the connection began. */
    long transmitted() {
        return transmitted;
    }

    /** Tells whether so many bytes fit into the lent buffer, in front of which nothing waits. */
    boolean fitsLent(int length) {
        return packsIntoLent && tail.remaining() >= length;
    }

    /** Returns a buffer whose next bytes are the queue's, with room for so many; the caller puts exactly those. */
    ByteBuffer claim(int length) {
        if (tail.remaining() < length) {
            // As much room again as is used: a lone frame takes no more than itself, many share a chunk.
            pack(ByteBuffer.allocate(Math.max(length, (int) Math.min(waiting, CHUNK))));
            behind().add(tail);
        }
        waiting += length;
        return tail;
    }

    /** Queues an array, at least one byte, which the caller gives away. */
    void appendOwned(byte[] bytes) {
        if (fitsLent(bytes.length)) {
            claim(bytes.length).put(bytes);
        } else {
            appendOwned(ByteBuffer.wrap(bytes));
        }
    }

    /** Queues a buffer's remaining bytes, at least one, by reference. */
    void appendOwned(ByteBuffer bytes) {
        waiting += bytes.remaining();
        ByteBuffer segment = bytes.slice();
        behind().add(segment.position(segment.limit()));
        pack(EMPTY);
    }

    private void pack(ByteBuffer into) {
        tail = into;
        packsIntoLent = false;
    }

    private Deque<ByteBuffer> behind() {
        if (segments == null) {
            segments = new ArrayDeque<>(2);
        }
        return segments;
    }

    /** Lends a buffer: what is queued goes into it from its position on, as long as it fits and nothing waits. */
    void lend(ByteBuffer target) {
        requireNoneLent();
        lent = target;
        lentFrom = target.position();
        if (waiting == 0) {
            tail = target;
            packsIntoLent = true;
        }
    }

    /** Ends the loan, fills the buffer up with what waits, and returns how many bytes went into it. */
    int takeBack() {
        ByteBuffer target = lent;
        if (target == null) {
            throw new IllegalStateException("no buffer is lent");
        }
        lent = null;
        if (packsIntoLent) {
            pack(EMPTY);
        }
        int encoded = target.position() - lentFrom;
        waiting -= encoded;
        int count = encoded + copy(target);
        given += count;
        return count;
    }

    private void requireNoneLent() {
        if (lent != null) {
            throw new IllegalStateException("a buffer is lent; take it back first");
        }
    }

    /** Copies as many waiting bytes as fit, and forgets them. */
    int transmit(ByteBuffer target) {
        requireNoneLent();
        int count = copy(target);
        transmitted += count;
        return count;
    }

    private int copy(ByteBuffer target) {
        int before = target.position();
        while (segments != null && target.hasRemaining()) {
            ByteBuffer head = segments.element();
            int part = Math.min(head.position() - headTransmitted, target.remaining());
            target.put(target.position(), head, headTransmitted, part);
            target.position(target.position() + part);
            forget(part);
        }
        return target.position() - before;
    }

    /** Returns read-only views of the first waiting segments, in order. */
    ByteBuffer[] gather(int maxSegments) {
        requireNoneLent();
        if (segments == null) {
            return NONE;
        }
        ByteBuffer[] views = segments.stream()
                .limit(maxSegments)
                .map(segment -> segment.asReadOnlyBuffer().flip())
                .toArray(ByteBuffer[]::new);
        if (views.length > 0) {
            views[0].position(headTransmitted);
        }
        return views;
    }

    /** Forgets the first bytes, which were transmitted: those that were given out, and then those that wait. */
    void advance(long count) {
        requireNoneLent();
        transmitted += count;
        long known = Math.min(count, given);
        given -= known;
        forget(count - known);
    }

    private void forget(long count) {
        waiting -= count;
        long left = count;
        while (left > 0) {
            ByteBuffer head = behind().element();
            int part = (int) Math.min(left, head.position() - headTransmitted);
            headTransmitted += part;
            left -= part;
            if (headTransmitted == head.position()) {
                behind().remove();
                headTransmitted = 0;
            }
        }
        if (waiting == 0) {
            forgetSegments();
        }
    }

    private void forgetSegments() {
        segments = null;
        headTransmitted = 0;
        pack(EMPTY);
    }

    /** Forgets all bytes untransmitted; those in a lent buffer are taken out of it again. */
    void clear() {
        forgetSegments();
        if (lent != null) {
            lent.position(lentFrom);
        }
        waiting = 0;
        given = 0;
    }
}
