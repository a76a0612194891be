package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads a whole stream at once by the letter of the RFCs, and says what the core must make of it: which rule breaks
 * first, and where. Shares no code with the core, has no state between calls, and need not be fast.
 */
final class Reference {
    private static final int MAX_CONTROL = 125;
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
    private ByteArrayOutputStream message = new ByteArrayOutputStream();
    private byte[] history = {};

    // The current frame.
    private int start;
    private int at;
    private int b0;
    private int b1;
    private long end;
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
        var frame = new Expected.Frame(start, end, bytes.length, b0 & 0xF, breaches);
        return new Ended(new Expected(new Verdict(items, how, why), rule, itemEnds, frame, facts));
    }

    private Ended broken(String rule, int code, long offset) {
        breaches.add(rule);
        return ended(Verdict.End.fail(code), rule, rule + " at offset " + offset);
    }

    private Ended endOfStream() {
        String rule = open ? "incomplete-message" : "missing-close-frame";
        String found = start < bytes.length ? "incomplete-frame" : rule;
        return ended(Verdict.End.EOF, found, found);
    }

    private void add(Verdict.Item item) {
        items.add(item);
        itemEnds.add((int) end);
    }

    private void note(Fact fact) {
        facts.putIfAbsent(fact, new Expected.Onset(items.size(), start));
    }

    private int next() throws Ended {
        if (at == bytes.length) {
            throw endOfStream();
        }
        return bytes[at++] & 0xFF;
    }

    // ---- RFC 6455 §5.2 ----

    private void readFrame() throws Ended {
        start = at;
        end = Expected.Frame.UNKNOWN;
        breaches = new TreeSet<>();
        b0 = next();
        String first = firstByteBreach();
        noteOtherBreaches();
        if (!first.isEmpty()) {
            throw broken(first, 1002, start);
        }
        b1 = next();
        String second = secondByteBreach();
        if (!second.isEmpty()) {
            throw broken(second, 1002, start + 1);
        }
        long length = readLength();
        for (int i = 0; i < Integer.BYTES && masked(); i++) {
            next();
        }
        if (!isControl() && length > Judge.LIMIT - (opcode() == WireFrame.CONTINUATION ? message.size() : 0)) {
            noteContentBreaches();
            throw broken("message-too-big", 1009, start);
        }
        byte[] payload = unmasked(at);
        readPayload(payload, payload.length == length);
        at += payload.length;
    }

    private int opcode() {
        return b0 & 0xF;
    }

    private boolean isControl() {
        return opcode() >= WireFrame.CLOSE;
    }

    private boolean fin() {
        return (b0 & WireFrame.FIN) != 0;
    }

    private boolean masked() {
        return (b1 & WireFrame.MASK) != 0;
    }

    private String firstByteBreach() {
        boolean startsMessage = opcode() == WireFrame.TEXT || opcode() == WireFrame.BINARY;
        int defined = startsMessage && stream.deflate() != null ? WireFrame.RSV1 : 0;
        if ((((b0 >> WireFrame.RSV_SHIFT) & 7) & ~defined) != 0) {
            return "reserved-bits";
        } else if (!startsMessage && opcode() != WireFrame.CONTINUATION && (opcode() < WireFrame.CLOSE || opcode() > WireFrame.PONG)) {
            return "reserved-opcode";
        } else if (isControl() && !fin()) {
            return "control-frame-fragmented";
        } else if (opcode() == WireFrame.CONTINUATION && !open) {
            return "unexpected-continuation";
        } else if (startsMessage && open) {
            return "expected-continuation";
        }
        return "";
    }

    private String secondByteBreach() {
        if (isControl() && (b1 & 0x7F) > MAX_CONTROL) {
            return "control-frame-too-long";
        } else if (stream.receiver() == Role.SERVER && !masked()) {
            return "unmasked-client-frame";
        } else if (stream.receiver() == Role.CLIENT && masked()) {
            return "masked-server-frame";
        }
        return "";
    }

    private long readLength() throws Ended {
        int form = b1 & 0x7F;
        int size = form == WireFrame.LENGTH_64 ? Long.BYTES : form == WireFrame.LENGTH_16 ? Short.BYTES : 0;
        long length = size == 0 ? form : 0;
        for (int i = 0; i < size; i++) {
            length = length << Byte.SIZE | next();
        }
        String breach = lengthBreach(size, length);
        if (!breach.isEmpty()) {
            throw broken(breach, 1002, start + 2);
        }
        return length;
    }

    private static String lengthBreach(int size, long length) {
        if (length < 0) {
            return "length-out-of-range";
        }
        boolean fewer = size == Short.BYTES && length <= MAX_CONTROL || size == Long.BYTES && length <= WireFrame.MAX_16;
        return fewer ? "non-minimal-length" : "";
    }

    /** Looks at the rest of the header, for those who judge the frame's rules in another order. */
    private void noteOtherBreaches() {
        if (at >= bytes.length) {
            return;
        }
        b1 = bytes[at] & 0xFF;
        String second = secondByteBreach();
        if (!second.isEmpty()) {
            breaches.add(second);
        }
        int form = b1 & 0x7F;
        int size = form == WireFrame.LENGTH_64 ? Long.BYTES : form == WireFrame.LENGTH_16 ? Short.BYTES : 0;
        if (at + 1 + size > bytes.length) {
            return;
        }
        long length = size == 0 ? form : 0;
        for (int i = 1; i <= size; i++) {
            length = length << Byte.SIZE | bytes[at + i] & 0xFF;
        }
        String breach = lengthBreach(size, length);
        if (!breach.isEmpty()) {
            breaches.add(breach);
        }
        if (length < 0 || length > Judge.LIMIT - (open ? message.size() : 0)) {
            breaches.add("message-too-big");
        }
        long headerEnd = at + 1L + size + (masked() ? Integer.BYTES : 0);
        end = length < 0 ? Expected.Frame.UNKNOWN : headerEnd + length;
        if (opcode() == WireFrame.TEXT && end >= 0 && end <= bytes.length && isMistaken((int) headerEnd)) {
            breaches.add("invalid-utf8");
        }
    }

    /** Tells whether the frame's payload, taken as it is, cannot begin a text. */
    private boolean isMistaken(int payloadStart) {
        return new Utf8Scan(unmasked(payloadStart)).bad() >= 0;
    }

    /** Returns the payload as far as it came. */
    private byte[] unmasked(int payloadStart) {
        byte[] payload = Arrays.copyOfRange(bytes, payloadStart, (int) Math.min(end, bytes.length));
        for (int i = 0; i < payload.length && masked(); i++) {
            payload[i] ^= bytes[payloadStart - Integer.BYTES + i % Integer.BYTES];
        }
        return payload;
    }

    // ---- RFC 6455 §5.4, §5.5, §8.1 ----

    private void readPayload(byte[] payload, boolean whole) throws Ended {
        if (isControl()) {
            if (!whole) {
                throw endOfStream();
            }
            readControl(payload);
            return;
        }
        if (opcode() != WireFrame.CONTINUATION) {
            text = opcode() == WireFrame.TEXT;
            compressed = (b0 & WireFrame.RSV1 << WireFrame.RSV_SHIFT) != 0;
            message = new ByteArrayOutputStream();
        }
        open = !fin();
        int before = message.size();
        message.writeBytes(payload);
        Inflation inflation = compressed ? inflate(whole) : null;
        byte[] content = inflation == null ? message.toByteArray() : inflation.output();
        if (text) {
            int bad = new Utf8Scan(content).bad();
            if (bad >= 0) {
                if (inflation != null) {
                    noteBreaches(inflation, whole);
                }
                throw broken("invalid-utf8", 1007, compressed ? start : at + bad - before);
            }
        }
        if (inflation != null) {
            requireInflated(inflation.state());
        }
        if (!whole) {
            throw endOfStream();
        }
        if (fin()) {
            if (inflation != null) {
                endInflation(inflation);
            }
            if (text && !new Utf8Scan(content).isComplete()) {
                throw broken("invalid-utf8", 1007, end);
            }
            add(Verdict.Item.of(text ? Verdict.Type.TEXT : Verdict.Type.BINARY, content));
            message = new ByteArrayOutputStream();
        }
    }

    // ---- RFC 7692 §7.2.2 ----

    private Inflation inflate(boolean whole) {
        Inflation inflation = inflation(message.toByteArray());
        if (inflation.hasFinalBlock()) {
            note(Fact.FINAL_BLOCK);
        }
        if (inflation.reachesBeyondWindow()) {
            note(Fact.BEYOND_WINDOW);
        }
        boolean first = opcode() != WireFrame.CONTINUATION;
        boolean emptyBlock = message.size() == 1 && message.toByteArray()[0] == 0;
        if (first && whole && message.size() > 0 && !emptyBlock && inflation(fin() ? withTail() : message.toByteArray()).outputSize() == 0) {
            note(Fact.NO_OUTPUT);
        }
        return inflation;
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
            throw broken("message-too-big", 1009, start);
        }
    }

    /** Looks at what a frame that is too big for its message brings, for those who do so before they add sizes up. */
    private void noteContentBreaches() {
        if (end > bytes.length || end - at > Judge.LIMIT) {
            return;
        }
        message.writeBytes(unmasked(at));
        Inflation inflation = compressed ? inflation(message.toByteArray()) : null;
        byte[] content = inflation == null ? message.toByteArray() : inflation.output();
        if (inflation != null) {
            noteBreaches(inflation, true);
        }
        if (text && new Utf8Scan(content).bad() >= 0) {
            breaches.add("invalid-utf8");
        }
    }

    private void noteBreaches(Inflation inflation, boolean whole) {
        if (inflation.state() == Inflation.State.BROKEN) {
            breaches.add("compressed-data-invalid");
        } else if (inflation.state() == Inflation.State.FULL) {
            breaches.add("message-too-big");
        } else if (fin() && whole && !endsWithMessage(inflation)) {
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

    private void readControl(byte[] payload) throws Ended {
        if (open && compressed) {
            note(Fact.CONTROL_INSIDE_COMPRESSED);
        }
        if (opcode() == WireFrame.PING) {
            add(Verdict.Item.of(Verdict.Type.PING, payload));
        } else if (opcode() == WireFrame.PONG) {
            add(Verdict.Item.of(Verdict.Type.PONG, payload));
        } else {
            throw readClose(payload);
        }
    }

    private Ended readClose(byte[] payload) {
        if (open) {
            note(Fact.CLOSE_INSIDE_MESSAGE);
        }
        if (payload.length == 0) {
            return ended(Verdict.End.close(1005, ""), "", "null");
        } else if (payload.length == 1) {
            return broken("invalid-close-payload", 1002, at);
        }
        int code = (payload[0] & 0xFF) << Byte.SIZE | payload[1] & 0xFF;
        byte[] reason = Arrays.copyOfRange(payload, 2, payload.length);
        var scan = new Utf8Scan(reason);
        if (!scan.isComplete()) {
            breaches.add("invalid-utf8");
        }
        if (code == 1014) {
            breaches.add("close-code-1014");
        }
        if (!scan.isComplete() && scan.bad() < 0) {
            breaches.add("reason-cut");
        }
        if (!isCloseCode(code)) {
            return broken("invalid-close-code", 1002, at);
        } else if (!scan.isComplete()) {
            return broken("invalid-utf8", 1007, scan.bad() < 0 ? end : at + 2 + scan.bad());
        }
        return ended(Verdict.End.close(code, new String(reason, StandardCharsets.UTF_8)), "", "null");
    }

    /** RFC 6455 §7.4.1, §7.4.2, and the registry of IANA, which has 1012 to 1014 since. */
    private static boolean isCloseCode(int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }
}
