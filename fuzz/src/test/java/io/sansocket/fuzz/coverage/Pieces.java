package io.sansocket.fuzz.coverage;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * The ways in which bytes come: whole, cut in two at a place the fuzzer chooses, or byte by byte.
 *
 * <p>Half of the places ask for a direct buffer, the same one for every piece: what keeps hold of a borrowed buffer sees
 * its bytes change.
 */
final class Pieces {
    private static final int DIRECT = 0x8000;
    private static final int BYTE_BY_BYTE = 0;
    private static final ByteBuffer SHARED = ByteBuffer.allocateDirect(1 << 16);

    private Pieces() {}

    static void whole(byte[] bytes, Consumer<ByteBuffer> taker) {
        taker.accept(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
    }

    /** Cuts the bytes at a place of 16 bits, the uppermost of which chooses the kind of buffer. */
    static void cut(byte[] bytes, int place, Consumer<ByteBuffer> taker) {
        boolean direct = (place & DIRECT) != 0;
        int at = place & ~DIRECT;
        if (at == BYTE_BY_BYTE) {
            for (int i = 0; i < bytes.length; i++) {
                give(bytes, i, 1, direct, taker);
            }
        } else {
            int cut = at % (bytes.length + 1);
            give(bytes, 0, cut, direct, taker);
            give(bytes, cut, bytes.length - cut, direct, taker);
        }
    }

    private static void give(byte[] bytes, int from, int length, boolean direct, Consumer<ByteBuffer> taker) {
        if (direct && length <= SHARED.capacity()) {
            SHARED.clear().put(bytes, from, length).flip();
            taker.accept(SHARED.asReadOnlyBuffer());
        } else {
            taker.accept(ByteBuffer.wrap(bytes, from, length));
        }
    }
}
