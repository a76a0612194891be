package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking and unmasking, which are one operation (RFC 6455 §5.3).
 *
 * <p>A key is an {@code int} whose most significant byte masks the first payload byte. The phase is the place in the
 * payload of the first byte given, so that a payload can be masked in parts.
 *
 * @since 0.1
 */
public final class Mask {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BUFFER_LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_INT = 0xFFFF_FFFFL;

    private Mask() {}

    /** Masks bytes of an array in place. */
    public static void apply(byte[] bytes, int offset, int length, int key, long phase) {
        long wide = widen(key, phase);
        int i = offset;
        int end = offset + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ wide);
        }
        for (; i < end; i++) {
            bytes[i] ^= (byte) wide;
            wide = Long.rotateRight(wide, Byte.SIZE);
        }
    }

    /** Masks bytes of a writable buffer in place, heap or direct, by index; its position does not move. */
    public static void apply(ByteBuffer buffer, int index, int length, int key, long phase) {
        if (buffer.hasArray()) {
            apply(buffer.array(), buffer.arrayOffset() + index, length, key, phase);
            return;
        }
        long wide = widen(key, phase);
        int i = index;
        int end = index + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            BUFFER_LONG.set(buffer, i, (long) BUFFER_LONG.get(buffer, i) ^ wide);
        }
        for (; i < end; i++) {
            buffer.put(i, (byte) (buffer.get(i) ^ wide));
            wide = Long.rotateRight(wide, Byte.SIZE);
        }
    }

    /**
     * Turns the key so that its byte for the given phase comes first, and repeats it, in the order of a little-endian
     * load.
     */
    private static long widen(int key, long phase) {
        // RFC 6455 §5.3: octet i of the payload is combined with octet i MOD 4 of the masking key, by XOR.
        int turned = Integer.reverseBytes(Integer.rotateLeft(key, (int) (phase & 3) * Byte.SIZE));
        return ((turned & LOW_INT) << Integer.SIZE) | (turned & LOW_INT);
    }
}
