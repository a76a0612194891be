package io.sansocket.doctor.report;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A frame, whole or not.
 *
 * @param connection the number of its connection
 * @param from who sent it
 * @param index its number in this connection and direction, from 1
 * @param offset the place of its first byte
 * @param header its header's bytes
 * @param fin the FIN bit
 * @param rsv the reserved bits, RSV1 = 4, RSV2 = 2, RSV3 = 1
 * @param opcodeBits the opcode's four bits, which may be reserved
 * @param masked the mask bit
 * @param declared the payload length that the header declares
 * @param received how many bytes of the payload are there
 * @param part the message that it is a part of
 * @param payload what is kept of the payload, unmasked; of what it inflates to when {@link MessagePart#isInflated}
 * @param content what the payload is
 * @param closeCode the code of a Close frame; {@link #NO_CODE} when it has none
 * @param packet the number of the packet that holds its first byte; 0 when the input has none
 * @param time when that packet was captured; null when the input does not say
 * @since 0.1
 */
public record FrameReport(
        long connection,
        Role from,
        long index,
        long offset,
        HeaderBytes header,
        boolean fin,
        int rsv,
        int opcodeBits,
        boolean masked,
        long declared,
        long received,
        MessagePart part,
        PayloadExcerpt payload,
        Content content,
        int closeCode,
        long packet,
        @Nullable Instant time)
        implements Report {
    /** There is no close code. */
    public static final int NO_CODE = -1;

    /** What a payload is, so far as the frame alone shows. */
    public enum Content {
        /** Part or whole of a text message, and valid UTF-8 on its own. */
        TEXT,
        /** Bytes. */
        DATA,
        /** Part or whole of a compressed message that was not inflated. */
        COMPRESSED,
        /** A Close frame's code and reason, the reason valid UTF-8. */
        CLOSE
    }

    /** Returns the opcode's name: {@code text}, {@code reserved-3}. */
    public String opcode() {
        return Opcode.nameOf(opcodeBits);
    }

    /** Tells whether the whole payload is there. */
    public boolean complete() {
        return declared == received;
    }
}
