package io.sansocket.core.frame;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an incoming stream waits for: the answer to "why do I get no events?".
 *
 * <p>{@link #toString} says it in a sentence, for example {@code in the payload of a text frame at offset 129: 199 of 202
 * bytes received, 3 missing, header 81 7e 00 ca}.
 *
 * @param phase where the stream stands
 * @param offset the place in the stream of the current frame, or of the next when between frames; frames count from the
 *     first byte behind the opening handshake's head, and in {@link Phase#HANDSHAKE} it is 0
 * @param header the current frame's header as hex, as far as it has come; empty when between frames
 * @param headerLength the size in bytes of the whole header; 0 while its first two bytes have not come
 * @param opcode the current frame's opcode; null when between frames, or when it is a reserved one
 * @param fin the current frame's FIN bit
 * @param rsv the current frame's reserved bits, RSV1 = 4, RSV2 = 2, RSV3 = 1
 * @param declared the current frame's payload length in bytes as declared; {@link #UNKNOWN} while it has not come
 * @param received the payload bytes of the current frame that have come; in {@link Phase#HANDSHAKE}, the bytes of the head
 * @param fragments the whole frames of the unfinished message; 0 when there is none
 * @param messageBytes their payload bytes; 0 when there is none
 * @param lastByteAt when the last byte came, by the clock the caller feeds, in nanoseconds; 0 where no clock is fed
 * @param note what else is waited for, in words, for the phases that are no matter of frames; else empty
 * @since 0.1
 */
public record Progress(
        Phase phase,
        long offset,
        String header,
        int headerLength,
        @Nullable Opcode opcode,
        boolean fin,
        int rsv,
        long declared,
        long received,
        int fragments,
        long messageBytes,
        long lastByteAt,
        String note) {
    /** A length that has not come yet. */
    public static final long UNKNOWN = -1;

    private static final int HEX_DIGITS_AND_SPACE = 3;

    /** Describes the stream a decoder reads. */
    public static Progress of(FrameDecoder decoder, int fragments, long messageBytes, long lastByteAt) {
        boolean inPayload = decoder.inPayload();
        boolean inFrame = inPayload || decoder.inHeader();
        return new Progress(
                phaseOf(decoder),
                decoder.frameOffset(),
                HexFormat.ofDelimiter(" ").formatHex(decoder.headerBytes()),
                decoder.headerReceived() > 1 ? decoder.declaredHeaderLength() : 0,
                inFrame ? Opcode.of(decoder.opcode()) : null,
                inFrame && decoder.fin(),
                inFrame ? decoder.rsv() : 0,
                inPayload ? decoder.payloadLength() : UNKNOWN,
                decoder.payloadReceived(),
                fragments,
                messageBytes,
                lastByteAt,
                "");
    }

    /** Describes an opening handshake of which so many bytes have come. */
    public static Progress ofHandshake(long received, long lastByteAt, String note) {
        return new Progress(Phase.HANDSHAKE, 0, "", 0, null, false, 0, UNKNOWN, received, 0, 0, lastByteAt, note);
    }

    private static Phase phaseOf(FrameDecoder decoder) {
        if (decoder.inPayload()) {
            return Phase.IN_PAYLOAD;
        }
        if (decoder.inHeader()) {
            return Phase.IN_HEADER;
        }
        return decoder.isMessageOpen() ? Phase.BETWEEN_FRAGMENTS : Phase.BETWEEN_FRAMES;
    }

    /** Returns this with another phase and a note. */
    public Progress with(Phase newPhase, String newNote) {
        return new Progress(
                newPhase,
                offset,
                header,
                headerLength,
                opcode,
                fin,
                rsv,
                declared,
                received,
                fragments,
                messageBytes,
                lastByteAt,
                newNote);
    }

    /** Returns this with another count of received payload bytes. */
    public Progress withReceived(long newReceived) {
        return new Progress(
                phase,
                offset,
                header,
                headerLength,
                opcode,
                fin,
                rsv,
                declared,
                newReceived,
                fragments,
                messageBytes,
                lastByteAt,
                note);
    }

    /** Tells whether a frame has begun and is not whole. */
    public boolean inFrame() {
        return !header.isEmpty();
    }

    /** Returns how many bytes of the current frame's header have come. */
    public int headerReceived() {
        return (header.length() + 1) / HEX_DIGITS_AND_SPACE;
    }

    /** Returns how many payload bytes the current frame still lacks, or {@link #UNKNOWN}. */
    public long missing() {
        return declared == UNKNOWN ? UNKNOWN : declared - received;
    }

    @Override
    public String toString() {
        String frame = inFrame() ? frameSentence() : betweenSentence();
        if (note.isEmpty()) {
            return frame;
        }
        return inFrame() ? note + "; " + frame : note;
    }

    private String frameSentence() {
        String kind = opcode == null ? "a frame" : "a " + opcode + " frame";
        if (declared != UNKNOWN) {
            return "in the payload of %s at offset %d: %d of %d bytes received, %d missing, header %s"
                    .formatted(kind, offset, received, declared, missing(), header);
        }
        String whole = headerLength == 0 ? "at least 2" : Integer.toString(headerLength);
        return "in the header of %s at offset %d: %d of %s bytes received, header %s"
                .formatted(kind, offset, headerReceived(), whole, header);
    }

    private String betweenSentence() {
        if (fragments == 0) {
            return "between frames at offset %d%s".formatted(offset, waiting("a frame"));
        }
        String frames = fragments == 1 ? "frame" : "frames";
        return "between the fragments of a message at offset %d%s, %d bytes in %d %s so far"
                .formatted(offset, waiting("a continuation frame"), messageBytes, fragments, frames);
    }

    private String waiting(String what) {
        return phase == Phase.CLOSED ? "" : ": waiting for " + what;
    }
}
