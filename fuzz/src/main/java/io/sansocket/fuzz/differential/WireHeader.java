package io.sansocket.fuzz.differential;

import java.util.Arrays;

/** A frame's header as its bytes have it, lawful or not, as far as the stream has them (RFC 6455 §5.2). */
final class WireHeader {
    private static final int FIRST_TWO_BYTES = 2;

    private final byte[] bytes;
    private final int start;

    /**
     * @param bytes the stream
     * @param start the offset of the frame's first byte, which there must be
     */
    WireHeader(byte[] bytes, int start) {
        this.bytes = bytes;
        this.start = start;
    }

    int start() {
        return start;
    }

    boolean fin() {
        return (bytes[start] & WireFrame.FIN) != 0;
    }

    int rsv() {
        return (bytes[start] >> WireFrame.RSV_SHIFT) & 7;
    }

    int opcode() {
        return bytes[start] & 0xF;
    }

    boolean isControl() {
        return opcode() >= WireFrame.CLOSE;
    }

    boolean startsMessage() {
        return opcode() == WireFrame.TEXT || opcode() == WireFrame.BINARY;
    }

    boolean hasSecondByte() {
        return start + 1 < bytes.length;
    }

    private int second() {
        return hasSecondByte() ? bytes[start + 1] : 0;
    }

    boolean masked() {
        return (second() & WireFrame.MASK) != 0;
    }

    /** Returns the length as the second byte has it: itself, or that 2 or 8 bytes have it. */
    int form() {
        return second() & 0x7F;
    }

    int extendedLengthBytes() {
        return switch (form()) {
            case WireFrame.LENGTH_16 -> Short.BYTES;
            case WireFrame.LENGTH_64 -> Long.BYTES;
            default -> 0;
        };
    }

    /** Returns the offset behind the length, where the masking key begins if there is one. */
    int lengthEnd() {
        return start + FIRST_TWO_BYTES + extendedLengthBytes();
    }

    boolean hasLength() {
        return hasSecondByte() && lengthEnd() <= bytes.length;
    }

    /** Returns the declared length, negative when its most significant bit is set. */
    long length() {
        long length = extendedLengthBytes() == 0 ? form() : 0;
        for (int i = start + FIRST_TWO_BYTES; i < lengthEnd(); i++) {
            length = (length << Byte.SIZE) | (bytes[i] & 0xFF);
        }
        return length;
    }

    /** Returns the offset of the payload. */
    int end() {
        return lengthEnd() + (masked() ? Integer.BYTES : 0);
    }

    boolean isWhole() {
        return hasLength() && end() <= bytes.length;
    }

    /** Returns the offset behind the frame as it declares, or a negative number while that is not known. */
    long frameEnd() {
        return hasLength() && length() >= 0 ? end() + length() : Expected.Frame.UNKNOWN;
    }

    /** Returns the payload as far as it came, unmasked; the header must be whole. */
    byte[] payload() {
        byte[] payload = Arrays.copyOfRange(bytes, end(), (int) Math.min(frameEnd(), bytes.length));
        for (int i = 0; i < payload.length && masked(); i++) {
            payload[i] ^= bytes[lengthEnd() + i % Integer.BYTES];
        }
        return payload;
    }
}
