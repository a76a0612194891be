package io.sansocket.core.testing;

import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.FrameEncoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Streams of frames made from a seed: the same seed gives the same stream, for ever.
 *
 * <p>A lawful stream has messages, whole and in fragments that cut characters anywhere, with control frames between
 * them; the last message may be unfinished, and a Close frame may end the stream. Text is valid UTF-8. A corrupted stream is a lawful one with a few
 * bytes changed, lost, doubled or cut off, mostly in headers; it may still be lawful.
 */
public final class FrameStreams {
    private static final int MAX_MESSAGES = 6;
    private static final int MAX_FRAGMENTS = 4;
    private static final int MAX_EDITS = 3;
    private static final int SHORT = 40;
    private static final int MAX_PING = 20;
    private static final int[] BOUNDARIES = {0, 125, 126, 127, 128};
    private static final int[] LONG_BOUNDARIES = {65_535, 65_536, 65_537};
    private static final int ONE_IN_LONG = 300;
    private static final int[] CHARACTERS = {'a', 'ß', '€', 0xFFFD, 0x1F600, 0x10FFFF};

    private final Random random;
    private final Role sender;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Frame> frames = new ArrayList<>();

    private FrameStreams(long seed, Role sender) {
        this.random = new Random(seed);
        this.sender = sender;
    }

    /**
     * One stream.
     *
     * @param frames what a lawful stream holds; empty for a corrupted one
     */
    @SuppressWarnings("ArrayRecordComponent") // a value for one test, never compared
    public record FrameStream(long seed, Role sender, byte[] bytes, List<Frame> frames) {
        /** Returns what it takes to make the stream again. */
        @Override
        public String toString() {
            return "stream of the %s with seed %d, %d bytes".formatted(sender, seed, bytes.length);
        }
    }

    /** Makes a stream that breaks no rule. */
    public static FrameStream lawful(long seed, Role sender) {
        FrameStreams made = new FrameStreams(seed, sender);
        made.addMessages();
        return new FrameStream(seed, sender, made.bytes.toByteArray(), List.copyOf(made.frames));
    }

    /** Makes a stream that probably breaks one. */
    public static FrameStream corrupted(long seed, Role sender) {
        FrameStreams made = new FrameStreams(seed, sender);
        made.addMessages();
        byte[] corrupted = made.bytes.toByteArray();
        for (int edits = 1 + made.random.nextInt(MAX_EDITS); edits > 0; edits--) {
            corrupted = made.edited(corrupted);
        }
        return new FrameStream(seed, sender, corrupted, List.of());
    }

    /** Cuts bytes into parts, many of them tiny and some empty. */
    public static List<byte[]> cut(byte[] whole, Random random) {
        List<byte[]> parts = new ArrayList<>();
        for (int from = 0; from < whole.length; ) {
            int size = random.nextBoolean() ? random.nextInt(4) : random.nextInt(1 + whole.length / 2);
            int to = Math.min(whole.length, from + size);
            parts.add(Arrays.copyOfRange(whole, from, to));
            from = to;
        }
        return parts;
    }

    private void addMessages() {
        for (int left = random.nextInt(MAX_MESSAGES); left > 0; left--) {
            addMessage(left == 1 && random.nextInt(4) == 0);
        }
        if (random.nextInt(4) == 0) {
            byte[] reason = text(random.nextInt(SHORT));
            byte[] payload = new byte[Short.BYTES + reason.length];
            payload[0] = 1000 >> Byte.SIZE;
            payload[1] = (byte) 1000;
            System.arraycopy(reason, 0, payload, Short.BYTES, reason.length);
            addFrame(true, Opcode.CLOSE, random.nextBoolean() ? payload : new byte[0]);
        }
    }

    private void addMessage(boolean unfinished) {
        boolean isText = random.nextBoolean();
        byte[] payload = isText ? text(length()) : binary(length());
        int fragments = random.nextBoolean() ? 1 : 1 + random.nextInt(MAX_FRAGMENTS);
        int from = 0;
        for (int i = 1; i <= fragments; i++) {
            boolean last = i == fragments;
            int to = last ? payload.length : from + random.nextInt(payload.length - from + 1);
            Opcode first = isText ? Opcode.TEXT : Opcode.BINARY;
            addFrame(last && !unfinished, i == 1 ? first : Opcode.CONTINUATION, Arrays.copyOfRange(payload, from, to));
            from = to;
            if (random.nextInt(4) == 0) {
                addFrame(true, random.nextBoolean() ? Opcode.PING : Opcode.PONG, binary(random.nextInt(MAX_PING)));
            }
        }
    }

    private void addFrame(boolean fin, Opcode opcode, byte[] payload) {
        boolean masked = sender == Role.CLIENT;
        frames.add(new Frame(fin, 0, opcode, masked, payload, bytes.size()));
        byte[] header = new byte[FrameEncoder.headerLength(payload.length, masked)];
        byte[] onTheWire = payload.clone();
        if (masked) {
            int key = random.nextInt();
            FrameEncoder.encodeMaskedHeader(header, 0, fin, 0, opcode, payload.length, key);
            Mask.apply(onTheWire, 0, onTheWire.length, key, 0);
        } else {
            FrameEncoder.encodeHeader(header, 0, fin, 0, opcode, payload.length);
        }
        bytes.writeBytes(header);
        bytes.writeBytes(onTheWire);
    }

    private int length() {
        if (random.nextInt(ONE_IN_LONG) == 0) {
            return LONG_BOUNDARIES[random.nextInt(LONG_BOUNDARIES.length)];
        }
        return random.nextInt(3) == 0 ? BOUNDARIES[random.nextInt(BOUNDARIES.length)] : random.nextInt(SHORT);
    }

    private byte[] binary(int length) {
        byte[] made = new byte[length];
        random.nextBytes(made);
        return made;
    }

    /** Returns valid UTF-8 of exactly so many bytes. */
    private byte[] text(int length) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        while (made.size() < length) {
            int character = CHARACTERS[random.nextInt(CHARACTERS.length)];
            byte[] encoded = Character.toString(character).getBytes(StandardCharsets.UTF_8);
            made.writeBytes(encoded.length <= length - made.size() ? encoded : new byte[] {'.'});
        }
        return made.toByteArray();
    }

    private byte[] edited(byte[] old) {
        int at = place(old.length);
        byte[] head = Arrays.copyOf(old, at);
        byte[] tail = Arrays.copyOfRange(old, at, old.length);
        byte[] rest = tail.length == 0 ? tail : Arrays.copyOfRange(tail, 1, tail.length);
        return switch (random.nextInt(6)) {
            case 0 -> head;
            case 1 -> joined(head, rest);
            case 2 -> joined(head, binary(1), tail);
            case 3 -> joined(head, binary(1 + random.nextInt(4)), rest);
            case 4 -> joined(head, Arrays.copyOf(tail, Math.min(tail.length, 1 + random.nextInt(SHORT))), tail);
            default -> {
                byte[] flipped = old.clone();
                if (at < old.length) {
                    flipped[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                }
                yield flipped;
            }
        };
    }

    /** Returns a place to edit, three times in four one in a header. */
    private int place(int length) {
        if (frames.isEmpty() || random.nextInt(4) == 0) {
            return random.nextInt(length + 1);
        }
        Frame frame = frames.get(random.nextInt(frames.size()));
        int header = FrameEncoder.headerLength(frame.payload().length, frame.masked());
        return (int) Math.min(length, frame.offset() + random.nextInt(header));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            made.writeBytes(part);
        }
        return made.toByteArray();
    }
}
