package io.sansocket.core.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The bytes that wait to be transmitted: small ones packed together, large ones by reference. Empty, it holds no bytes.
 */
final class OutputQueue {
    /** Pieces from this size on are queued by reference, where the caller gives them away. */
    static final int LARGE = 8 * 1024;

    private static final int CHUNK = 1024;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final Deque<ByteBuffer> segments = new ArrayDeque<>();
    /** The last segment when bytes may still be packed into it, else an empty buffer. */
    private ByteBuffer tail = EMPTY;

    private long size;
    private long transmitted;

    /** Returns how many bytes wait. */
    long size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Returns how many bytes were transmitted since the connection began. */
    long transmitted() {
        return transmitted;
    }

    /** Queues a copy of bytes. */
    void append(byte[] bytes, int offset, int length) {
        append(ByteBuffer.wrap(bytes, offset, length));
    }

    /** Queues a copy of a buffer's remaining bytes, and returns the buffer that holds it; the copy ends at its limit. */
    ByteBuffer append(ByteBuffer bytes) {
        int length = bytes.remaining();
        ByteBuffer target = room(length);
        int end = target.limit();
        target.limit(end + length);
        target.put(end, bytes, bytes.position(), length);
        size += length;
        return target;
    }

    /** Queues a buffer's remaining bytes, at least one, by reference. */
    void appendOwned(ByteBuffer bytes) {
        size += bytes.remaining();
        segments.add(bytes.slice());
        tail = EMPTY;
    }

    private ByteBuffer room(int length) {
        if (tail.capacity() - tail.limit() < length) {
            tail = ByteBuffer.allocate(Math.max(CHUNK, length)).limit(0);
            segments.add(tail);
        }
        return tail;
    }

    /** Copies as many waiting bytes as fit, and forgets them. */
    int transmit(ByteBuffer target) {
        int before = target.position();
        for (ByteBuffer head = segments.peek(); head != null && target.hasRemaining(); head = segments.peek()) {
            int part = Math.min(head.remaining(), target.remaining());
            target.put(target.position(), head, head.position(), part);
            target.position(target.position() + part);
            advance(part);
        }
        return target.position() - before;
    }

    /** Returns read-only views of the first waiting segments, in order. */
    ByteBuffer[] gather(int maxSegments) {
        return segments.stream()
                .limit(maxSegments)
                .map(ByteBuffer::asReadOnlyBuffer)
                .toArray(ByteBuffer[]::new);
    }

    /** Forgets the first waiting bytes, which were transmitted. */
    void advance(long count) {
        transmitted += count;
        size -= count;
        long left = count;
        while (left > 0) {
            ByteBuffer head = segments.element();
            int part = (int) Math.min(left, head.remaining());
            head.position(head.position() + part);
            left -= part;
            if (!head.hasRemaining()) {
                segments.remove();
            }
        }
        if (segments.isEmpty()) {
            tail = EMPTY;
        }
    }

    /** Forgets all waiting bytes untransmitted. */
    void clear() {
        segments.clear();
        tail = EMPTY;
        size = 0;
    }
}
