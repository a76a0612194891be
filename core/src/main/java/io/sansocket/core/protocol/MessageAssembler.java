package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.Mask;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Utf8Validator;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Payload parts of data frames to messages, or to pieces of them where messages are streamed.
 *
 * <p>One copy from the input to the message: a part is unmasked where it will stay. Memory grows with what came, never
 * with what was declared.
 */
final class MessageAssembler {
    private static final byte[] NO_BYTES = {};
    /** What Java's decoder puts in the place of bytes that are not UTF-8. */
    private static final char REPLACEMENT = '\uFFFD';
    /** The two bits that are set in the first byte of a character of several, and not both in the others. */
    private static final int UTF8_LEAD = 0xC0;

    private static final ByteBuffer EMPTY = ByteBuffer.wrap(NO_BYTES);
    /** How much of a payload is decoded at a time. */
    static final int SCRATCH = 2 * 1024;
    /** The size of the pieces that a decoded message is gathered in. */
    private static final int PIECE = 8 * 1024;

    private final boolean streamed;
    private final long maxMessage;
    private final Consumer<Event> events;
    /** Stands between characters where a message begins: a text that ends elsewhere is the last. */
    private final Utf8Validator utf8 = new Utf8Validator();
    /** Those that decode; none once the message is forgotten. */
    private ExtensionChain extensions;

    // The unfinished message; between messages the counts are 0.
    private boolean text;
    /** The reserved bits of its first frame: which extensions decode it. */
    private int bits;

    private int fragments;
    private long wireBytes;
    /** Bytes of the message as decoded. */
    private long messageBytes;
    /** bytes[0, size): the message so far; where it is streamed, what was not handed on yet. */
    private byte[] bytes = NO_BYTES;

    private int size;
    /** The text message in {@link #bytes} where it came in one part, and so is known to be valid; else null. */
    private @Nullable String whole;
    /** Full pieces of a decoded message, before {@link #bytes}: its size is not known, and doubling would cost it twice. */
    private final List<byte[]> pieces = new ArrayList<>(0);
    /** Where the payload of an encoded message is unmasked; empty between such messages. */
    private ByteBuffer scratch = EMPTY;
    /** Takes what the extensions put out; made once, for it is needed with every piece. */
    private Extension.@Nullable Sink decoded;

    private @Nullable Violation violation;

    MessageAssembler(Settings settings, ExtensionChain extensions, Consumer<Event> events) {
        this.extensions = extensions;
        this.events = events;
        streamed = settings.delivery() == Delivery.STREAMED;
        maxMessage = DataFrameLimits.maxMessage(settings);
    }

    /** Forgets the unfinished message: nobody will get it. How much of it came can still be told. */
    void forget() {
        bytes = NO_BYTES;
        size = 0;
        pieces.clear();
        scratch = EMPTY;
        extensions = ExtensionChain.EMPTY;
    }

    /** Returns how many bytes the unfinished message takes. */
    long buffered() {
        return bytes.length + (long) PIECE * pieces.size() + scratch.capacity();
    }

    /** Returns the whole frames of the unfinished message. */
    int fragments() {
        return fragments;
    }

    /** Returns the payload bytes of the unfinished message's whole frames. */
    long wireBytes() {
        return wireBytes;
    }

    /** Begins a message with its first frame, whose header is whole. */
    void begin(FrameDecoder frame) {
        text = frame.opcode() == Opcode.TEXT.code();
        bits = frame.rsv();
    }

    /** Tells whether extensions encoded the unfinished message. */
    boolean isEncoded() {
        return bits != 0;
    }

    /** Takes a part of the payload. */
    @Nullable
    Violation add(FrameDecoder frame, ByteBuffer in, int index, int length) {
        if (bits != 0) {
            return addEncoded(frame, in, index, length);
        }
        long left = frame.payloadLength() - frame.payloadReceived();
        int at = makeRoom(length, frame.fin() ? left : Long.MAX_VALUE);
        Mask.copy(in, index, bytes, at, length, frame.maskingKey(), frame.payloadReceived());
        boolean ends = frame.fin() && length == left;
        if (ends && messageBytes == 0 && text && !streamed) {
            decodeWhole(length);
        }
        return accept(frame, at, length, ends);
    }

    /** Lets Java's decoder, which is the faster one, judge a text that came in one part. */
    private void decodeWhole(int length) {
        String decoded = new String(bytes, 0, length, StandardCharsets.UTF_8);
        // The peer may have sent that character itself: the validator will tell.
        whole = decoded.indexOf(REPLACEMENT) < 0 ? decoded : null;
    }

    private @Nullable Violation addEncoded(FrameDecoder frame, ByteBuffer in, int index, int length) {
        Violation broken = null;
        for (int done = 0; done < length && broken == null; done += SCRATCH) {
            int part = Math.min(SCRATCH, length - done);
            byte[] target = scratch(part).array();
            Mask.copy(in, index + done, target, 0, part, frame.maskingKey(), frame.payloadReceived() + done);
            broken = decode(frame, scratch.clear().limit(part), false);
        }
        return broken;
    }

    /** Returns room for so many bytes. Doubles it, so that many small parts cost no more than a few large ones. */
    private ByteBuffer scratch(int length) {
        if (length > scratch.capacity()) {
            scratch = ByteBuffer.allocate(Math.min(SCRATCH, Math.max(length, 2 * scratch.capacity())));
        }
        return scratch;
    }

    private @Nullable Violation decode(FrameDecoder frame, ByteBuffer part, boolean last) {
        try {
            extensions.decode(bits, part, last, decoded(frame));
        } catch (ExtensionDataException e) {
            return new Violation(e.rule(), frame.frameOffset(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // RFC 6455 §7.4.1: "1011 indicates that a server is terminating the connection because it encountered an
            // unexpected condition that prevented it from fulfilling the request."
            return new Violation(
                    Rule.EXTENSION_FAILED, frame.frameOffset(), "decoding a message threw " + Excerpt.of(e.toString()));
        }
        return violation;
    }

    private Extension.Sink decoded(FrameDecoder frame) {
        if (decoded == null) {
            decoded = part -> takeDecoded(frame, part);
        }
        return decoded;
    }

    private boolean takeDecoded(FrameDecoder frame, ByteBuffer part) {
        // What fits is taken first, so that the outcome does not depend on the pieces.
        long fits = Math.min(part.remaining(), maxMessage - messageBytes);
        boolean tooBig = fits < part.remaining();
        while (fits > 0 && violation == null) {
            makeRoomForDecoded(fits);
            int length = (int) Math.min(fits, bytes.length - size);
            int at = size;
            part.get(bytes, at, length);
            violation = accept(frame, at, length, false);
            fits -= length;
        }
        if (tooBig && violation == null) {
            violation = new Violation(
                    Rule.MESSAGE_TOO_BIG,
                    frame.frameOffset(),
                    "a message of at least " + (maxMessage + 1) + " decoded bytes, the limit is " + maxMessage);
        }
        return violation == null;
    }

    /** Doubles the first piece as it fills, so that a small message takes little; the others have their size at once. */
    private void makeRoomForDecoded(long length) {
        if (size == PIECE) {
            pieces.add(bytes);
            bytes = new byte[PIECE];
            size = 0;
        } else if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(PIECE, Math.max(size + length, 2L * size)));
        }
    }

    /** Puts the pieces of a decoded message together. */
    private void join() {
        if (!pieces.isEmpty()) {
            ByteBuffer all = ByteBuffer.allocate((int) messageBytes);
            pieces.forEach(all::put);
            all.put(bytes, 0, size);
            pieces.clear();
            bytes = all.array();
            size = bytes.length;
        }
    }

    /** Counts, checks and, where messages are streamed, hands on the bytes that were put at {@code at}. */
    private @Nullable Violation accept(FrameDecoder frame, int at, int length, boolean ends) {
        int bad = text && whole == null ? utf8.validate(bytes, at, length) : Utf8Validator.VALID;
        int good = bad == Utf8Validator.VALID ? length : bad - at;
        Violation broken = good == length ? null : invalidUtf8(frame, bad, good);
        size += good;
        messageBytes += good;
        // What ends the message is handed on with its end.
        if (streamed && (!ends || broken != null)) {
            handOn(false);
        }
        return broken;
    }

    private Violation invalidUtf8(FrameDecoder frame, int index, int badIndex) {
        int bad = bytes[index] & 0xFF;
        long inMessage = messageBytes + badIndex;
        if (bits != 0) {
            return new Violation(
                    Rule.INVALID_UTF8,
                    frame.frameOffset(),
                    "byte 0x%02x at offset %d of the decoded message cannot stand there".formatted(bad, inMessage));
        }
        long inFrame = frame.payloadReceived() + badIndex;
        long inStream = frame.frameOffset() + frame.headerReceived() + inFrame;
        return new Violation(
                Rule.INVALID_UTF8,
                inStream,
                "byte 0x%02x at offset %d of the message, %d of the frame's payload, %d of the stream cannot stand there"
                        .formatted(bad, inMessage, inFrame, inStream));
    }

    /** Ends a data frame; its payload is whole. */
    @Nullable
    Violation endFrame(FrameDecoder frame) {
        if (!frame.fin()) {
            fragments++;
            wireBytes += frame.payloadLength();
            return null;
        }
        if (bits != 0) {
            Violation broken = decode(frame, scratch.clear().limit(0), true);
            if (broken != null) {
                return broken;
            }
            scratch = EMPTY;
            join();
        }
        // RFC 6455 §8.1: "When an endpoint is to interpret a byte stream as UTF-8 but finds that the byte stream is
        // not, in fact, a valid UTF-8 stream, that endpoint MUST _Fail the WebSocket Connection_."
        if (text && !utf8.isComplete()) {
            if (streamed) {
                handOn(false);
            }
            return new Violation(
                    Rule.INVALID_UTF8,
                    frame.offset(),
                    "the message ends inside a character after %d bytes, %d short"
                            .formatted(messageBytes, utf8.missing()));
        }
        handOn(true);
        fragments = 0;
        wireBytes = 0;
        messageBytes = 0;
        return null;
    }

    private void handOn(boolean last) {
        int end = size - bytesOfUnfinishedCharacter();
        if (end == 0 && !last) {
            return;
        }
        byte[] piece = bytes;
        bytes = end == size ? NO_BYTES : Arrays.copyOfRange(piece, end, size);
        size = bytes.length;
        if (text) {
            String characters = whole == null ? new String(piece, 0, end, StandardCharsets.UTF_8) : whole;
            whole = null;
            events.accept(streamed ? new Event.TextFragment(characters, last) : new Event.TextMessage(characters));
        } else {
            ByteBuffer data = end == piece.length
                    ? ByteBuffer.wrap(piece)
                    : ByteBuffer.wrap(piece, 0, end).slice();
            events.accept(streamed ? new Event.BinaryFragment(data, last) : new Event.BinaryMessage(data));
        }
    }

    /** Returns the size of the character that the text so far ends inside of; never so between characters. */
    private int bytesOfUnfinishedCharacter() {
        int unfinished = 0;
        if (text && !utf8.isComplete()) {
            do {
                unfinished++;
            } while ((bytes[size - unfinished] & UTF8_LEAD) != UTF8_LEAD);
        }
        return unfinished;
    }

    /**
     * Makes room for bytes in hand and returns where it begins. Doubles the room, so that many small parts cost no more
     * than a few large ones, but not beyond what the message can still have.
     */
    private int makeRoom(int length, long left) {
        int needed = size + length;
        if (needed > bytes.length) {
            long most = Math.min(DataFrameLimits.MAX_ARRAY, left < maxMessage - size ? size + left : maxMessage);
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(2L * bytes.length, most)));
        }
        return size;
    }
}
