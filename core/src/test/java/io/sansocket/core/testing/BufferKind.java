package io.sansocket.core.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The kinds of buffer an engine may hand over. */
public enum BufferKind {
    HEAP,
    DIRECT,
    READ_ONLY,
    /** On the heap; its array begins before the buffer, and its position is not 0. */
    OFFSET,
    /** On the heap, with an order that is not the network's. */
    LITTLE_ENDIAN;

    private static final int ARRAY_OFFSET = 5;
    private static final int POSITION = 3;

    /** Returns a fresh buffer of this kind whose remaining bytes are a copy of those given. */
    public ByteBuffer of(byte[] bytes) {
        return switch (this) {
            case HEAP -> filled(ByteBuffer.allocate(bytes.length), bytes);
            case DIRECT -> filled(ByteBuffer.allocateDirect(bytes.length), bytes);
            case READ_ONLY -> HEAP.of(bytes).asReadOnlyBuffer();
            case OFFSET -> {
                ByteBuffer outer = ByteBuffer.allocate(ARRAY_OFFSET + POSITION + bytes.length);
                yield filled(outer.position(ARRAY_OFFSET).slice().position(POSITION), bytes);
            }
            case LITTLE_ENDIAN -> HEAP.of(bytes).order(ByteOrder.LITTLE_ENDIAN);
        };
    }

    private static ByteBuffer filled(ByteBuffer buffer, byte[] bytes) {
        return buffer.put(buffer.position(), bytes);
    }
}
