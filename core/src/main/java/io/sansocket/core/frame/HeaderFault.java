package io.sansocket.core.frame;

import io.sansocket.core.rule.Rule;

/** Says in words what is wrong with the header a decoder is reading: what was found, the value, the limit. */
public final class HeaderFault {
    private HeaderFault() {}

    /**
     * Returns the sentence for a rule that {@link FrameHandler#broken} reports, while it reports it.
     *
     * @throws IllegalArgumentException if the rule is none of a frame header's
     */
    public static String describe(FrameDecoder frame, Rule rule) {
        String opcode = Opcode.nameOf(frame.opcode());
        return switch (rule) {
            case RESERVED_BITS ->
                bitNames(frame.undefinedBits()) + " set on a " + opcode
                        + " frame, which no negotiated extension allows";
            case RESERVED_OPCODE -> "opcode 0x" + Integer.toHexString(frame.opcode()) + " is reserved";
            case CONTROL_FRAME_FRAGMENTED ->
                "a " + opcode + " frame has FIN = 0, a control frame must not be fragmented";
            case EXPECTED_CONTINUATION ->
                "a " + opcode + " frame came while a fragmented message waits for its continuation frame";
            case UNEXPECTED_CONTINUATION -> "a continuation frame came while no message waits for one";
            case CONTROL_FRAME_TOO_LONG ->
                "a " + opcode + " frame has " + controlLength(frame) + ", a control frame's payload has at most "
                        + FrameRules.MAX_CONTROL_PAYLOAD + " bytes";
            case UNMASKED_CLIENT_FRAME -> "a " + opcode + " frame from the client is not masked";
            case MASKED_SERVER_FRAME -> "a " + opcode + " frame from the server is masked";
            case NON_MINIMAL_LENGTH ->
                "the payload length " + frame.payloadLength() + " is written in " + frame.extendedLengthBits()
                        + " bits, " + minimalForm(frame.payloadLength());
            case LENGTH_OUT_OF_RANGE ->
                "the payload length is 0x" + Long.toHexString(frame.payloadLength())
                        + ", its most significant bit must be 0";
            default -> throw new IllegalArgumentException("no rule of a frame header: " + rule);
        };
    }

    /** The rule is broken before the length itself has come; later, the length is worth more than its form. */
    private static String controlLength(FrameDecoder frame) {
        return frame.isLengthKnown()
                ? "a payload of " + Long.toUnsignedString(frame.payloadLength()) + " bytes"
                : "a payload length of " + frame.extendedLengthBits() + " bits";
    }

    private static String minimalForm(long length) {
        return length <= FrameRules.MAX_CONTROL_PAYLOAD ? "7 bits hold it" : "16 bits hold it";
    }

    private static String bitNames(int rsv) {
        StringBuilder names = new StringBuilder();
        for (int bit = 1; bit <= 3; bit++) {
            if ((rsv & (8 >> bit)) != 0) {
                names.append(names.isEmpty() ? "RSV" : ", RSV").append(bit);
            }
        }
        return names.toString();
    }
}
