package io.sansocket.fuzz.coverage;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.RuleSet;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a decoder finds in a stream, in a form that does not tell in what pieces the stream came. */
final class FrameLog implements FrameHandler {
    private static final byte[] NO_BYTES = {};

    /** A line of the log. */
    sealed interface Entry {}

    /** Broken rules. */
    record Breach(long rules, long offset) implements Entry {}

    /** A header that declares more than the limit. */
    record TooLong(long declared, long offset) implements Entry {}

    /** A whole frame, its payload unmasked; lawful when no rule was broken in it. */
    record Seen(
            boolean fin,
            int rsv,
            int opcode,
            boolean masked,
            int maskingKey,
            ByteBuffer payload,
            long offset,
            boolean lawful)
            implements Entry {}

    private final boolean tolerant;
    private final long limit;
    private final FrameDecoder decoder;
    private final List<Entry> entries = new ArrayList<>();
    private byte[] payload = NO_BYTES;
    private int size;
    private boolean lawful = true;

    /** Makes a log; a tolerant one goes on after broken rules, as the doctor does. */
    FrameLog(Role sender, boolean tolerant, long limit) {
        this.tolerant = tolerant;
        this.limit = limit;
        decoder = new FrameDecoder(sender, this);
    }

    FrameDecoder decoder() {
        return decoder;
    }

    List<Entry> entries() {
        return entries;
    }

    /** Returns the payload of the unfinished frame. */
    ByteBuffer unfinished() {
        return ByteBuffer.wrap(payload, 0, size);
    }

    Progress progress() {
        return Progress.of(decoder, 0, 0, 0);
    }

    /** Decodes, and checks that just the bytes that count were taken. */
    void decode(ByteBuffer in) {
        long taken = in.position() - decoder.offset();
        boolean goesOn = decoder.decode(in);
        Oracle.check(goesOn == !decoder.isStopped(), "decode tells whether the decoder is stopped");
        Oracle.check(!goesOn || !in.hasRemaining(), "a decoder that goes on takes all bytes");
        Oracle.check(in.position() - decoder.offset() == taken, "the offset counts the bytes taken");
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        Oracle.check(rules != RuleSet.NONE, "a breach breaks a rule");
        Oracle.check(frame.inHeader(), "rules are judged inside of a header");
        entries.add(new Breach(rules, offset));
        lawful = false;
        return tolerant;
    }

    @Override
    public boolean header(FrameDecoder frame) {
        Oracle.check(size == 0, "a header comes between payloads");
        if (frame.payloadLength() > limit) {
            entries.add(new TooLong(frame.payloadLength(), frame.frameOffset()));
            return false;
        }
        return true;
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        Oracle.check(length > 0, "a part of a payload has at least 1 byte");
        Oracle.check(frame.payloadReceived() == size, "the parts of a payload follow each other");
        if (size + length > payload.length) {
            payload = Arrays.copyOf(payload, Math.max(size + length, 2 * payload.length));
        }
        in.get(index, payload, size, length);
        if (frame.masked()) {
            Mask.apply(payload, size, length, frame.maskingKey(), size);
        }
        size += length;
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        Oracle.check(frame.payloadLength() == size, "a frame ends with its last byte");
        entries.add(new Seen(
                frame.fin(),
                frame.rsv(),
                frame.opcode(),
                frame.masked(),
                frame.masked() ? frame.maskingKey() : 0,
                unfinished(),
                frame.frameOffset(),
                lawful));
        payload = NO_BYTES;
        size = 0;
        lawful = true;
        return true;
    }
}
