package io.sansocket.fuzz.differential;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The ways to break a stream: by its frames, which keeps the rest of it readable, and by its bytes. */
final class Mutation {
    private static final int OPCODES = 16;
    private static final int RESERVED_BITS = 8;
    private static final int CODES = 65_536;
    private static final int[] EDGES = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 32_768, 65_535};
    private static final long[] SURPLUS = {-1, 1, 2, 100, 60_000, 80_000, 1L << 31, 1L << 32, Long.MIN_VALUE};
    private static final int SMALL = 12;
    private static final int MAX_HEADER = 14;

    private Mutation() {}

    static void ofFrames(List<WireFrame> frames, Content content, Random random) {
        if (frames.isEmpty()) {
            return;
        }
        int at = random.nextInt(frames.size());
        WireFrame frame = frames.get(at);
        switch (random.nextInt(18)) {
            case 0 -> frame.rsv = random.nextInt(RESERVED_BITS);
            case 1 -> frame.opcode = random.nextInt(OPCODES);
            case 2 -> frame.fin = !frame.fin;
            case 3 -> frame.masked = !frame.masked;
            case 4 -> frame.form = random.nextBoolean() ? WireFrame.Form.BITS_16 : WireFrame.Form.BITS_64;
            case 5 -> frame.surplus = SURPLUS[random.nextInt(SURPLUS.length)];
            case 6 -> frames.remove(at);
            case 7 -> frames.add(at, frame.copy());
            case 8 -> frames.add(random.nextInt(frames.size()), frames.remove(at));
            case 9, 10 -> spoilText(frames, content, random);
            case 11, 12 -> spoilClose(frames, frame, content, random);
            case 13 -> endInHeader(frames, at, random);
            case 14 -> frame.payload = content.bytes(random.nextInt(200));
            default -> spoilData(frame, random);
        }
    }

    /** Ends the stream inside the header of a frame, which may declare too much. */
    private static void endInHeader(List<WireFrame> frames, int at, Random random) {
        frames.subList(at + 1, frames.size()).clear();
        WireFrame last = frames.get(at);
        last.kept = 1 + random.nextInt(MAX_HEADER);
        if (random.nextBoolean()) {
            last.surplus = SURPLUS[random.nextInt(SURPLUS.length)];
        }
    }

    /** Puts what is no UTF-8 into a data frame or a close reason. */
    private static void spoilText(List<WireFrame> frames, Content content, Random random) {
        List<WireFrame> texts = frames.stream()
                .filter(frame -> frame.rsv == 0 && (!frame.isControl() || frame.opcode == WireFrame.CLOSE))
                .toList();
        if (texts.isEmpty()) {
            return;
        }
        WireFrame frame = texts.get(random.nextInt(texts.size()));
        if (frame.opcode != WireFrame.CLOSE) {
            frame.payload = content.spoilt(frame.payload);
        } else if (frame.payload.length >= Short.BYTES) {
            byte[] reason = content.spoilt(Arrays.copyOfRange(frame.payload, Short.BYTES, frame.payload.length));
            byte[] all = Arrays.copyOf(frame.payload, Short.BYTES + reason.length);
            System.arraycopy(reason, 0, all, Short.BYTES, reason.length);
            frame.payload = all;
        }
    }

    /** Makes a frame a Close frame with a code that may be wrong, or with half of one. */
    private static void spoilClose(List<WireFrame> frames, WireFrame frame, Content content, Random random) {
        WireFrame close = random.nextBoolean() ? frame : frames.get(frames.size() - 1);
        close.opcode = WireFrame.CLOSE;
        close.fin = true;
        close.rsv = 0;
        int code =
                switch (random.nextInt(3)) {
                    case 0 -> EDGES[random.nextInt(EDGES.length)];
                    case 1 -> random.nextInt(CODES);
                    default -> 990 + random.nextInt(30);
                };
        byte[] reason = content.text(random.nextInt(SMALL));
        close.payload = random.nextInt(8) == 0
                ? content.bytes(1)
                : closePayload(code, random.nextInt(6) == 0 ? content.spoilt(reason) : reason);
    }

    static byte[] closePayload(int code, byte[] reason) {
        byte[] payload = new byte[Short.BYTES + reason.length];
        payload[0] = (byte) (code >> Byte.SIZE);
        payload[1] = (byte) code;
        System.arraycopy(reason, 0, payload, Short.BYTES, reason.length);
        return payload;
    }

    /** Changes a payload, as compressed data may be broken: a bit, a byte, the end, another end. */
    private static void spoilData(WireFrame frame, Random random) {
        byte[] old = frame.payload;
        if (old.length == 0) {
            frame.payload = new byte[] {(byte) random.nextInt()};
            return;
        }
        int at = random.nextInt(old.length);
        frame.payload = switch (random.nextInt(6)) {
            case 0 -> flipped(old, at, random);
            case 1 -> Arrays.copyOf(old, at);
            // RFC 7692 §7.2.1: these four should have been taken off.
            case 2 -> joined(old, new byte[] {0, 0, (byte) 0xFF, (byte) 0xFF});
            case 3 -> joined(old, new byte[] {0, 0, 0, (byte) 0xFF, (byte) 0xFF});
            case 4 -> joined(Arrays.copyOf(old, at), Arrays.copyOfRange(old, at + 1, old.length));
            // A stored block that declares more than there is, or one with BFINAL set.
            default -> joined(new byte[] {(byte) random.nextInt(2), 5, 0, (byte) 0xFA, (byte) 0xFF}, old);
        };
    }

    /** Changes, takes out, doubles or puts in a few bytes, or cuts the end off. */
    static byte[] ofBytes(byte[] old, Random random) {
        int at = random.nextInt(old.length + 1);
        byte[] head = Arrays.copyOf(old, at);
        byte[] tail = Arrays.copyOfRange(old, at, old.length);
        int few = Math.min(tail.length, 1 + random.nextInt(SMALL));
        byte[] rest = Arrays.copyOfRange(tail, few, tail.length);
        return switch (random.nextInt(6)) {
            case 0 -> head;
            case 1 -> joined(head, rest);
            case 2 -> joined(head, Arrays.copyOf(tail, few), tail);
            case 3 -> joined(head, new Content(random).bytes(few), tail);
            case 4 -> joined(head, new Content(random).bytes(few), rest);
            default -> at < old.length ? flipped(old, at, random) : old;
        };
    }

    /** Returns a stream that begins as one and ends as another. */
    static byte[] splice(byte[] first, byte[] second, Random random) {
        int from = random.nextInt(second.length + 1);
        return joined(
                Arrays.copyOf(first, random.nextInt(first.length + 1)),
                Arrays.copyOfRange(second, from, second.length));
    }

    private static byte[] flipped(byte[] old, int at, Random random) {
        byte[] made = old.clone();
        made[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        return made;
    }

    private static byte[] joined(byte[]... parts) {
        var made = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            made.writeBytes(part);
        }
        return made.toByteArray();
    }
}
