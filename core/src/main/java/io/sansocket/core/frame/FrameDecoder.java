package io.sansocket.core.frame;

import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Turns the bytes of one direction into frames, whatever the pieces they come in.
 *
 * <p><b>Theory of operation.</b> The decoder is a walk along the fields of a header (RFC 6455 §5.2), one byte at a time:
 * first byte, second byte, extended length, masking key, payload. Between calls it keeps what it has read of the fields
 * as numbers, so a header cut anywhere needs no buffer, and the header's bytes can be told from the numbers. A lawful
 * header that lies whole in the input takes a shorter road ({@link #decodeWholeHeader}); every breach is found on the
 * long one. The payload is never stored: its parts go to the {@link FrameHandler} where they lie.
 *
 * <p>The decoder finds breaches of the rules and leaves the judgement to the handler. After a breach that the handler
 * tolerates it goes on by the lengths as declared. Not thread-safe; allocates nothing.
 *
 * @since 0.1
 */
public final class FrameDecoder {
    /** The longest header: 2 bytes, 8 of length, 4 of masking key. */
    public static final int MAX_HEADER_LENGTH = 14;

    private static final int BYTE = 0xFF;
    private static final int FIRST_TWO_BYTES = 2;

    private enum Step {
        FIRST_BYTE,
        SECOND_BYTE,
        EXTENDED_LENGTH,
        MASKING_KEY,
        PAYLOAD
    }

    private final Role sender;
    private final FrameHandler handler;
    private int extensionBits;

    private Step step = Step.FIRST_BYTE;
    private boolean stopped;
    private boolean paused;
    /** Whether a message waits for its next fragment. */
    private boolean messageOpen;
    /** Bytes of the stream before the current frame. */
    private long frameOffset;
    // The current frame's header as far as it is read; the fields not reached yet are stale.
    private int b0;
    private int b1;
    private int headerReceived;
    /** The declared length; while the extended length is being read, its bytes so far. */
    private long length;
    /** The masking key; while it is being read, its bytes so far. */
    private int maskingKey;

    private long received;

    /**
     * Makes a decoder of one direction.
     *
     * @param sender whose frames these are; decides whether they must be masked
     */
    public FrameDecoder(Role sender, FrameHandler handler) {
        this.sender = sender;
        this.handler = handler;
    }

    /**
     * Allows reserved bits on the first frame of a message, for the extensions that were negotiated.
     *
     * @param bits RSV1 = 4, RSV2 = 2, RSV3 = 1, or their sum
     */
    public void allowReservedBits(int bits) {
        extensionBits = bits;
    }

    /**
     * Decodes all bytes between the buffer's position and limit, unless the handler stops or pauses it.
     *
     * @param in any kind of buffer; read, never written; its position ends behind the last byte that was decoded
     * @return false when the handler has stopped the decoder, now or before
     */
    public boolean decode(ByteBuffer in) {
        int at = in.position();
        int end = in.limit();
        paused = false;
        while (!stopped && !paused && at < end) {
            int whole = step == Step.FIRST_BYTE ? decodeWholeHeader(in, at, end - at) : 0;
            at += whole;
            if (step == Step.PAYLOAD) {
                at += decodePayload(in, at, end - at);
            } else if (whole == 0) {
                decodeHeaderByte(in.get(at) & BYTE);
                at++;
            }
        }
        in.position(at);
        return !stopped;
    }

    /**
     * Makes the call of {@link #decode} that is under way return behind the frame that {@link FrameHandler#end} is told
     * of; the next one goes on from there. To be called from there.
     */
    public void pause() {
        paused = true;
    }

    /**
     * Says that bytes of the stream are missing here, as a capture may lack them: skips them when they are payload.
     *
     * @return false, with nothing changed, when the gap reaches beyond the current payload or begins outside of one,
     *     or the handler has stopped the decoder
     */
    public boolean skip(long missing) {
        if (stopped || step != Step.PAYLOAD || missing > length - received) {
            return false;
        }
        received += missing;
        if (received == length) {
            endFrame();
        }
        return true;
    }

    /**
     * Takes the steps of {@link #decodeHeaderByte} at once, for a header that breaks no rule and lies whole in the input
     * with eight bytes or more.
     *
     * @return the header's size, or 0 when it is none of these, with nothing changed but fields that will be read anew
     */
    private int decodeWholeHeader(ByteBuffer in, int at, int available) {
        if (available < Long.BYTES) {
            return 0;
        }
        long start = longAt(in, at);
        b0 = (int) (start >>> (Long.SIZE - Byte.SIZE));
        b1 = (int) (start >>> (Long.SIZE - 2 * Byte.SIZE)) & BYTE;
        if (!FrameRules.isLawful(b0, b1, messageOpen, extensionBits, sender)) {
            return 0;
        }
        int size = declaredHeaderLength();
        if (size <= Long.BYTES) {
            boolean extended = extendedLengthBytes() != 0;
            length = extended ? (start >>> Integer.SIZE) & FrameRules.MAX_LENGTH_16 : b1 & FrameRules.LENGTH;
            maskingKey = (int) (extended ? start : start >>> Short.SIZE);
        } else if (available < MAX_HEADER_LENGTH) {
            return 0;
        } else {
            length = longAt(in, at + FIRST_TWO_BYTES);
            maskingKey = (int) longAt(in, at + MAX_HEADER_LENGTH - Long.BYTES);
        }
        if (FrameRules.length(b1, length) != RuleSet.NONE) {
            return 0;
        }
        headerReceived = size;
        endHeader();
        return size;
    }

    private void decodeHeaderByte(int next) {
        headerReceived++;
        switch (step) {
            case FIRST_BYTE -> {
                b0 = next;
                step = Step.SECOND_BYTE;
                judge(FrameRules.firstByte(b0, messageOpen, extensionBits), 0);
            }
            case SECOND_BYTE -> {
                b1 = next;
                if (judge(FrameRules.secondByte(b0, b1, sender), 1)) {
                    beginExtendedLength();
                }
            }
            case EXTENDED_LENGTH -> {
                length = (length << Byte.SIZE) | next;
                if (headerReceived == FIRST_TWO_BYTES + extendedLengthBytes()) {
                    endLength();
                }
            }
            default -> {
                maskingKey = (maskingKey << Byte.SIZE) | next;
                if (headerReceived == declaredHeaderLength()) {
                    endHeader();
                }
            }
        }
    }

    private void beginExtendedLength() {
        if (extendedLengthBytes() == 0) {
            length = b1 & FrameRules.LENGTH;
            endLength();
        } else {
            length = 0;
            step = Step.EXTENDED_LENGTH;
        }
    }

    private void endLength() {
        if (!judge(FrameRules.length(b1, length), FIRST_TWO_BYTES)) {
            return;
        }
        if (masked()) {
            step = Step.MASKING_KEY;
        } else {
            endHeader();
        }
    }

    private void endHeader() {
        received = 0;
        step = Step.PAYLOAD;
        if (!Opcode.isControl(opcode())) {
            messageOpen = !fin();
        }
        stopped = !handler.header(this);
        if (!stopped && length == 0) {
            endFrame();
        }
    }

    /** Hands on as much of the payload as is there; returns how much. */
    private int decodePayload(ByteBuffer in, int at, int available) {
        int part = (int) Math.min(available, length - received);
        if (stopped || part == 0) {
            return 0;
        }
        stopped = !handler.payload(this, in, at, part);
        received += part;
        if (!stopped && received == length) {
            endFrame();
        }
        return part;
    }

    private void endFrame() {
        stopped = !handler.end(this);
        frameOffset += headerReceived + length;
        headerReceived = 0;
        received = 0;
        step = Step.FIRST_BYTE;
    }

    /** Reports broken rules, if any, and tells whether to go on. */
    private boolean judge(long rules, int byteOfHeader) {
        if (rules != RuleSet.NONE) {
            boolean goesOn = handler.broken(this, rules, frameOffset + byteOfHeader);
            // Behind a length that no stream can have there is no next frame to go on with.
            stopped = !goesOn || RuleSet.contains(rules, Rule.LENGTH_OUT_OF_RANGE);
        }
        return !stopped;
    }

    private static long longAt(ByteBuffer in, int index) {
        long value = in.getLong(index);
        return in.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }

    private int extendedLengthBytes() {
        return switch (b1 & FrameRules.LENGTH) {
            case FrameRules.LENGTH_16 -> Short.BYTES;
            case FrameRules.LENGTH_64 -> Long.BYTES;
            default -> 0;
        };
    }

    /** Tells whether the decoder stands inside a header, at least one byte of which was read. */
    public boolean inHeader() {
        return headerReceived > 0 && step != Step.PAYLOAD;
    }

    /** Tells whether the header is whole and the frame is not. */
    public boolean inPayload() {
        return step == Step.PAYLOAD;
    }

    /** Tells whether the handler has stopped the decoder. */
    public boolean isStopped() {
        return stopped;
    }

    /** Tells whether a message was begun and its last frame has not begun yet. */
    public boolean isMessageOpen() {
        return messageOpen;
    }

    /** Returns how many bytes of the stream were decoded. */
    public long offset() {
        return frameOffset + headerReceived + received;
    }

    /** Returns the place in the stream of the current frame, or of the next when between frames. */
    public long frameOffset() {
        return frameOffset;
    }

    /** Returns how many bytes of the current header were read. */
    public int headerReceived() {
        return headerReceived;
    }

    /** Returns the current header's size in bytes as its first two bytes declare it; once they are read. */
    public int declaredHeaderLength() {
        return FIRST_TWO_BYTES + extendedLengthBytes() + (masked() ? Integer.BYTES : 0);
    }

    /** Tells whether the current frame's length was read. */
    boolean isLengthKnown() {
        return headerReceived >= FIRST_TWO_BYTES + extendedLengthBytes();
    }

    /** Returns the size in bits of the field that holds the length; once the second byte is read. */
    int extendedLengthBits() {
        return extendedLengthBytes() * Byte.SIZE;
    }

    /** Returns the FIN bit; once the first byte is read. */
    public boolean fin() {
        return (b0 & FrameRules.FIN) != 0;
    }

    /** Returns the reserved bits, RSV1 = 4, RSV2 = 2, RSV3 = 1; once the first byte is read. */
    public int rsv() {
        return (b0 & FrameRules.RSV) >> FrameRules.RSV_SHIFT;
    }

    /** Returns those of the reserved bits that no extension defines here; once the first byte is read. */
    int undefinedBits() {
        return FrameRules.undefinedBits(b0, extensionBits);
    }

    /** Returns the opcode's four bits, which may be reserved; once the first byte is read. */
    public int opcode() {
        return b0 & FrameRules.OPCODE;
    }

    /** Returns the mask bit; once the second byte is read. */
    public boolean masked() {
        return (b1 & FrameRules.MASK) != 0;
    }

    /**
     * Returns the masking key, its first byte on the wire as the most significant, or 0, which masks nothing, when the
     * frame is not masked; once the header is whole.
     */
    public int maskingKey() {
        return masked() ? maskingKey : 0;
    }

    /**
     * Returns the declared payload length in bytes; once the length is read, as when {@link FrameHandler#broken} reports
     * a breach in it. Negative when its most significant bit is set, and then the decoder stops.
     */
    public long payloadLength() {
        return length;
    }

    /** Returns how many payload bytes of the current frame were passed on, or skipped, before this moment. */
    public long payloadReceived() {
        return received;
    }

    /** Returns a copy of the current header's bytes, as many as were read. */
    public byte[] headerBytes() {
        byte[] header = new byte[MAX_HEADER_LENGTH];
        header[0] = (byte) b0;
        header[1] = (byte) b1;
        int lengthRead = Math.min(extendedLengthBytes(), Math.max(0, headerReceived - FIRST_TWO_BYTES));
        putBigEndian(header, FIRST_TWO_BYTES, length, lengthRead);
        int keyRead = Math.max(0, headerReceived - FIRST_TWO_BYTES - extendedLengthBytes());
        putBigEndian(header, FIRST_TWO_BYTES + lengthRead, maskingKey, keyRead);
        return Arrays.copyOf(header, headerReceived);
    }

    /** Writes the {@code count} least significant bytes of a value. */
    private static void putBigEndian(byte[] target, int index, long value, int count) {
        for (int i = 0; i < count; i++) {
            target[index + i] = (byte) (value >>> (Byte.SIZE * (count - 1 - i)));
        }
    }
}
