package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.MessagePart;
import io.sansocket.doctor.report.Severity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges the text and binary messages of one direction over their frames, and inflates those that are compressed.
 *
 * <p>Of each frame it collects what the frame adds to its message: the payload, or what that inflates to.
 */
final class MessageInspection implements Inflation.Listener {
    private static final byte[] NO_BYTES = {};

    /** Hears what is wrong with the current frame or its message. */
    interface Listener {
        /**
         * Takes a finding.
         *
         * @param position the offending byte's place in the frame's payload, or {@link Finding#NONE}
         */
        void found(Rule rule, Severity severity, long offset, long position, String sentence);
    }

    private final Role sender;
    private final Workspace workspace;
    private final PayloadCollector collector;
    private final Listener listener;
    private final TextJudge text = new TextJudge();
    /** Made when permessage-deflate is agreed; holds nothing until the first compressed message. */
    private @Nullable Inflation inflation;

    // The message. Invariant: known is false while it cannot be told whether a message is open.
    private boolean known = true;
    private @Nullable Opcode opcode;
    private long number;
    private boolean compressed;
    private long bytes;
    private long inflatedBytes;
    private int fragments;

    // The frame: where its payload begins in the stream, how much of it was judged, and what it inflated to.
    private long place;
    private long position;
    private long inflated = MessagePart.NOT_INFLATED;
    /** Whether the rest of what the frame inflates to is lost. */
    private boolean cut;

    MessageInspection(Role sender, Workspace workspace, PayloadCollector collector, Listener listener) {
        this.sender = sender;
        this.workspace = workspace;
        this.collector = collector;
        this.listener = listener;
    }

    /** Lets RSV1 stand for permessage-deflate (RFC 7692 §6). */
    void agreeDeflate(DeflateContext context) {
        inflation = new Inflation(context, workspace);
    }

    boolean usesDeflate() {
        return inflation != null;
    }

    /** Begins at a frame behind which it may be unknown whether a message is open. */
    void beginAt(boolean messageIsKnown) {
        known = messageIsKnown;
        opcode = null;
        compressed = false;
    }

    /** Hears that bytes between frames, or whole frames, cannot be taken apart. */
    void lose(Rule rule, String why) {
        if (inflation != null) {
            inflation.lose(rule, why);
        }
    }

    boolean isKnown() {
        return known;
    }

    boolean isOpen() {
        return known && fragments > 0;
    }

    int fragments() {
        return fragments;
    }

    long bytes() {
        return bytes;
    }

    /** Begins a data frame, whose header is whole. */
    void beginFrame(FrameDecoder frame, Opcode frameOpcode, long payloadPlace) {
        place = payloadPlace;
        position = 0;
        inflated = MessagePart.NOT_INFLATED;
        cut = false;
        if (frameOpcode != Opcode.CONTINUATION) {
            beginMessage(frame, frameOpcode);
        } else if (opcode == null) {
            text.beginMessage(false);
            compressed = false;
        }
        text.beginFrame();
        if (compressed) {
            beginInflating();
        }
    }

    private void beginMessage(FrameDecoder frame, Opcode frameOpcode) {
        known = true;
        opcode = frameOpcode;
        number++;
        bytes = 0;
        inflatedBytes = 0;
        fragments = 0;
        boolean readable = frame.rsv() == 0;
        compressed = inflation != null && frame.rsv() == FrameChain.RSV1;
        if (compressed && inflation != null) {
            inflation.beginMessage(number);
            readable = inflation.isInflating();
        }
        // What another reserved bit does to the text is known to nobody here.
        text.beginMessage(frameOpcode == Opcode.TEXT && readable);
    }

    private void beginInflating() {
        Inflation current = inflation();
        if (current.isInflating()) {
            inflated = 0;
            return;
        }
        Inflation.Loss loss = current.untoldLoss();
        if (loss != null) {
            String what = current.losesAllLater()
                    ? "message " + number + " and all later compressed ones of the " + sender
                            + " are not inflated, since they may refer to what is lost: "
                    : "the rest of message " + number + " is not inflated: ";
            listener.found(loss.rule(), Severity.NOTE, place, Finding.NONE, what + loss.why());
        }
    }

    private Inflation inflation() {
        return Objects.requireNonNull(inflation);
    }

    /** Tells whether nobody looks at the middle of the current frame's payload, when it is long. */
    boolean isOpaque() {
        return inflated == MessagePart.NOT_INFLATED && !isText();
    }

    private boolean isText() {
        boolean readable = !compressed || inflated != MessagePart.NOT_INFLATED;
        return readable && opcode != Opcode.BINARY;
    }

    /** Takes the next bytes of the current frame's payload, unmasked, that lie at a position in it. */
    void payload(byte[] part, int length, long at) {
        position = at;
        if (inflated == MessagePart.NOT_INFLATED) {
            collector.add(part, 0, length);
            judgeText(part, length);
        } else {
            inflate(part, length, false);
        }
    }

    private void inflate(byte[] part, int length, boolean last) {
        if (cut || (inflation().isInflating() && inflation().add(part, length, last, this))) {
            return;
        }
        cut = true;
        text.cutShort();
        collector.skip(1);
    }

    private void judgeText(byte[] part, int length) {
        int bad = isText() ? text.judge(part, 0, length) : TextJudge.VALID;
        if (bad != TextJudge.VALID) {
            long at = position + bad;
            invalidUtf8(
                    at,
                    "byte 0x%02x at byte %d of the message is not valid UTF-8 there: byte %d of the payload, %d of the stream"
                            .formatted(part[bad], bytes + at, at, place + at));
        }
    }

    private void invalidUtf8(long at, String sentence) {
        listener.found(Rule.INVALID_UTF8, Severity.ERROR, place + at, at, sentence);
    }

    @Override
    public void inflated(byte[] part, int length) {
        int bad = opcode == Opcode.TEXT ? text.judge(part, 0, length) : TextJudge.VALID;
        if (bad != TextJudge.VALID) {
            long at = inflated + bad;
            invalidInflated(
                    place,
                    "byte 0x%02x at byte %d of inflated message %d is not valid UTF-8 there: byte %d of what this frame adds, whose payload is at %d of the stream"
                            .formatted(part[bad], inflatedBytes + at, number, at, place));
        }
        collector.add(part, 0, length);
        inflated += length;
    }

    private void invalidInflated(long offset, String sentence) {
        listener.found(Rule.INVALID_UTF8, Severity.ERROR, offset, Finding.NONE, sentence);
    }

    @Override
    public void breach(Rule rule, int at, String sentence) {
        long where = position + at;
        listener.found(
                rule,
                Severity.ERROR,
                place + where,
                where,
                sentence + "; shown by byte " + where + " of the payload, " + (place + where) + " of the stream");
    }

    /** The capture lacks bytes of the current frame's payload: what is there of it can still be told. */
    void hole(long length, Rule rule, String why) {
        collector.skip(length);
        text.giveUp();
        cut = true;
        if (compressed) {
            lose(rule, why);
        }
    }

    /** Ends a data frame that is all there. */
    void endFrame(FrameDecoder frame) {
        position = frame.payloadLength();
        if (inflated != MessagePart.NOT_INFLATED) {
            inflate(NO_BYTES, 0, frame.fin());
        }
        if (frame.fin() && isText() && text.missingAtEnd() > 0) {
            endInsideCharacter();
        }
    }

    private void endInsideCharacter() {
        String needs = "which needs " + text.missingAtEnd() + " more " + (text.missingAtEnd() == 1 ? "byte" : "bytes");
        if (compressed) {
            invalidInflated(
                    place + position,
                    "inflated message %d ends inside a character, %s: behind its byte %d; its last frame's payload ends at %d of the stream"
                            .formatted(number, needs, inflatedBytes + inflated, place + position));
        } else {
            invalidUtf8(
                    position,
                    "the message ends inside a character, %s: behind byte %d of the payload, %d of the stream"
                            .formatted(needs, position, place + position));
        }
    }

    /** Tells what is left to tell of the current frame, whole or not, before it is reported. */
    void conclude() {
        if (inflated == MessagePart.NOT_INFLATED) {
            return;
        }
        String remark = inflation().remark();
        if (remark != null) {
            listener.found(Rule.MESSAGE_TOO_BIG, Severity.WARNING, place, Finding.NONE, remark);
        }
    }

    /** Goes on to what comes behind a data frame that is all there. */
    void next(FrameDecoder frame) {
        if (frame.fin()) {
            opcode = null;
            fragments = 0;
            bytes = 0;
        } else {
            fragments++;
            bytes += frame.payloadLength();
            inflatedBytes += Math.max(0, inflated);
        }
    }

    MessagePart part() {
        return opcode == null ? MessagePart.NONE : new MessagePart(number, compressed, inflated);
    }

    Content content() {
        if (compressed && inflated == MessagePart.NOT_INFLATED) {
            return Content.COMPRESSED;
        }
        return isText() && text.isFrameValid() ? Content.TEXT : Content.DATA;
    }

    /** Gives back what it holds. */
    void release() {
        if (inflation != null) {
            inflation.release();
        }
    }
}
