package io.sansocket.core.testing;

import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameHandler;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.rule.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what a {@link FrameDecoder} finds, one line for each breach and each whole frame.
 *
 * <p>Parts of a payload are joined and unmasked, so that the lines do not tell how the bytes came. The grammar of
 * {@link FrameHandler} is checked on the way.
 */
public final class FrameRecorder implements FrameHandler {
    private final boolean tolerant;
    private final List<String> events = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final ByteArrayOutputStream payload = new ByteArrayOutputStream();
    private @Nullable String header;

    private FrameRecorder(boolean tolerant) {
        this.tolerant = tolerant;
    }

    /** Returns a recorder that stops at the first breach, as the protocol does. */
    public static FrameRecorder strict() {
        return new FrameRecorder(false);
    }

    /** Returns a recorder that goes on after every breach, as the doctor does. */
    public static FrameRecorder tolerant() {
        return new FrameRecorder(true);
    }

    /**
     * Returns the lines so far: {@code broken reserved-bits at 7}, and for a whole frame its header, place and payload,
     * {@code 81 02 at 9: 48 69}.
     */
    public List<String> events() {
        return events;
    }

    /** Returns the whole frames so far, those with a reserved opcode excepted. */
    public List<Frame> frames() {
        return frames;
    }

    /** Returns the line of the frame that has a whole header and not its whole payload; empty when there is none. */
    public String unfinished() {
        return header == null ? "" : header + ": " + Hex.toHex(payload.toByteArray());
    }

    @Override
    public boolean broken(FrameDecoder frame, long rules, long offset) {
        check(rules != RuleSet.NONE, "a breach breaks a rule");
        check(header == null, "a header is judged before it is whole");
        StringJoiner names = new StringJoiner(", ");
        for (long rest = rules; rest != RuleSet.NONE; rest = RuleSet.rest(rest)) {
            Rule rule = RuleSet.first(rest);
            names.add(rule.id());
        }
        events.add("broken " + names + " at " + offset);
        return tolerant;
    }

    @Override
    public boolean header(FrameDecoder frame) {
        check(header == null, "a frame has one header");
        header = Hex.toHex(frame.headerBytes()) + " at " + frame.frameOffset();
        return true;
    }

    @Override
    public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
        check(header != null, "a payload follows its header");
        check(length > 0, "a part of a payload has at least 1 byte");
        check(frame.payloadReceived() == payload.size(), "the parts of a payload follow each other");
        byte[] part = new byte[length];
        in.get(index, part);
        if (frame.masked()) {
            Mask.apply(part, 0, length, frame.maskingKey(), frame.payloadReceived());
        }
        payload.writeBytes(part);
        return true;
    }

    @Override
    public boolean end(FrameDecoder frame) {
        check(header != null, "a frame ends once");
        byte[] bytes = payload.toByteArray();
        check(frame.payloadLength() == bytes.length, "a frame ends with its last byte");
        events.add(header + ": " + Hex.toHex(bytes));
        Opcode opcode = Opcode.of(frame.opcode());
        if (opcode != null) {
            frames.add(new Frame(frame.fin(), frame.rsv(), opcode, frame.masked(), bytes, frame.frameOffset()));
        }
        header = null;
        payload.reset();
        return true;
    }

    private static void check(boolean lawful, String grammar) {
        if (!lawful) {
            throw new AssertionError(grammar);
        }
    }
}
