package io.sansocket.fuzz.differential;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole stream at once by the letter of the RFCs, and says what the core must make of it: which rule breaks
 * first, and where. Shares no code with the core, has no state between calls, and need not be fast.
 */
final class Reference {
    private static final int MIN_WINDOW_BITS_KEPT = 9;
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};

    private final Stream stream;
    private final byte[] bytes;
    private final List<Verdict.Item> items = new ArrayList<>();
    private final List<Integer> itemEnds = new ArrayList<>();
    private final Map<Fact, Expected.Onset> facts = new EnumMap<>(Fact.class);

    // The unfinished message.
    private boolean open;
    private boolean text;
    private boolean compressed;
    /** Its whole frames. */
    private int frames;

    private ByteArrayOutputStream message = new ByteArrayOutputStream();
    private byte[] history = {};

    // The current frame.
    private int start;
    private @Nullable WireHeader current;
    private Set<String> breaches = Set.of();

    private Reference(Stream stream) {
        this.stream = stream;
        bytes = stream.bytes();
    }

    static Expected judge(Stream stream) {
        var reference = new Reference(stream);
        try {
            while (true) {
                reference.readFrame();
            }
        } catch (Ended e) {
            return e.expected;
        }
    }

    /** Says that the stream was judged. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Expected expected;

        Ended(Expected expected) {
            super(null, null, false, false);
            this.expected = expected;
        }
    }

    private Ended ended(Verdict.End how, String rule, String why) {
        int opcode = current == null ? 0 : current.opcode();
        long end = current == null ? Expected.Frame.UNKNOWN : current.frameEnd();
        var frame = new Expected.Frame(start, end, bytes.length, opcode, breaches);
        return new Ended(new Expected(new Verdict(items, how, why), rule, itemEnds, frame, facts));
    }

    private Ended broken(String rule, int code, long offset) {
        breaches.add(rule);
        return ended(Verdict.End.fail(code), rule, rule + " at offset " + offset + ":");
    }

    private Ended endOfStream() {
        String between = open ? "incomplete-message" : "missing-close-frame";
        String found = current == null ? between : "incomplete-frame";
        return ended(Verdict.End.EOF, found, found + " at offset " + start + ":");
    }

    private void add(WireHeader header, Verdict.Item item) {
        items.add(item);
        itemEnds.add((int) header.frameEnd());
    }

    private void note(Fact fact) {
        facts.putIfAbsent(fact, new Expected.Onset(items.size(), start));
    }

    // ---- RFC 6455 §5.2 ----

    private void readFrame() throws Ended {
        if (start == bytes.length) {
            current = null;
            throw endOfStream();
        }
        var header = new WireHeader(bytes, start);
        current = header;
        judgeHeader(header);
        byte[] payload = header.payload();
        boolean whole = payload.length == header.length();
        if (!header.isControl()) {
            readData(header, payload, whole);
        } else if (whole) {
            readControl(header, payload);
        } else {
            throw endOfStream();
        }
        start = (int) header.frameEnd();
    }

    private void judgeHeader(WireHeader header) throws Ended {
        boolean inflated = header.startsMessage() ? header.rsv() != 0 : compressed;
        breaches = HeaderRules.otherBreaches(
                header, stream.receiver(), open ? message.size() : 0, inflated, open ? frames : 0);
        if (header.opcode() == WireFrame.TEXT && isAllThere(header) && new Utf8Scan(header.payload()).bad() >= 0) {
            breaches.add("invalid-utf8"); // if it is one, which it would be in another order
        }
        if (header.hasLength()) {
            noteLimitsOfPeers(header, inflated);
        }
        require(HeaderRules.firstByte(header, open, stream.deflate() != null), start);
        if (!header.hasSecondByte()) {
            throw endOfStream();
        }
        require(HeaderRules.secondByte(header, stream.receiver()), start + 1);
        if (!header.hasLength()) {
            throw endOfStream();
        }
        require(HeaderRules.length(header), start + 2);
        if (!header.isWhole()) {
            throw endOfStream();
        }
        if (!header.isControl() && HeaderRules.isTooBig(header, message.size(), inflated, open ? frames : 0)) {
            noteContentBreaches(header);
            noteIf(open && compressed, "sent-too-big");
            throw broken("message-too-big", 1009, start);
        }
    }

    /** Notes what is beyond limits that peers have and the core has not. */
    private void noteLimitsOfPeers(WireHeader header, boolean inflated) {
        if (open && header.length() > Judge.LIMIT - messageSize()) {
            note(Fact.MORE_THAN_IS_LEFT);
        }
        int before = open ? message.size() : 0;
        if (!header.isControl() && inflated && header.length() > Judge.LIMIT - before) {
            note(Fact.BEYOND_LIMIT_AS_SENT);
        }
    }

    /** Returns the size of the unfinished message, decompressed. */
    private int messageSize() {
        return compressed ? inflation(message.toByteArray()).outputSize() : message.size();
    }

    private void require(String breach, int offset) throws Ended {
        if (!breach.isEmpty()) {
            throw broken(breach, 1002, offset);
        }
    }

    private boolean isAllThere(WireHeader header) {
        return header.isWhole() && header.length() >= 0 && header.frameEnd() <= bytes.length;
    }

    // ---- RFC 6455 §5.4, §5.5, §8.1 ----

    private void readData(WireHeader header, byte[] payload, boolean whole) throws Ended {
        if (header.startsMessage()) {
            text = header.opcode() == WireFrame.TEXT;
            compressed = header.rsv() != 0;
            message = new ByteArrayOutputStream();
            frames = 0;
        }
        open = !header.fin();
        int before = message.size();
        message.writeBytes(payload);
        Inflation inflation = compressed ? inflate(header, whole) : null;
        byte[] content = inflation == null ? message.toByteArray() : inflation.output();
        if (text) {
            int bad = new Utf8Scan(content).bad();
            if (bad >= 0) {
                if (inflation != null) {
                    noteBreaches(inflation, header.fin() && whole);
                }
                noteIf(isSurrogateCut(content, bad), "surrogate-cut");
                throw broken("invalid-utf8", 1007, compressed ? start : header.end() + bad - before);
            }
        }
        if (inflation != null) {
            requireInflated(inflation.state());
        }
        if (!whole) {
            throw endOfStream();
        }
        frames++;
        if (header.fin()) {
            if (inflation != null) {
                endInflation(inflation);
            }
            if (text && !new Utf8Scan(content).isComplete()) {
                throw broken("invalid-utf8", 1007, header.frameEnd());
            }
            add(header, Verdict.Item.of(text ? Verdict.Type.TEXT : Verdict.Type.BINARY, content));
            message = new ByteArrayOutputStream();
        }
    }

    private static boolean isSurrogateCut(byte[] content, int bad) {
        return bad > 0 && bad == content.length - 1 && content[bad - 1] == (byte) 0xED && content[bad] < (byte) 0xC0;
    }

    // ---- RFC 7692 §7.2.2 ----

    private Inflation inflate(WireHeader header, boolean whole) {
        Inflation inflation = inflation(message.toByteArray());
        if (inflation.hasFinalBlock()) {
            note(Fact.FINAL_BLOCK);
        }
        if (inflation.reachesBeyondWindow()) {
            note(Fact.BEYOND_WINDOW);
        }
        if (header.startsMessage() && whole && !isEmptyOrEmptyBlock()) {
            byte[] data = header.fin() ? withTail() : message.toByteArray();
            if (inflation(data).outputSize() == 0) {
                note(Fact.NO_OUTPUT);
            }
        }
        return inflation;
    }

    private boolean isEmptyOrEmptyBlock() {
        return message.size() == 0 || (message.size() == 1 && message.toByteArray()[0] == 0);
    }

    private Inflation inflation(byte[] data) {
        Deflate agreed = Objects.requireNonNull(stream.deflate());
        // The core keeps 512 bytes where 256 are agreed: some versions of zlib compress for no less.
        int window = 1 << Math.max(MIN_WINDOW_BITS_KEPT, agreed.windowBits());
        return new Inflation(data, history, agreed, window, Judge.LIMIT);
    }

    private byte[] withTail() {
        byte[] data = Arrays.copyOf(message.toByteArray(), message.size() + TAIL.length);
        System.arraycopy(TAIL, 0, data, message.size(), TAIL.length);
        return data;
    }

    private void requireInflated(Inflation.State state) throws Ended {
        if (state == Inflation.State.BROKEN) {
            throw broken("compressed-data-invalid", 1007, start);
        } else if (state == Inflation.State.FULL) {
            breaches.add("decoded-too-big");
            throw broken("message-too-big", 1009, start);
        }
    }

    /** Looks at what a frame that is too big for its message brings, for those who do so before they add sizes up. */
    private void noteContentBreaches(WireHeader header) {
        if (header.frameEnd() > bytes.length || header.length() > Judge.LIMIT) {
            return;
        }
        message.writeBytes(header.payload());
        Inflation inflation = compressed ? inflation(message.toByteArray()) : null;
        byte[] content = inflation == null ? message.toByteArray() : inflation.output();
        if (inflation != null) {
            noteBreaches(inflation, header.fin());
        }
        var scan = new Utf8Scan(content);
        noteIf(text && (scan.bad() >= 0 || (header.fin() && !scan.isComplete())), "invalid-utf8");
    }

    private void noteBreaches(Inflation inflation, boolean last) {
        if (inflation.state() == Inflation.State.BROKEN) {
            breaches.add("compressed-data-invalid");
        } else if (inflation.state() == Inflation.State.FULL) {
            breaches.add("decoded-too-big");
            breaches.add("message-too-big");
        } else if (last && !endsWithMessage(inflation)) {
            breaches.add("compressed-data-truncated");
        }
    }

    private boolean endsWithMessage(Inflation inflation) {
        Inflation ended = inflation(withTail());
        if (ended.hasFinalBlock()) {
            note(Fact.FINAL_BLOCK);
        }
        return ended.state() == Inflation.State.BETWEEN_BLOCKS && ended.outputSize() == inflation.outputSize();
    }

    private void endInflation(Inflation inflation) throws Ended {
        if (!endsWithMessage(inflation)) {
            throw broken("compressed-data-truncated", 1007, start);
        }
        history = Objects.requireNonNull(stream.deflate()).takeover() ? inflation.history() : new byte[0];
    }

    // ---- RFC 6455 §5.5 ----

    private void readControl(WireHeader header, byte[] payload) throws Ended {
        if (open && compressed) {
            note(Fact.CONTROL_INSIDE_COMPRESSED);
        }
        if (header.opcode() == WireFrame.PING) {
            add(header, Verdict.Item.of(Verdict.Type.PING, payload));
        } else if (header.opcode() == WireFrame.PONG) {
            add(header, Verdict.Item.of(Verdict.Type.PONG, payload));
        } else {
            throw readClose(header, payload);
        }
    }

    private Ended readClose(WireHeader header, byte[] payload) {
        if (open) {
            note(Fact.CLOSE_INSIDE_MESSAGE);
        }
        if (payload.length == 0) {
            return ended(Verdict.End.close(1005, ""), "", "null");
        } else if (payload.length == 1) {
            return broken("invalid-close-payload", 1002, header.end());
        }
        int code = ((payload[0] & 0xFF) << Byte.SIZE) | (payload[1] & 0xFF);
        byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
        var scan = new Utf8Scan(reason);
        boolean cut = !scan.isComplete() && scan.bad() < 0;
        noteIf(!scan.isComplete(), "invalid-utf8");
        noteIf(cut, "reason-cut");
        noteIf(code == 1014, "close-code-1014");
        if (!isCloseCode(code)) {
            return broken("invalid-close-code", 1002, header.end());
        } else if (!scan.isComplete()) {
            return broken("invalid-utf8", 1007, cut ? header.frameEnd() : header.end() + 2 + scan.bad());
        }
        return ended(Verdict.End.close(code, new String(reason, StandardCharsets.UTF_8)), "", "null");
    }

    private void noteIf(boolean broken, String breach) {
        if (broken) {
            breaches.add(breach);
        }
    }

    /** RFC 6455 §7.4.1, §7.4.2, and the registry of IANA, which has 1012 to 1014 since. */
    private static boolean isCloseCode(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
    }
}
