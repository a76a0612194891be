package io.sansocket.core.frame;

import io.sansocket.core.rule.ProtocolViolationException;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The lowest level: bytes in, whole frames out.
 *
 * <p>Feed bytes as they come, then ask for frames until there are none. {@code next} returning null means "not yet";
 * {@link #progress} tells what for. Frames only: messages, UTF-8, close codes and answers are the protocol's.
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class FrameReader {
    /** The payload limit of a reader that was given none: 1 MiB. */
    public static final int DEFAULT_MAX_FRAME_PAYLOAD = 1 << 20;

    private static final byte[] EMPTY = {};

    private final int maxFramePayload;
    private final FrameDecoder decoder;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private byte[] payload = EMPTY;
    /** The whole frames of the unfinished message, and their payload bytes; 0 when there is no such message. */
    private int fragments;

    private long messageBytes;
    private @Nullable ProtocolViolationException failure;

    /**
     * Makes a reader of frames with at most 1 MiB of payload.
     *
     * @param sender whose frames these are
     */
    public FrameReader(Role sender) {
        this(sender, DEFAULT_MAX_FRAME_PAYLOAD);
    }

    /**
     * Makes a reader with a limit of its own.
     *
     * @param sender whose frames these are
     * @param maxFramePayload the most payload bytes a frame may declare
     */
    public FrameReader(Role sender, int maxFramePayload) {
        this.maxFramePayload = maxFramePayload;
        decoder = new FrameDecoder(sender, new Collector());
    }

    /** Allows reserved bits on the first frame of a message: RSV1 = 4, RSV2 = 2, RSV3 = 1, or their sum. */
    public void allowReservedBits(int bits) {
        decoder.allowReservedBits(bits);
    }

    /** Takes all bytes of the buffer, unless a violation stops the reader; {@link #next} tells of it. */
    public void feed(ByteBuffer in) {
        decoder.decode(in);
    }

    /** Says that the stream ended. What it ended inside of, {@link #next} tells once the whole frames are read. */
    public void feedEof() {
        Progress end = progress();
        if (failure == null && end.phase() != Phase.BETWEEN_FRAMES) {
            Rule rule = end.inFrame() ? Rule.INCOMPLETE_FRAME : Rule.INCOMPLETE_MESSAGE;
            failure = new IncompleteFrameException(rule, end);
        }
    }

    /**
     * Returns the next whole frame, or null when more bytes are needed or the stream ended between messages.
     *
     * @throws IncompleteFrameException if the stream ended inside a frame or a message; again at each later call
     * @throws ProtocolViolationException if the peer broke a rule; again at each later call
     */
    public @Nullable Frame next() throws ProtocolViolationException {
        Frame frame = frames.poll();
        if (frame == null && failure != null) {
            throw failure;
        }
        return frame;
    }

    /** Tells what the reader waits for. There is no clock at this level. */
    public Progress progress() {
        return Progress.of(decoder, fragments, messageBytes, 0);
    }

    private final class Collector implements FrameHandler {
        @Override
        public boolean broken(FrameDecoder frame, long rules, long offset) {
            Rule rule = RuleSet.first(rules);
            fail(rule, offset, HeaderFault.describe(frame, rule));
            return false;
        }

        @Override
        public boolean header(FrameDecoder frame) {
            if (frame.payloadLength() <= maxFramePayload) {
                return true;
            }
            fail(
                    Rule.MESSAGE_TOO_BIG,
                    frame.frameOffset(),
                    "a " + Opcode.nameOf(frame.opcode()) + " frame declares " + frame.payloadLength()
                            + " payload bytes, the limit is " + maxFramePayload);
            return false;
        }

        @Override
        public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
            int received = (int) frame.payloadReceived();
            payload = grown(payload, received + length, (int) frame.payloadLength());
            Mask.copy(in, index, payload, received, length, frame.maskingKey(), received);
            return true;
        }

        @Override
        public boolean end(FrameDecoder frame) {
            Opcode opcode = Objects.requireNonNull(Opcode.of(frame.opcode()), "a reserved opcode stops the reader");
            if (!opcode.isControl()) {
                messageBytes = frame.fin() ? 0 : messageBytes + payload.length;
                fragments = frame.fin() ? 0 : fragments + 1;
            }
            frames.add(new Frame(frame.fin(), frame.rsv(), opcode, frame.masked(), payload, frame.frameOffset()));
            payload = EMPTY;
            return true;
        }

        private void fail(Rule rule, long offset, String message) {
            failure = new ProtocolViolationException(new Violation(rule, offset, message));
        }
    }

    /** Returns an array that holds {@code needed} bytes and grows with what was received, not with what was declared. */
    private static byte[] grown(byte[] bytes, int needed, int declared) {
        if (needed <= bytes.length) {
            return bytes;
        }
        return Arrays.copyOf(bytes, Math.min(declared, Math.max(needed, bytes.length * 2)));
    }
}
