package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes frame headers (RFC 6455 §5.2). The payload, masked with {@link Mask} in a client's frames, follows.
 *
 * @since 0.1
 */
public final class FrameEncoder {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_LONG =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle BUFFER_INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int FIRST_TWO_BYTES = 2;

    private FrameEncoder() {}

    /** Returns the size in bytes of a frame's header. */
    public static int headerLength(long payloadLength, boolean masked) {
        return FIRST_TWO_BYTES + extendedLengthBytes(payloadLength) + (masked ? Integer.BYTES : 0);
    }

    /**
     * Writes the header of an unmasked frame.
     *
     * @param rsv the reserved bits, RSV1 = 4, RSV2 = 2, RSV3 = 1
     * @param payloadLength in bytes, not negative
     * @return the offset behind the header
     */
    public static int encodeHeader(byte[] target, int offset, boolean fin, int rsv, Opcode opcode, long payloadLength) {
        int form = lengthForm(payloadLength);
        target[offset] = (byte) firstByte(fin, rsv, opcode);
        target[offset + 1] = (byte) form;
        int behind = offset + FIRST_TWO_BYTES;
        if (form == FrameRules.LENGTH_16) {
            SHORT.set(target, behind, (short) payloadLength);
            return behind + Short.BYTES;
        }
        if (form == FrameRules.LENGTH_64) {
            LONG.set(target, behind, payloadLength);
            return behind + Long.BYTES;
        }
        return behind;
    }

    private static int firstByte(boolean fin, int rsv, Opcode opcode) {
        return (fin ? FrameRules.FIN : 0) | (rsv << FrameRules.RSV_SHIFT) | opcode.code();
    }

    /** Returns the 7-bit length: the real one, or which field has it. */
    private static int lengthForm(long payloadLength) {
        // RFC 6455 §5.2: "in all cases, the minimal number of bytes MUST be used to encode the length".
        if (payloadLength <= FrameRules.MAX_CONTROL_PAYLOAD) {
            return (int) payloadLength;
        }
        return payloadLength <= FrameRules.MAX_LENGTH_16 ? FrameRules.LENGTH_16 : FrameRules.LENGTH_64;
    }

    /**
     * Writes the header of a masked frame.
     *
     * @param maskingKey fresh from a source that cannot be predicted, for every frame (RFC 6455 §5.3)
     * @return the offset behind the header
     */
    public static int encodeMaskedHeader(
            byte[] target, int offset, boolean fin, int rsv, Opcode opcode, long payloadLength, int maskingKey) {
        int end = encodeHeader(target, offset, fin, rsv, opcode, payloadLength);
        target[offset + 1] |= (byte) FrameRules.MASK;
        INT.set(target, end, maskingKey);
        return end + Integer.BYTES;
    }

    /**
     * Writes the header of an unmasked frame at a buffer's position, which moves behind it.
     *
     * @param target any kind of writable buffer, with room for the header; its byte order does not matter
     */
    public static void putHeader(ByteBuffer target, boolean fin, int rsv, Opcode opcode, long payloadLength) {
        put(target, firstByte(fin, rsv, opcode), 0, payloadLength);
    }

    /** Writes the header of a masked frame, as {@link #putHeader} and {@link #encodeMaskedHeader} do. */
    public static void putMaskedHeader(
            ByteBuffer target, boolean fin, int rsv, Opcode opcode, long payloadLength, int maskingKey) {
        put(target, firstByte(fin, rsv, opcode), FrameRules.MASK, payloadLength);
        BUFFER_INT.set(target, target.position(), maskingKey);
        target.position(target.position() + Integer.BYTES);
    }

    private static void put(ByteBuffer target, int first, int mask, long payloadLength) {
        int form = lengthForm(payloadLength);
        int behind = target.position() + FIRST_TWO_BYTES;
        BUFFER_SHORT.set(target, target.position(), (short) ((first << Byte.SIZE) | mask | form));
        if (form == FrameRules.LENGTH_16) {
            BUFFER_SHORT.set(target, behind, (short) payloadLength);
            behind += Short.BYTES;
        } else if (form == FrameRules.LENGTH_64) {
            BUFFER_LONG.set(target, behind, payloadLength);
            behind += Long.BYTES;
        }
        target.position(behind);
    }

    private static int extendedLengthBytes(long payloadLength) {
        if (payloadLength <= FrameRules.MAX_CONTROL_PAYLOAD) {
            return 0;
        }
        return payloadLength <= FrameRules.MAX_LENGTH_16 ? Short.BYTES : Long.BYTES;
    }
}
