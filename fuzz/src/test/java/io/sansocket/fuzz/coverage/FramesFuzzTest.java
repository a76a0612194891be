package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.FrameReader;
import io.sansocket.core.frame.IncompleteFrameException;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.rule.ProtocolViolationException;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/** Frames: the pieces do not matter, what was decoded encodes to the same bytes, the reader reads what the decoder does. */
class FramesFuzzTest {
    private static final int EXTENSION_BITS = 7;
    private static final int TOLERANT = 8;
    private static final int SMALL_LIMIT = 16;
    private static final int SMALL = 20;

    @FuzzTest
    void fromClient(byte[] bytes) {
        decode(Role.CLIENT, new Input(bytes));
    }

    @FuzzTest
    void fromServer(byte[] bytes) {
        decode(Role.SERVER, new Input(bytes));
    }

    private static void decode(Role sender, Input input) {
        int place = input.place();
        int options = input.choice();
        byte[] stream = input.rest();
        FrameLog whole = log(sender, options);
        Pieces.whole(stream, whole::decode);
        FrameLog cut = log(sender, options);
        Pieces.cut(stream, place, cut::decode);

        Oracle.same(whole.entries(), cut.entries(), "the frames of a whole stream and of one in pieces");
        Oracle.same(whole.progress(), cut.progress(), "where a whole stream and one in pieces stand");
        Oracle.same(whole.unfinished(), cut.unfinished(), "the unfinished payload, whole and in pieces");
        for (FrameLog.Entry entry : whole.entries()) {
            if (entry instanceof FrameLog.Seen frame && frame.lawful()) {
                Oracle.same(ByteBuffer.wrap(encode(frame)), bytesOf(frame, stream), "a frame, and as it encodes");
            }
        }
    }

    private static FrameLog log(Role sender, int options) {
        var log = new FrameLog(sender, (options & TOLERANT) != 0, Long.MAX_VALUE);
        log.decoder().allowReservedBits(options & EXTENSION_BITS);
        return log;
    }

    private static byte[] encode(FrameLog.Seen frame) {
        Opcode opcode = Objects.requireNonNull(Opcode.of(frame.opcode()), "a reserved opcode is not lawful");
        int length = frame.payload().remaining();
        byte[] header = new byte[FrameDecoder.MAX_HEADER_LENGTH];
        int size = frame.masked()
                ? FrameEncoder.encodeMaskedHeader(
                        header, 0, frame.fin(), frame.rsv(), opcode, length, frame.maskingKey())
                : FrameEncoder.encodeHeader(header, 0, frame.fin(), frame.rsv(), opcode, length);
        Oracle.check(size == FrameEncoder.headerLength(length, frame.masked()), "a header is as long as foretold");
        byte[] encoded = Arrays.copyOf(header, size + length);
        frame.payload().duplicate().get(encoded, size, length);
        if (frame.masked()) {
            Mask.apply(encoded, size, length, frame.maskingKey(), 0);
        }
        return encoded;
    }

    private static ByteBuffer bytesOf(FrameLog.Seen frame, byte[] stream) {
        int length = frame.payload().remaining();
        return ByteBuffer.wrap(
                stream, (int) frame.offset(), FrameEncoder.headerLength(length, frame.masked()) + length);
    }

    @FuzzTest
    void reader(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int options = input.choice();
        Role sender = (options & TOLERANT) != 0 ? Role.CLIENT : Role.SERVER;
        int limit = (options & SMALL_LIMIT) != 0 ? SMALL : FrameReader.DEFAULT_MAX_FRAME_PAYLOAD;
        byte[] stream = input.rest();

        var log = new FrameLog(sender, false, limit);
        log.decoder().allowReservedBits(options & EXTENSION_BITS);
        Pieces.whole(stream, log::decode);
        var reader = new FrameReader(sender, limit);
        reader.allowReservedBits(options & EXTENSION_BITS);
        Pieces.cut(stream, place, reader::feed);

        new Expected(log, reader).check();
    }

    /** Holds a reader that was fed all bytes against what the decoder found in them. */
    private record Expected(FrameLog log, FrameReader reader) {
        void check() {
            int fragments = 0;
            long messageBytes = 0;
            for (FrameLog.Entry entry : log.entries()) {
                if (entry instanceof FrameLog.Seen seen) {
                    isRead(seen);
                    if (!Opcode.isControl(seen.opcode())) {
                        fragments = seen.fin() ? 0 : fragments + 1;
                        messageBytes =
                                seen.fin() ? 0 : messageBytes + seen.payload().remaining();
                    }
                } else if (entry instanceof FrameLog.Breach breach) {
                    isFailed(RuleSet.first(breach.rules()), breach.offset());
                    return;
                } else if (entry instanceof FrameLog.TooLong tooLong) {
                    isFailed(Rule.MESSAGE_TOO_BIG, tooLong.offset());
                    return;
                }
            }
            Oracle.same(fragments, reader.progress().fragments(), "the fragments so far");
            Oracle.same(messageBytes, reader.progress().messageBytes(), "the bytes of the message so far");
            atEnd(fragments);
        }

        private void isRead(FrameLog.Seen seen) {
            Frame frame = next();
            Oracle.check(frame != null, "a whole frame is read");
            var read = new FrameLog.Seen(
                    frame.fin(),
                    frame.rsv(),
                    frame.opcode().code(),
                    frame.masked(),
                    seen.maskingKey(),
                    ByteBuffer.wrap(frame.payload()),
                    frame.offset(),
                    true);
            Oracle.same(seen, read, "a frame as decoded, and as read");
        }

        private Frame next() {
            try {
                return reader.next();
            } catch (ProtocolViolationException e) {
                throw new AssertionError("a whole frame comes before the failure", e);
            }
        }

        private ProtocolViolationException failure() {
            try {
                Oracle.check(reader.next() == null, "no frame is left");
                return null;
            } catch (ProtocolViolationException e) {
                return e;
            }
        }

        private void isFailed(Rule rule, long offset) {
            reader.feedEof();
            for (int again = 0; again < 2; again++) {
                ProtocolViolationException e = failure();
                Oracle.check(e != null, "a broken rule is told");
                Oracle.same(rule, e.violation().rule(), "the broken rule");
                Oracle.same(offset, e.violation().offset(), "the place of the breach");
            }
        }

        private void atEnd(int fragments) {
            Oracle.check(failure() == null, "nothing failed yet");
            reader.feedEof();
            ProtocolViolationException e = failure();
            boolean between = log.progress().phase() == Phase.BETWEEN_FRAMES && fragments == 0;
            Oracle.check(between == (e == null), "the end is told when it cuts a frame or a message");
            if (e instanceof IncompleteFrameException cut) {
                Oracle.same(log.progress().declared(), cut.declared(), "what the cut frame declares");
                Oracle.same(log.progress().received(), cut.received(), "what came of the cut frame");
                Oracle.same(log.progress().missing(), cut.missing(), "what is missing of the cut frame");
            }
        }
    }
}
