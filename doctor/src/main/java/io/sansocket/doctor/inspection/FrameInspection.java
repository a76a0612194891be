package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.HeaderBytes;
import io.sansocket.doctor.report.Severity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges the frames of one direction, payloads and messages included, and goes on after a breach.
 *
 * <p>Findings about a frame wait for the frame's report, so that they come behind it. The one breach it does not go on
 * after is a header that cannot be one, see {@link HeaderFaults#areHopeless}: what follows are no frames.
 */
final class FrameInspection implements FrameHandler {

    private final long connection;
    private final Role sender;
    private final Ledger ledger;
    private final FindingLog log;
    private final PayloadCollector collector;
    private final TextJudge text = new TextJudge();
    private final CloseJudge close = new CloseJudge();
    private final HeaderFaults headerFaults = new HeaderFaults();
    private final byte[] scratch;
    private final List<Finding> waiting = new ArrayList<>();

    private long base;
    private long index;
    /** The packet that the current frame begins in, and the one being read. */
    private @Nullable PacketRef packet;

    private @Nullable PacketRef nextPacket;
    private Rule lastHeaderFault = Rule.RESERVED_OPCODE;

    // The message. Invariant: known is false while it cannot be told whether a message is open.
    private boolean messageKnown = true;
    private @Nullable Opcode message;
    private boolean compressed;
    private long messageBytes;
    private int fragments;

    private boolean closed;
    private long missing;
    private boolean deflate;

    FrameInspection(long connection, Role sender, Ledger ledger, FindingLog log, InspectionOptions options) {
        this.connection = connection;
        this.sender = sender;
        this.ledger = ledger;
        this.log = log;
        collector = new PayloadCollector(options, ledger.workspace);
        scratch = ledger.workspace.scratch;
    }

    /** Makes a decoder that starts at a place of the stream. */
    FrameDecoder decoderAt(long offset, boolean messageIsKnown) {
        base = offset;
        messageKnown = messageIsKnown;
        message = null;
        var decoder = new FrameDecoder(sender, this);
        decoder.allowReservedBits(deflate ? FrameChain.RSV1 : 0);
        return decoder;
    }

    /** Allows what permessage-deflate defines (RFC 7692 §6). */
    void agreeDeflate() {
        deflate = true;
    }

    /** Names the packet that the next bytes are from, and whether the next frame begins with them. */
    void packet(@Nullable PacketRef next, boolean startsFrame) {
        nextPacket = next;
        if (startsFrame) {
            packet = next;
        }
    }

    /** Returns the first rule of the header that was too wrong to go on. */
    Rule lastHeaderFault() {
        return lastHeaderFault;
    }

    boolean isCloseSent() {
        return closed;
    }

    long frameIndex() {
        return index;
    }

    int fragments() {
        return fragments;
    }

    long messageBytes() {
        return messageBytes;
    }

    boolean isMessageOpen() {
        return messageKnown && fragments > 0;
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        long told = messageKnown ? rules : rules & ~RuleSet.of(Rule.UNEXPECTED_CONTINUATION);
        headerFaults.add(told, (int) (offset - frame.frameOffset()));
        // The decoder does not go on behind an impossible length, so there will be no header() to tell the faults.
        return !RuleSet.contains(rules, Rule.LENGTH_OUT_OF_RANGE) || loseFraming(frame);
    }

    @Override
    public boolean header(FrameDecoder frame) {
        headerFaults.reviseWhole(frame);
        if (headerFaults.areHopeless(frame)) {
            return loseFraming(frame);
        }
        index++;
        beginFrame(frame);
        headerFaults.tell(frame, (rule, at, sentence) -> waiting.add(finding(rule, headerPlace(frame) + at, sentence)));
        return true;
    }

    /** Tells what is wrong with bytes that can be no header, and stops the decoder. */
    private boolean loseFraming(FrameDecoder frame) {
        lastHeaderFault = headerFaults.first();
        headerCut(frame);
        return false;
    }

    /** Tells the rules that a header breaks which begins no frame. */
    void headerCut(FrameDecoder frame) {
        if (closed) {
            log.report(new Finding(
                    connection,
                    sender,
                    Rule.DATA_AFTER_CLOSE,
                    Severity.ERROR,
                    headerPlace(frame),
                    0,
                    "bytes that make up no frame came after the " + sender + "'s own Close frame, header "
                            + new HeaderBytes(frame.headerBytes())));
        }
        headerFaults.tell(
                frame,
                (rule, at, sentence) -> log.report(new Finding(
                        connection,
                        sender,
                        rule,
                        Severity.ERROR,
                        headerPlace(frame) + at,
                        0,
                        sentence + ", header " + new HeaderBytes(frame.headerBytes()))));
    }

    private long headerPlace(FrameDecoder frame) {
        return base + frame.frameOffset();
    }

    private void beginFrame(FrameDecoder frame) {
        collector.begin();
        missing = 0;
        if (closed) {
            waitFor(
                    Rule.DATA_AFTER_CLOSE,
                    base + frame.frameOffset(),
                    "a " + Opcode.nameOf(frame.opcode()) + " frame came after the " + sender + "'s own Close frame");
        }
        Opcode opcode = Opcode.of(frame.opcode());
        if (opcode == Opcode.CLOSE) {
            close.begin();
        } else if (opcode == Opcode.TEXT || opcode == Opcode.BINARY) {
            beginMessage(frame, opcode);
        } else if (opcode == Opcode.CONTINUATION && message == null) {
            text.beginMessage(false);
            compressed = false;
        }
        if (opcode != null && !opcode.isControl()) {
            text.beginFrame();
        }
    }

    private void beginMessage(FrameDecoder frame, Opcode opcode) {
        messageKnown = true;
        message = opcode;
        compressed = deflate && frame.rsv() == FrameChain.RSV1;
        messageBytes = 0;
        fragments = 0;
        // What a reserved bit does to the text is known to nobody here.
        text.beginMessage(opcode == Opcode.TEXT && frame.rsv() == 0);
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int start, int length) {
        Opcode opcode = Opcode.of(frame.opcode());
        boolean judged = opcode == Opcode.CLOSE || isText(opcode);
        int skipped = 0;
        if (!judged && collector.isHeadFull()) {
            // Nobody looks at the middle of a long binary payload.
            skipped = Math.max(0, length - Workspace.SCRATCH);
            collector.skip(skipped);
        }
        for (int done = skipped; done < length; ) {
            int part = Math.min(Workspace.SCRATCH, length - done);
            in.get(start + done, scratch, 0, part);
            if (frame.masked()) {
                Mask.apply(scratch, 0, part, frame.maskingKey(), frame.payloadReceived() + done);
            }
            collector.add(scratch, 0, part);
            judge(frame, opcode, frame.payloadReceived() + done, part);
            done += part;
        }
        return true;
    }

    private boolean isText(@Nullable Opcode opcode) {
        return !compressed && (opcode == Opcode.TEXT || (opcode == Opcode.CONTINUATION && message != Opcode.BINARY));
    }

    private void judge(FrameDecoder frame, @Nullable Opcode opcode, long position, int length) {
        if (opcode == Opcode.CLOSE) {
            long bad = close.judge(scratch, length, position);
            if (bad != CloseJudge.VALID) {
                badByte(frame, bad, scratch[(int) (bad - position)], "of the close reason");
            }
        } else if (isText(opcode)) {
            int bad = text.judge(scratch, 0, length);
            if (bad != TextJudge.VALID) {
                long place = position + bad;
                badByte(frame, place, scratch[bad], "at byte " + (messageBytes + place) + " of the message");
            }
        }
    }

    private void badByte(FrameDecoder frame, long position, byte value, String where) {
        long place = base + frame.frameOffset() + frame.headerReceived() + position;
        waiting.add(finding(
                        Rule.INVALID_UTF8,
                        place,
                        "byte 0x%02x %s is not valid UTF-8 there: byte %d of the payload, %d of the stream"
                                .formatted(value, where, position, place))
                .at(position));
    }

    /** The capture lacks bytes of the payload: what is there of it can still be told. */
    void hole(long length, @Nullable Finding about) {
        missing += length;
        collector.skip(length);
        text.giveUp();
        close.giveUp();
        if (about != null) {
            waiting.add(about);
        }
    }

    long missing() {
        return missing;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        Opcode opcode = Opcode.of(frame.opcode());
        long place = base + frame.frameOffset() + frame.headerReceived();
        if (opcode == Opcode.CLOSE) {
            close.end(collector)
                    .forEach(fault -> waiting.add(finding(fault.rule(), place + fault.position(), fault.message())
                            .at(fault.position())));
        }
        if (frame.fin() && isText(opcode) && text.missingAtEnd() > 0) {
            long length = frame.payloadLength();
            waiting.add(finding(
                            Rule.INVALID_UTF8,
                            place + length,
                            "the message ends inside a character, which needs %d more %s: behind byte %d of the payload, %d of the stream"
                                    .formatted(
                                            text.missingAtEnd(),
                                            text.missingAtEnd() == 1 ? "byte" : "bytes",
                                            length,
                                            place + length))
                    .at(length));
        }
        report(frame, frame.payloadLength());
        flush();
        endMessage(frame, opcode);
        packet = nextPacket;
        closed |= opcode == Opcode.CLOSE;
        return true;
    }

    private void endMessage(FrameDecoder frame, @Nullable Opcode opcode) {
        if (opcode == null || opcode.isControl()) {
            return;
        }
        if (frame.fin()) {
            message = null;
            fragments = 0;
            messageBytes = 0;
        } else {
            fragments++;
            messageBytes += frame.payloadLength();
        }
    }

    /** Reports the current frame, whose payload reaches so far, bytes that the capture lacks included. */
    void report(FrameDecoder frame, long reached) {
        boolean isClose = Opcode.of(frame.opcode()) == Opcode.CLOSE;
        ledger.report(new FrameReport(
                connection,
                sender,
                index,
                base + frame.frameOffset(),
                new HeaderBytes(frame.headerBytes()),
                frame.fin(),
                frame.rsv(),
                frame.opcode(),
                frame.masked(),
                frame.payloadLength(),
                reached - missing,
                collector.excerpt(),
                content(frame),
                isClose ? close.code(collector) : FrameReport.NO_CODE,
                packet == null ? 0 : packet.number(),
                packet == null ? null : packet.time()));
        collector.release();
    }

    private Content content(FrameDecoder frame) {
        Opcode opcode = Opcode.of(frame.opcode());
        if (opcode == Opcode.CLOSE) {
            return close.isValid(collector) ? Content.CLOSE : Content.DATA;
        }
        if (opcode == null || opcode.isControl()) {
            return Content.DATA;
        }
        if (compressed) {
            return Content.COMPRESSED;
        }
        return isText(opcode) && text.isFrameValid() ? Content.TEXT : Content.DATA;
    }

    /** Passes on what was found. */
    void flush() {
        waiting.forEach(log::report);
        waiting.clear();
    }

    private void waitFor(Rule rule, long offset, String sentence) {
        waiting.add(finding(rule, offset, sentence));
    }

    private Finding finding(Rule rule, long offset, String sentence) {
        return new Finding(connection, sender, rule, Severity.ERROR, offset, index, sentence);
    }
}
