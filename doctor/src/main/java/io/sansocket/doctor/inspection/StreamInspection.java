package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.report.EndedBy;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.Finding.Lengths;
import io.sansocket.doctor.report.HeaderBytes;
import io.sansocket.doctor.report.Severity;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes one direction of a connection apart, from the first byte behind the opening handshake's head to the end, over
 * holes and past the point where frames stop making sense.
 */
final class StreamInspection {
    private enum State {
        /** The place of every byte in a frame is known. */
        FRAMES,
        /** Behind a hole, or in a stream seen from its middle: some segment will begin with a frame. */
        SEARCHING,
        /** These are no frames, or none that can be told. */
        LOST
    }

    /** Bytes that the capture lacks, not told yet. */
    private record Hole(long length, @Nullable PacketRef packet, Ending cause) {}

    private final long connection;
    private final Role sender;
    private final FindingLog log;
    private final FrameInspection frames;
    private final UnreadBytes unread;

    private State state = State.FRAMES;
    private FrameDecoder decoder;
    /** The place of the byte that comes next. */
    private long offset;
    /** Where the decoder began. */
    private long base;

    private int reservedBits;
    private @Nullable Hole hole;
    private boolean truncationTold;
    private boolean ended;

    StreamInspection(long connection, Role sender, Ledger ledger, InspectionOptions options) {
        this.connection = connection;
        this.sender = sender;
        log = new FindingLog(ledger, connection, sender);
        frames = new FrameInspection(connection, sender, ledger, log, options);
        unread = new UnreadBytes(connection, sender, log);
        decoder = frames.decoderAt(0, true);
    }

    /** Lets RSV1 stand for permessage-deflate (RFC 7692 §6). */
    void agreeDeflate(DeflateContext context) {
        reservedBits = FrameChain.RSV1;
        frames.agreeDeflate(context);
        decoder.allowReservedBits(reservedBits);
    }

    /** Says that the stream was not seen from its beginning: some segment will begin with a frame. */
    void startInTheMiddle(long bytesBefore) {
        skipBefore(bytesBefore);
    }

    /** Says that the stream was not seen from its beginning, and that a frame begins behind the bytes before. */
    void startWithFrame(long bytesBefore) {
        skipBefore(bytesBefore);
        resume();
    }

    private void skipBefore(long bytesBefore) {
        state = State.SEARCHING;
        unread.beginSearch(Rule.NO_HANDSHAKE, 0, bytesBefore);
        offset = bytesBefore;
    }

    /** Takes the next bytes, a segment's as a rule. */
    void data(ByteBuffer in, @Nullable PacketRef packet) {
        if (ended || !in.hasRemaining()) {
            return;
        }
        tellHole();
        if (state == State.SEARCHING && FrameChain.of(in, sender, reservedBits).isEnoughToResume()) {
            resume();
        }
        long end = offset + in.remaining();
        if (state == State.FRAMES) {
            decode(in, packet);
        } else {
            unread.add(in);
        }
        offset = end;
    }

    private void decode(ByteBuffer in, @Nullable PacketRef packet) {
        frames.packet(packet, !decoder.inHeader() && !decoder.inPayload());
        if (!decoder.decode(in)) {
            lose(in);
        }
    }

    /** Gives up after a header that cannot be one: nothing says where the next begins. */
    private void lose(ByteBuffer rest) {
        state = State.LOST;
        unread.beginLoss(frames.lastHeaderFault(), base + decoder.frameOffset());
        unread.add(ByteBuffer.wrap(decoder.headerBytes()));
        unread.add(rest);
    }

    private void resume() {
        if (unread.count() > 0) {
            frames.lose(unread.reason(), unread.count() + " bytes before offset " + offset + " were not taken apart");
        }
        unread.end();
        state = State.FRAMES;
        base = offset;
        decoder = frames.decoderAt(offset, false);
    }

    /** Passes over bytes that the capture lacks. */
    void hole(long length, @Nullable PacketRef packet, Ending cause) {
        if (ended) {
            return;
        }
        tellHole();
        hole = new Hole(length, packet, cause);
    }

    /** A hole waits for what comes behind it: one of a single byte at the end may be a FIN that the capture lacks. */
    private void tellHole() {
        Hole told = hole;
        if (told == null) {
            return;
        }
        hole = null;
        Finding about = describe(told);
        if (state == State.FRAMES
                && decoder.inPayload()
                && told.length() <= decoder.payloadLength() - decoder.payloadReceived()) {
            frames.hole(decoder, about, tellsTruncation(told));
            decoder.skip(told.length());
            offset += told.length();
            return;
        }
        boolean wasInFrames = state == State.FRAMES;
        if (wasInFrames) {
            cutFrame(told.cause(), Severity.WARNING);
        }
        frames.lose(about);
        if (tellsTruncation(told)) {
            log.report(about);
        }
        offset += told.length();
        if (wasInFrames) {
            state = State.SEARCHING;
            unread.beginSearch(about.rule(), offset, 0);
        }
    }

    /** A capture cuts every long packet: that is told once. */
    private boolean tellsTruncation(Hole told) {
        boolean tells = told.cause().by() != EndedBy.SNAPLEN || !truncationTold;
        truncationTold |= told.cause().by() == EndedBy.SNAPLEN;
        return tells;
    }

    private Finding describe(Hole told) {
        boolean cut = told.cause().by() == EndedBy.SNAPLEN;
        String packet = told.packet() == null
                ? ""
                : (cut ? " packet " : ", packet ") + told.packet().number() + (cut ? "" : " shows it");
        boolean inFrame = state == State.FRAMES && decoder.inPayload();
        String place = inFrame ? " in the payload of frame " + frames.frameIndex() : "";
        String text = cut
                ? "the capture cut " + told.length() + " bytes off" + packet + place
                        + "; further packets may be cut, too"
                : told.length() + " bytes are not in the capture" + packet + place;
        var finding = new Finding(
                connection,
                sender,
                cut ? Rule.CAPTURE_TRUNCATED : Rule.CAPTURE_HOLE,
                Severity.WARNING,
                offset,
                inFrame ? frames.frameIndex() : 0,
                text);
        return finding.with(Lengths.lacking(told.length())).endedBy(told.cause().by());
    }

    /** A packet repeated bytes differently. */
    void overlapConflict(long place, int length, @Nullable PacketRef packet) {
        log.report(new Finding(
                connection,
                sender,
                Rule.OVERLAP_CONFLICT,
                Severity.WARNING,
                Math.max(0, place),
                0,
                (packet == null ? "a packet" : "packet " + packet.number())
                        + " carries other bytes than an earlier one for " + length + " bytes from offset " + place
                        + " on; the earlier ones are shown"));
    }

    /** Tells what is not whole at the end. */
    void end(Ending ending) {
        if (ended) {
            return;
        }
        boolean betweenFrames = state == State.FRAMES && !decoder.inPayload() && !decoder.inHeader();
        if (hole != null && !(betweenFrames && hole.length() == 1 && ending.by() != EndedBy.FIN)) {
            tellHole();
        }
        ended = true;
        if (state == State.FRAMES) {
            cutFrame(ending, Severity.ERROR);
        } else {
            unread.end();
        }
        frames.release();
        log.end(offset);
    }

    private void cutFrame(Ending ending, Severity severity) {
        if (decoder.inPayload()) {
            cutPayload(ending, severity);
        } else if (decoder.inHeader()) {
            frames.headerCut(decoder);
            finding(
                    Rule.INCOMPLETE_FRAME,
                    severity,
                    base + decoder.frameOffset(),
                    0,
                    cutHeaderSentence(ending),
                    ending);
        } else if (frames.isMessageOpen() && severity == Severity.ERROR) {
            String count = frames.fragments() == 1 ? "1 frame" : frames.fragments() + " frames";
            String text = "the stream ended between the fragments of a message: " + frames.messageBytes() + " bytes in "
                    + count + " came, the last fragment did not; " + ending.words();
            finding(Rule.INCOMPLETE_MESSAGE, severity, offset, frames.frameIndex(), text, ending);
        }
    }

    private void cutPayload(Ending ending, Severity severity) {
        frames.report(decoder, decoder.payloadReceived());
        frames.flush();
        var lengths = Lengths.of(decoder.payloadLength(), decoder.payloadReceived() - frames.missing());
        String text = "the stream ended inside a " + Opcode.nameOf(decoder.opcode()) + " frame: its header "
                + new HeaderBytes(decoder.headerBytes()) + " declares " + lengths.declared() + " bytes of payload, "
                + lengths.received() + " were received, " + lengths.missing()
                + (lengths.missing() == 1 ? " is" : " are") + " missing; " + ending.words();
        log.report(new Finding(
                        connection,
                        sender,
                        Rule.INCOMPLETE_FRAME,
                        severity,
                        base + decoder.frameOffset(),
                        frames.frameIndex(),
                        text)
                .with(lengths)
                .endedBy(ending.by()));
    }

    private String cutHeaderSentence(Ending ending) {
        int received = decoder.headerReceived();
        String whole = received > 1 ? decoder.declaredHeaderLength() + "" : "at least 2";
        return "the stream ended inside the header of a " + Opcode.nameOf(decoder.opcode()) + " frame: " + received
                + " of " + whole + " header bytes (" + new HeaderBytes(decoder.headerBytes()) + ") were received; "
                + ending.words();
    }

    private void finding(Rule rule, Severity severity, long place, long frame, String text, Ending ending) {
        log.report(new Finding(connection, sender, rule, severity, place, frame, text).endedBy(ending.by()));
    }

    /** Passes a finding on that is about the stream as a whole. */
    void report(Finding finding) {
        log.report(finding);
    }

    /** Tells whether the stream stands between two messages, with no Close frame among its frames. */
    boolean lacksClose() {
        return state == State.FRAMES
                && !frames.isCloseSent()
                && !decoder.inHeader()
                && !decoder.inPayload()
                && !frames.isMessageOpen();
    }

    boolean isCloseSent() {
        return frames.isCloseSent();
    }

    long offset() {
        return offset;
    }
}
