package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
        target[offset] = (byte) ((fin ? FrameRules.FIN : 0) | (rsv << FrameRules.RSV_SHIFT) | opcode.code());
        int behind = offset + FIRST_TWO_BYTES;
        // RFC 6455 §5.2: "in all cases, the minimal number of bytes MUST be used to encode the length".
        if (payloadLength <= FrameRules.MAX_CONTROL_PAYLOAD) {
            target[offset + 1] = (byte) payloadLength;
            return behind;
        }
        if (payloadLength <= FrameRules.MAX_LENGTH_16) {
            target[offset + 1] = FrameRules.LENGTH_16;
            SHORT.set(target, behind, (short) payloadLength);
            return behind + Short.BYTES;
        }
        target[offset + 1] = FrameRules.LENGTH_64;
        LONG.set(target, behind, payloadLength);
        return behind + Long.BYTES;
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

    private static int extendedLengthBytes(long payloadLength) {
        if (payloadLength <= FrameRules.MAX_CONTROL_PAYLOAD) {
            return 0;
        }
        return payloadLength <= FrameRules.MAX_LENGTH_16 ? Short.BYTES : Long.BYTES;
    }
}
