package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes streams: the same seed and index give the same stream, on every machine, and with the same zlib if it is
 * compressed.
 *
 * <p>A quarter of them is lawful. The others are lawful ones with frames, header fields, texts, close codes, compressed
 * data or plain bytes changed ({@link Mutation}), two of them spliced, or bytes without any order.
 */
final class StreamMaker {
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final int MAX_MESSAGES = 4;
    private static final int MAX_FRAGMENTS = 4;
    private static final int MAX_CONTROL = 125;
    private static final int MAX_REASON = 123;
    private static final int MAX_PIECES = 6;
    private static final int MAX_DRIBBLED = 200;
    private static final int[] CLOSE_CODES = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014};
    private static final int FIRST_FREE_CODE = 3000;
    private static final int FREE_CODES = 2000;

    private final long seed;

    StreamMaker(long seed) {
        this.seed = seed;
    }

    Stream make(long index) {
        var random = new Random(mixed(seed * GOLDEN + index));
        Role receiver = random.nextBoolean() ? Role.SERVER : Role.CLIENT;
        Deflate deflate = random.nextInt(5) < 2 ? agreement(random) : null;
        byte[] bytes = new Session(random, receiver.peer(), deflate).bytes();
        return new Stream(index, receiver, deflate, bytes, cuts(bytes.length, random));
    }

    private static long mixed(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        return z ^ (z >>> 27);
    }

    private static Deflate agreement(Random random) {
        int bits = random.nextBoolean()
                ? Deflate.MAX_WINDOW_BITS
                : Deflate.MIN_WINDOW_BITS + random.nextInt(Deflate.MAX_WINDOW_BITS - Deflate.MIN_WINDOW_BITS);
        return new Deflate(random.nextInt(3) > 0, bits);
    }

    private static List<Integer> cuts(int length, Random random) {
        var cuts = new TreeSet<Integer>();
        int way = random.nextInt(12);
        if (way == 0 && length <= MAX_DRIBBLED) {
            for (int i = 1; i < length; i++) {
                cuts.add(i);
            }
        } else if (way > 3 && length > 1) {
            for (int left = random.nextInt(MAX_PIECES); left > 0; left--) {
                cuts.add(1 + random.nextInt(length - 1));
            }
        }
        return List.copyOf(cuts);
    }

    /** One stream in the making. */
    private static final class Session {
        private final Random random;
        private final Content content;
        private final Role sender;
        private final @Nullable Deflate deflate;

        Session(Random random, Role sender, @Nullable Deflate deflate) {
            this.random = random;
            this.sender = sender;
            this.deflate = deflate;
            content = new Content(random);
        }

        byte[] bytes() {
            int kind = random.nextInt(100);
            if (kind < 3) {
                return content.bytes(random.nextInt(MAX_CONTROL));
            }
            byte[] bytes = mutatedFrames(kind);
            if (kind >= 85) {
                byte[] edited = Mutation.ofBytes(bytes, random);
                return kind >= 97 ? Mutation.ofBytes(edited, random) : edited;
            }
            return kind < 7 ? Mutation.splice(bytes, write(frames()), random) : bytes;
        }

        private byte[] mutatedFrames(int kind) {
            List<WireFrame> frames = frames();
            if (kind >= 30 && kind < 85) {
                Mutation.ofFrames(frames, content, random);
                if (kind >= 75) {
                    Mutation.ofFrames(frames, content, random);
                }
            }
            return write(frames);
        }

        private static byte[] write(List<WireFrame> frames) {
            var out = new ByteArrayOutputStream();
            frames.forEach(frame -> frame.writeTo(out));
            return out.toByteArray();
        }

        private List<WireFrame> frames() {
            var frames = new ArrayList<WireFrame>();
            try (Compressor compressor = deflate == null ? null : new Compressor(deflate, random)) {
                for (int left = random.nextInt(MAX_MESSAGES + 1); left > 0; left--) {
                    addMessage(frames, compressor);
                    addControl(frames);
                }
            }
            if (random.nextInt(3) == 0) {
                frames.add(frame(true, WireFrame.CLOSE, closePayload()));
            }
            return frames;
        }

        private void addMessage(List<WireFrame> frames, @Nullable Compressor compressor) {
            boolean text = random.nextBoolean();
            int length = compressor == null ? content.length() : content.lengthOfCompressed();
            byte[] message = text ? content.text(length) : content.binary(length);
            byte[] payload = message;
            boolean compressed = false;
            if (compressor != null && random.nextInt(4) > 0) {
                payload = compressor.compress(message);
                compressed = true;
            }
            int fragments = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_FRAGMENTS);
            int from = 0;
            for (int i = 1; i <= fragments; i++) {
                int to = i == fragments ? payload.length : from + random.nextInt(payload.length - from + 1);
                int first = text ? WireFrame.TEXT : WireFrame.BINARY;
                WireFrame made = frame(
                        i == fragments, i == 1 ? first : WireFrame.CONTINUATION, Arrays.copyOfRange(payload, from, to));
                made.rsv = compressed && i == 1 ? WireFrame.RSV1 : 0;
                frames.add(made);
                from = to;
                if (i < fragments) {
                    addControl(frames);
                }
            }
        }

        private void addControl(List<WireFrame> frames) {
            if (random.nextInt(4) == 0) {
                int length = random.nextInt(4) == 0 ? random.nextInt(MAX_CONTROL + 1) : random.nextInt(8);
                int opcode = random.nextBoolean() ? WireFrame.PING : WireFrame.PONG;
                frames.add(frame(true, opcode, content.bytes(length)));
            }
        }

        private byte[] closePayload() {
            if (random.nextInt(4) == 0) {
                return new byte[0];
            }
            int code = random.nextBoolean()
                    ? CLOSE_CODES[random.nextInt(CLOSE_CODES.length)]
                    : FIRST_FREE_CODE + random.nextInt(FREE_CODES);
            int reason = random.nextInt(3) == 0 ? 0 : random.nextInt(MAX_REASON + 1);
            return Mutation.closePayload(code, content.text(reason));
        }

        private WireFrame frame(boolean fin, int opcode, byte[] payload) {
            return new WireFrame(fin, opcode, payload, sender, random);
        }
    }
}
