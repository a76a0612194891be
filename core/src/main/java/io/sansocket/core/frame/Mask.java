package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking and unmasking, which are one operation (RFC 6455 §5.3).
 *
 * <p>A key is an {@code int} whose most significant byte masks the first payload byte; the key 0 changes nothing. The
 * phase is the place in the payload of the first byte given, so that a payload can be masked in parts.
 *
 * <p>The loops go eight bytes at a time, in the plain form that the JIT compilers make vectors of: unrolled by hand they
 * take twice as long. The last eight bytes are taken before the loop and stored over what it left of them, so that none
 * remain to be masked one by one.
 *
 * @since 0.1
 */
public final class Mask {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle BUFFER_LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Up to this length one pass from a direct buffer is faster than the platform's copy and a second pass. */
    private static final int FUSED = 256;

    private static final long LOW_INT = 0xFFFF_FFFFL;

    private Mask() {}

    /** Masks bytes of an array in place. */
    public static void apply(byte[] bytes, int offset, int length, int key, long phase) {
        long wide = widen(key, phase);
        if (length < Long.BYTES) {
            applyShort(bytes, offset, length, wide);
            return;
        }
        int last = offset + length - Long.BYTES;
        long tail = (long) LONG.get(bytes, last) ^ turn(wide, length);
        for (int i = offset; i < last; i += Long.BYTES) {
            LONG.set(bytes, i, (long) LONG.get(bytes, i) ^ wide);
        }
        LONG.set(bytes, last, tail);
    }

    /** Masks fewer than eight bytes, the same way by four. */
    private static void applyShort(byte[] bytes, int offset, int length, long wide) {
        if (length >= Integer.BYTES) {
            int last = offset + length - Integer.BYTES;
            int tail = (int) INT.get(bytes, last) ^ (int) turn(wide, length);
            INT.set(bytes, offset, (int) INT.get(bytes, offset) ^ (int) wide);
            INT.set(bytes, last, tail);
            return;
        }
        for (int i = 0; i < length; i++) {
            bytes[offset + i] ^= (byte) turn(wide, i);
        }
    }

    /** Masks bytes of a writable buffer in place, heap or direct, by index; its position does not move. */
    public static void apply(ByteBuffer buffer, int index, int length, int key, long phase) {
        if (buffer.hasArray()) {
            apply(buffer.array(), buffer.arrayOffset() + index, length, key, phase);
            return;
        }
        long wide = widen(key, phase);
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                buffer.put(index + i, (byte) (buffer.get(index + i) ^ turn(wide, i)));
            }
            return;
        }
        int last = index + length - Long.BYTES;
        long tail = (long) BUFFER_LONG.get(buffer, last) ^ turn(wide, length);
        for (int i = index; i < last; i += Long.BYTES) {
            BUFFER_LONG.set(buffer, i, (long) BUFFER_LONG.get(buffer, i) ^ wide);
        }
        BUFFER_LONG.set(buffer, last, tail);
    }

    /**
     * Copies bytes of a buffer, which stay as they are, and masks the copy.
     *
     * @param source any kind of buffer, read by index; its position does not move
     */
    public static void copy(ByteBuffer source, int index, byte[] target, int offset, int length, int key, long phase) {
        if (key == 0 || source.hasArray() || length < Long.BYTES || length > FUSED) {
            source.get(index, target, offset, length);
            if (key != 0) {
                apply(target, offset, length, key, phase);
            }
            return;
        }
        long wide = widen(key, phase);
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            LONG.set(target, offset + i, (long) BUFFER_LONG.get(source, index + i) ^ wide);
        }
        LONG.set(target, offset + last, (long) BUFFER_LONG.get(source, index + last) ^ turn(wide, length));
    }

    /**
     * Turns the key so that its byte for the given phase comes first, and repeats it, in the order of a little-endian
     * load.
     */
    private static long widen(int key, long phase) {
        // RFC 6455 §5.3: octet i of the payload is combined with octet i MOD 4 of the masking key, by XOR.
        int turned = Integer.reverseBytes(Integer.rotateLeft(key, (int) phase * Byte.SIZE));
        return ((turned & LOW_INT) << Integer.SIZE) | (turned & LOW_INT);
    }

    /** Turns a repeated key on by some bytes of payload. */
    private static long turn(long wide, int bytes) {
        return Long.rotateRight(wide, bytes * Byte.SIZE);
    }
}
