package io.sansocket.cli;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.FrameReport;
import java.util.List;

/** A frame's header in hex with carets under the field that a finding is about. */
final class HeaderDrawing {
    private static final int HEX_WIDTH = 3;
    private static final int LENGTH_BITS = 0x7F;
    private static final int LENGTH_16 = 126;
    private static final int LENGTH_64 = 127;

    private HeaderDrawing() {}

    /** Returns the lines to print under a finding; none when the rule is about no field of a header. */
    static List<String> of(FrameReport frame, Rule rule) {
        int form = frame.header().at(1) & LENGTH_BITS;
        return switch (rule) {
            case INCOMPLETE_FRAME, NON_MINIMAL_LENGTH, CONTROL_FRAME_TOO_LONG -> length(frame, form);
            case RESERVED_BITS, RESERVED_OPCODE, CONTROL_FRAME_FRAGMENTED -> lines(frame, 0, 1, firstByte(frame));
            case UNEXPECTED_CONTINUATION, EXPECTED_CONTINUATION -> lines(frame, 0, 1, firstByte(frame));
            case UNMASKED_CLIENT_FRAME, MASKED_SERVER_FRAME ->
                lines(frame, 1, 1, "mask bit " + (frame.from() == Role.CLIENT ? "0" : "1"));
            default -> List.of();
        };
    }

    private static String firstByte(FrameReport frame) {
        return "FIN " + (frame.fin() ? "1" : "0") + ", reserved bits " + (frame.rsv() >> 2) + (frame.rsv() >> 1 & 1)
                + (frame.rsv() & 1) + ", opcode 0x" + Integer.toHexString(frame.opcodeBits());
    }

    private static List<String> length(FrameReport frame, int form) {
        String field = "payload length " + frame.declared();
        return switch (form) {
            case LENGTH_16 -> lines(frame, 2, Short.BYTES, field);
            case LENGTH_64 -> lines(frame, 2, Long.BYTES, field);
            default -> lines(frame, 1, 1, field);
        };
    }

    private static List<String> lines(FrameReport frame, int from, int count, String field) {
        return List.of(
                frame.header().toString(),
                " ".repeat(from * HEX_WIDTH) + "^".repeat(count * HEX_WIDTH - 1) + " " + field);
    }
}
