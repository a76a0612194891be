package io.sansocket.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.rule.ProtocolViolationException;
import io.sansocket.core.testing.BufferKind;
import io.sansocket.core.testing.FrameRecorder;
import io.sansocket.core.testing.FrameStreams;
import io.sansocket.core.testing.FrameStreams.FrameStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Proof: what a stream says does not depend on the pieces and the buffers it comes in. */
class ChunkingInvarianceTest {
    private static final int LAWFUL_STREAMS = 5_000;
    private static final int CORRUPTED_STREAMS = 7_000;
    private static final int RSV1 = 4;
    private static final List<BufferKind> KINDS = List.of(BufferKind.values());

    private static Role sender(long seed) {
        return seed % 2 == 0 ? Role.CLIENT : Role.SERVER;
    }

    /** All that a decoder tells of a stream. */
    private record Outcome(List<String> events, List<Frame> frames, String unfinished, Progress progress) {}

    private static Outcome decode(FrameStream stream, FrameRecorder recorder, List<ByteBuffer> parts) {
        FrameDecoder decoder = new FrameDecoder(stream.sender(), recorder);
        decoder.allowReservedBits(stream.seed() % 4 < 2 ? RSV1 : 0);
        for (ByteBuffer part : parts) {
            boolean goesOn = decoder.decode(part);
            if (goesOn && part.hasRemaining()) {
                throw new AssertionError(stream + ": bytes left unread");
            }
        }
        return new Outcome(recorder.events(), recorder.frames(), recorder.unfinished(), Progress.of(decoder, 0, 0, 0));
    }

    private static List<ByteBuffer> whole(FrameStream stream) {
        return List.of(ByteBuffer.wrap(stream.bytes().clone()));
    }

    private static List<ByteBuffer> cut(FrameStream stream, BufferKind kind, Random random) {
        List<ByteBuffer> parts = new ArrayList<>();
        ByteBuffer whole = kind.of(stream.bytes());
        int from = whole.position();
        for (byte[] part : FrameStreams.cut(stream.bytes(), random)) {
            parts.add(whole.duplicate()
                    .order(whole.order())
                    .limit(from + part.length)
                    .position(from));
            from += part.length;
        }
        return parts;
    }

    /** Compares the stream in one heap buffer with the stream cut anew for every kind of buffer, and whole in it. */
    private static Outcome compare(FrameStream stream, Supplier<FrameRecorder> recorder) {
        Outcome expected = decode(stream, recorder.get(), whole(stream));
        Random random = new Random(stream.seed());
        for (BufferKind kind : KINDS) {
            Outcome inParts = decode(stream, recorder.get(), cut(stream, kind, random));
            assertThat(inParts).as("%s, cut, %s", stream, kind).isEqualTo(expected);
        }
        BufferKind kind = KINDS.get(random.nextInt(KINDS.size()));
        Outcome inOne = decode(stream, recorder.get(), List.of(kind.of(stream.bytes())));
        assertThat(inOne).as("%s, whole, %s", stream, kind).isEqualTo(expected);
        return expected;
    }

    @Test
    void lawfulStreamsAreTheFramesTheyWereMadeOf() {
        int frames = 0;
        for (int seed = 0; seed < LAWFUL_STREAMS; seed++) {
            FrameStream stream = FrameStreams.lawful(seed, sender(seed));
            Outcome outcome = compare(stream, FrameRecorder::strict);
            assertThat(outcome.frames()).as("%s", stream).isEqualTo(stream.frames());
            assertThat(outcome.events()).as("%s", stream).hasSameSizeAs(stream.frames());
            assertThat(outcome.progress().offset()).as("%s", stream).isEqualTo(stream.bytes().length);
            frames += stream.frames().size();
        }
        assertThat(frames).isGreaterThan(3 * LAWFUL_STREAMS);
    }

    @Test
    void corruptedStreamsAreRefusedAtTheSameByte() {
        int refused = 0;
        for (int seed = 0; seed < CORRUPTED_STREAMS; seed++) {
            FrameStream stream = FrameStreams.corrupted(seed, sender(seed));
            Outcome outcome = compare(stream, FrameRecorder::strict);
            refused += outcome.events().stream().anyMatch(line -> line.startsWith("broken")) ? 1 : 0;
        }
        assertThat(refused).as("else the corruption is too mild").isGreaterThan(CORRUPTED_STREAMS / 2);
    }

    @Test
    void corruptedStreamsGoOnAlikeForAHandlerThatTolerates() {
        int breaches = 0;
        for (int seed = 0; seed < CORRUPTED_STREAMS; seed++) {
            FrameStream stream = FrameStreams.corrupted(seed, sender(seed));
            Outcome outcome = compare(stream, FrameRecorder::tolerant);
            breaches += outcome.events().size() - outcome.frames().size();
        }
        assertThat(breaches).isGreaterThan(CORRUPTED_STREAMS);
    }

    @Test
    void readerGivesTheSameFramesFailureAndProgress() {
        for (int seed = 0; seed < CORRUPTED_STREAMS; seed++) {
            FrameStream stream = seed % 3 == 0
                    ? FrameStreams.lawful(seed, sender(seed))
                    : FrameStreams.corrupted(seed, sender(seed));
            List<Object> expected = read(stream, whole(stream));
            Random random = new Random(seed);
            BufferKind kind = KINDS.get(random.nextInt(KINDS.size()));
            assertThat(read(stream, cut(stream, kind, random)))
                    .as("%s, %s", stream, kind)
                    .isEqualTo(expected);
        }
    }

    /** Returns the frames, the progress before the end, and the failure's message if there is one. */
    private static List<Object> read(FrameStream stream, List<ByteBuffer> parts) {
        FrameReader reader = new FrameReader(stream.sender());
        List<Object> read = new ArrayList<>();
        try {
            for (ByteBuffer part : parts) {
                reader.feed(part);
            }
            read.add(reader.progress());
            reader.feedEof();
            for (Frame frame = reader.next(); frame != null; frame = reader.next()) {
                read.add(frame);
            }
        } catch (ProtocolViolationException e) {
            read.add(e.violation());
        }
        return read;
    }

    @Test
    void sameSeedGivesTheSameStream() {
        FrameStream first = FrameStreams.corrupted(42, Role.CLIENT);
        assertThat(FrameStreams.corrupted(42, Role.CLIENT).bytes()).isEqualTo(first.bytes());
        assertThat(first).hasToString("stream of the client with seed 42, " + first.bytes().length + " bytes");
    }
}
