package io.sansocket.core.frame;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * One whole frame with its payload, unmasked.
 *
 * @param fin whether this is the last frame of its message
 * @param rsv the reserved bits, RSV1 = 4, RSV2 = 2, RSV3 = 1
 * @param opcode what kind of frame this is
 * @param masked whether the payload was masked on the wire
 * @param payload the payload; the record's own, not to be changed
 * @param offset the place of the frame's first byte in the stream
 * @since 0.1
 */
@SuppressWarnings("ArrayRecordComponent") // the payload is handed over, not shared, and compared by content
public record Frame(boolean fin, int rsv, Opcode opcode, boolean masked, byte[] payload, long offset) {
    private static final int SHOWN_BYTES = 16;

    @Override
    public boolean equals(Object other) {
        return other instanceof Frame frame
                && fin == frame.fin
                && rsv == frame.rsv
                && opcode == frame.opcode
                && masked == frame.masked
                && offset == frame.offset
                && Arrays.equals(payload, frame.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(offset) ^ Arrays.hashCode(payload);
    }

    /** Returns the frame in words, with the first bytes of its payload. */
    @Override
    public String toString() {
        String shown = HexFormat.ofDelimiter(" ").formatHex(payload, 0, Math.min(payload.length, SHOWN_BYTES));
        String elision = payload.length > SHOWN_BYTES ? " …" : "";
        return "%s%s at offset %d, %d bytes%s%s%s"
                .formatted(
                        opcode,
                        fin ? "" : " (not final)",
                        offset,
                        payload.length,
                        payload.length == 0 ? "" : ": ",
                        shown,
                        elision);
    }
}
