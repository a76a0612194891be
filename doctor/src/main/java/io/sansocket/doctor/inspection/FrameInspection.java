package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
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
import io.sansocket.doctor.report.MessagePart;
import io.sansocket.doctor.report.Severity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges the frames of one direction, and goes on after a breach; what data frames carry is left to {@link MessageInspection}.
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
    private final MessageInspection messages;
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

    private boolean closed;
    private long missing;

    FrameInspection(long connection, Role sender, Ledger ledger, FindingLog log, InspectionOptions options) {
        this.connection = connection;
        this.sender = sender;
        this.ledger = ledger;
        this.log = log;
        collector = new PayloadCollector(options, ledger.workspace);
        messages = new MessageInspection(sender, ledger.workspace, collector, this::found);
        scratch = ledger.workspace.scratch;
    }

    /** Makes a decoder that starts at a place of the stream. */
    FrameDecoder decoderAt(long offset, boolean messageIsKnown) {
        base = offset;
        messages.beginAt(messageIsKnown);
        var decoder = new FrameDecoder(sender, this);
        decoder.allowReservedBits(messages.usesDeflate() ? FrameChain.RSV1 : 0);
        return decoder;
    }

    /** Allows what permessage-deflate defines (RFC 7692 §6). */
    void agreeDeflate(DeflateContext context) {
        messages.agreeDeflate(context);
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
        return messages.fragments();
    }

    long messageBytes() {
        return messages.bytes();
    }

    boolean isMessageOpen() {
        return messages.isOpen();
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        long told = messages.isKnown() ? rules : rules & ~RuleSet.of(Rule.UNEXPECTED_CONTINUATION);
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
        headerFaults.tell(
                frame,
                (rule, at, sentence) -> found(rule, Severity.ERROR, headerPlace(frame) + at, Finding.NONE, sentence));
        Opcode opcode = Opcode.of(frame.opcode());
        if (opcode != null && !opcode.isControl()) {
            messages.beginFrame(frame, opcode, payloadPlace(frame));
        }
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
            found(
                    Rule.DATA_AFTER_CLOSE,
                    Severity.ERROR,
                    headerPlace(frame),
                    Finding.NONE,
                    "a " + Opcode.nameOf(frame.opcode()) + " frame came after the " + sender + "'s own Close frame");
        }
        if (Opcode.of(frame.opcode()) == Opcode.CLOSE) {
            close.begin();
        }
    }

    private static boolean isData(@Nullable Opcode opcode) {
        return opcode != null && !opcode.isControl();
    }

    private long payloadPlace(FrameDecoder frame) {
        return headerPlace(frame) + frame.headerReceived();
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int start, int length) {
        Opcode opcode = Opcode.of(frame.opcode());
        boolean opaque = isData(opcode) ? messages.isOpaque() : opcode != Opcode.CLOSE;
        int skipped = 0;
        if (opaque && collector.isHeadFull()) {
            // Nobody looks at the middle of a long binary payload.
            skipped = Math.max(0, length - Workspace.SCRATCH);
            collector.skip(skipped);
        }
        for (int done = skipped; done < length; ) {
            int part = Math.min(Workspace.SCRATCH, length - done);
            long position = frame.payloadReceived() + done;
            in.get(start + done, scratch, 0, part);
            if (frame.masked()) {
                Mask.apply(scratch, 0, part, frame.maskingKey(), position);
            }
            if (isData(opcode)) {
                messages.payload(scratch, part, position);
            } else {
                collector.add(scratch, 0, part);
                judgeClose(frame, opcode, position, part);
            }
            done += part;
        }
        return true;
    }

    private void judgeClose(FrameDecoder frame, @Nullable Opcode opcode, long position, int length) {
        long bad = opcode == Opcode.CLOSE ? close.judge(scratch, length, position) : CloseJudge.VALID;
        if (bad != CloseJudge.VALID) {
            long place = payloadPlace(frame) + bad;
            found(
                    Rule.INVALID_UTF8,
                    Severity.ERROR,
                    place,
                    bad,
                    "byte 0x%02x of the close reason is not valid UTF-8 there: byte %d of the payload, %d of the stream"
                            .formatted(scratch[(int) (bad - position)], bad, place));
        }
    }

    /** The capture lacks bytes of the payload: what is there of it can still be told. */
    void hole(FrameDecoder frame, Finding about, boolean tells) {
        long length = Objects.requireNonNull(about.lengths()).missing();
        missing += length;
        if (isData(Opcode.of(frame.opcode()))) {
            messages.hole(length, about.rule(), lack(about));
        } else {
            collector.skip(length);
            close.giveUp();
        }
        if (tells) {
            waiting.add(about);
        }
    }

    /** The capture lacks whole frames, or they cannot be told. */
    void lose(Finding about) {
        messages.lose(about.rule(), lack(about));
    }

    private static String lack(Finding about) {
        return about.message() + " (offset " + about.offset() + ")";
    }

    /** Some bytes, from an offset on, were not taken apart. */
    void lose(Rule rule, String why) {
        messages.lose(rule, why);
    }

    long missing() {
        return missing;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        Opcode opcode = Opcode.of(frame.opcode());
        long place = payloadPlace(frame);
        if (opcode == Opcode.CLOSE) {
            close.end(collector)
                    .forEach(fault -> found(
                            fault.rule(), Severity.ERROR, place + fault.position(), fault.position(), fault.message()));
        } else if (isData(opcode)) {
            messages.endFrame(frame);
        }
        report(frame, frame.payloadLength());
        flush();
        if (isData(opcode)) {
            messages.next(frame);
        }
        packet = nextPacket;
        closed |= opcode == Opcode.CLOSE;
        return true;
    }

    /** Reports the current frame, whose payload reaches so far, bytes that the capture lacks included. */
    void report(FrameDecoder frame, long reached) {
        Opcode opcode = Opcode.of(frame.opcode());
        boolean isData = isData(opcode);
        if (isData) {
            messages.conclude();
        }
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
                isData ? messages.part() : MessagePart.NONE,
                collector.excerpt(),
                opcode == null ? Content.DATA : content(opcode),
                opcode == Opcode.CLOSE ? close.code(collector) : FrameReport.NO_CODE,
                packet == null ? 0 : packet.number(),
                packet == null ? null : packet.time()));
        collector.release();
    }

    private Content content(Opcode opcode) {
        if (opcode == Opcode.CLOSE) {
            return close.isValid(collector) ? Content.CLOSE : Content.DATA;
        }
        return opcode.isControl() ? Content.DATA : messages.content();
    }

    /** Passes on what was found. */
    void flush() {
        waiting.forEach(log::report);
        waiting.clear();
    }

    private void found(Rule rule, Severity severity, long offset, long position, String sentence) {
        waiting.add(new Finding(connection, sender, rule, severity, offset, index, sentence).at(position));
    }

    /** Gives back what it holds: the direction is over. */
    void release() {
        messages.release();
    }
}
