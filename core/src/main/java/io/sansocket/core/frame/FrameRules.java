package io.sansocket.core.frame;

import io.sansocket.core.rule.Rule;

/**
 * The rules a frame header can break, each checked at the first byte that shows it.
 *
 * <p>Pure functions of the bytes and of what came before; both judges use them, the protocol, which stops at the first
 * breach, and the doctor, which goes on.
 */
final class FrameRules {
    static final int FIN = 0x80;
    static final int RSV = 0x70;
    static final int RSV_SHIFT = 4;
    static final int OPCODE = 0x0F;

    static final int MASK = 0x80;
    static final int LENGTH = 0x7F;
    /** The 7-bit length that says: the real one is in the next 2 bytes. */
    static final int LENGTH_16 = 126;
    /** The 7-bit length that says: the real one is in the next 8 bytes. */
    static final int LENGTH_64 = 127;
    /** The longest payload of a control frame, and the longest that fits the 7-bit length. */
    static final int MAX_CONTROL_PAYLOAD = 125;

    static final int MAX_LENGTH_16 = 0xFFFF;

    private static final int BYTE_VALUES = 1 << Byte.SIZE;
    private static final int RSV_VALUES = 8;
    /** What {@link #firstByte} finds nothing wrong with: a row for each pair of the other two arguments. */
    private static final boolean[] LAWFUL_FIRST_BYTE = lawfulFirstBytes();

    private FrameRules() {}

    private static boolean[] lawfulFirstBytes() {
        boolean[] lawful = new boolean[2 * RSV_VALUES * BYTE_VALUES];
        for (int extensionBits = 0; extensionBits < RSV_VALUES; extensionBits++) {
            for (int b0 = 0; b0 < BYTE_VALUES; b0++) {
                lawful[row(false, extensionBits) + b0] = firstByte(b0, false, extensionBits) == RuleSet.NONE;
                lawful[row(true, extensionBits) + b0] = firstByte(b0, true, extensionBits) == RuleSet.NONE;
            }
        }
        return lawful;
    }

    private static int row(boolean messageOpen, int extensionBits) {
        return (messageOpen ? RSV_VALUES + extensionBits : extensionBits) * BYTE_VALUES;
    }

    /** Tells at once that neither of the first two bytes breaks a rule; {@link #firstByte} tells which one does. */
    static boolean isLawful(int b0, int b1, boolean messageOpen, int extensionBits, Role sender) {
        return LAWFUL_FIRST_BYTE[row(messageOpen, extensionBits) + b0] && secondByte(b0, b1, sender) == RuleSet.NONE;
    }

    /**
     * Judges the first byte: reserved bits, opcode, fragmentation.
     *
     * @param messageOpen whether an unfinished message waits for its next fragment
     * @param extensionBits the reserved bits that negotiated extensions define, RSV1 = 4, RSV2 = 2, RSV3 = 1
     */
    static long firstByte(int b0, boolean messageOpen, int extensionBits) {
        int opcode = b0 & OPCODE;
        long broken = undefinedBits(b0, extensionBits) == 0 ? RuleSet.NONE : RuleSet.of(Rule.RESERVED_BITS);
        // RFC 6455 §5.2: "If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket
        // Connection_."
        boolean reserved = Opcode.of(opcode) == null;
        if (reserved) {
            broken |= RuleSet.of(Rule.RESERVED_OPCODE);
        }
        if (Opcode.isControl(opcode)) {
            // RFC 6455 §5.5: control frames "MUST NOT be fragmented."
            return (b0 & FIN) != 0 ? broken : broken | RuleSet.of(Rule.CONTROL_FRAME_FRAGMENTED);
        }
        // RFC 6455 §5.4: "The fragments of one message MUST NOT be interleaved between the fragments of another
        // message unless an extension has been negotiated that can interpret the interleaving."
        if (startsMessage(opcode) && messageOpen) {
            return broken | RuleSet.of(Rule.EXPECTED_CONTINUATION);
        }
        boolean continues = opcode == Opcode.CONTINUATION.code();
        return continues && !messageOpen ? broken | RuleSet.of(Rule.UNEXPECTED_CONTINUATION) : broken;
    }

    /** Returns the reserved bits that are set and may not be, RSV1 = 4, RSV2 = 2, RSV3 = 1. */
    static int undefinedBits(int b0, int extensionBits) {
        // RFC 6455 §5.2: "MUST be 0 unless an extension is negotiated that defines meanings for non-zero values."
        // RFC 7692 §6.1: "An endpoint MUST NOT set the "Per-Message Compressed" bit of control frames and non-first
        // fragments of a data message. An endpoint receiving such a frame MUST _Fail the WebSocket Connection_."
        int defined = startsMessage(b0 & OPCODE) ? extensionBits : 0;
        return ((b0 & RSV) >> RSV_SHIFT) & ~defined;
    }

    private static boolean startsMessage(int opcode) {
        return opcode == Opcode.TEXT.code() || opcode == Opcode.BINARY.code();
    }

    /** Judges the second byte: the mask bit, and the length of a control frame. */
    static long secondByte(int b0, int b1, Role sender) {
        long broken = RuleSet.NONE;
        boolean masked = (b1 & MASK) != 0;
        if (Opcode.isControl(b0 & OPCODE) && (b1 & LENGTH) > MAX_CONTROL_PAYLOAD) {
            // RFC 6455 §5.5: "All control frames MUST have a payload length of 125 bytes or less".
            broken = RuleSet.of(Rule.CONTROL_FRAME_TOO_LONG);
        }
        if (sender == Role.CLIENT && !masked) {
            // RFC 6455 §5.1: "The server MUST close the connection upon receiving a frame that is not masked."
            return broken | RuleSet.of(Rule.UNMASKED_CLIENT_FRAME);
        }
        // RFC 6455 §5.1: "A client MUST close a connection if it detects a masked frame."
        return sender == Role.SERVER && masked ? broken | RuleSet.of(Rule.MASKED_SERVER_FRAME) : broken;
    }

    /** Judges the whole length; a negative one has its most significant bit set. */
    static long length(int b1, long length) {
        int form = b1 & LENGTH;
        if (form == LENGTH_64) {
            // RFC 6455 §5.2: "the most significant bit MUST be 0".
            if (length < 0) {
                return RuleSet.of(Rule.LENGTH_OUT_OF_RANGE);
            }
            return length > MAX_LENGTH_16 ? RuleSet.NONE : RuleSet.of(Rule.NON_MINIMAL_LENGTH);
        }
        // RFC 6455 §5.2: "in all cases, the minimal number of bytes MUST be used to encode the length".
        return form == LENGTH_16 && length <= MAX_CONTROL_PAYLOAD ? RuleSet.of(Rule.NON_MINIMAL_LENGTH) : RuleSet.NONE;
    }
}
