package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.Utf8;
import io.sansocket.core.frame.Utf8Validator;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text and what is made of it, held against the JDK's own coders, which report what is malformed. */
class TextFuzzTest {
    private static final int MAX_MISSING = 3;
    private static final int MAX_CONTROL_PAYLOAD = 125;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();

    @FuzzTest
    void utf8(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        byte[] text = input.rest();
        var whole = new Utf8Validator();
        int bad = whole.validate(text, 0, text.length);
        checkPieces(text, place % (text.length + 1), bad, whole.missing());
        checkByteByByte(text, bad, whole.missing());
        if (bad == Utf8Validator.VALID) {
            Oracle.check(whole.isComplete() == (whole.missing() == 0), "a text is complete when nothing is missing");
            Oracle.check(canBeCompleted(text, whole.missing()), "a valid beginning has a valid end");
        } else {
            Oracle.check(!isMalformed(Arrays.copyOf(text, bad), bad), "the bytes in front of a bad one can stand");
            Oracle.check(isMalformed(filled(text, bad + 1, MAX_MISSING, 0x80), bad), "a bad byte cannot stand");
        }
    }

    private static void checkPieces(byte[] text, int cut, int bad, int missing) {
        var validator = new Utf8Validator();
        int found = validator.validate(text, 0, cut);
        if (found == Utf8Validator.VALID) {
            found = validator.validate(text, cut, text.length - cut);
        }
        Oracle.same(bad, found, "the bad byte in a whole text and in one in pieces");
        if (bad == Utf8Validator.VALID) {
            Oracle.same(missing, validator.missing(), "the missing bytes of a whole text and of one in pieces");
        }
        validator.reset();
        Oracle.same(bad, validator.validate(text, 0, text.length), "the bad byte after a reset");
    }

    private static void checkByteByByte(byte[] text, int bad, int missing) {
        var validator = new Utf8Validator();
        int found = Utf8Validator.VALID;
        for (int i = 0; i < text.length && found == Utf8Validator.VALID; i++) {
            found = validator.validate(text, i, 1);
        }
        Oracle.same(bad, found, "the bad byte in a whole text and byte by byte");
        if (bad == Utf8Validator.VALID) {
            Oracle.same(missing, validator.missing(), "the missing bytes of a whole text and byte by byte");
        }
    }

    /** One of two fillings completes every character: 80 is too small behind E0 and F0, BF too large behind ED and F4. */
    private boolean canBeCompleted(byte[] text, int missing) {
        return isText(filled(text, text.length, missing, 0x80)) || isText(filled(text, text.length, missing, 0xBF));
    }

    private static byte[] filled(byte[] text, int length, int count, int filling) {
        byte[] filled = Arrays.copyOf(text, length + count);
        Arrays.fill(filled, length, filled.length, (byte) filling);
        return filled;
    }

    private boolean isText(byte[] text) {
        try {
            decoder.decode(ByteBuffer.wrap(text));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Tells whether the JDK finds a malformed character that begins at or in front of an index. */
    private boolean isMalformed(byte[] text, int index) {
        var in = ByteBuffer.wrap(text);
        CoderResult result = decoder.reset().decode(in, CharBuffer.allocate(text.length), false);
        return result.isMalformed() && in.position() <= index;
    }

    @FuzzTest
    void strings(byte[] bytes) throws CharacterCodingException {
        var input = new Input(bytes);
        int most = input.choice();
        // Two bytes are a char, whatever it is; a decoder of UTF-16 would replace the surrogates that stand alone.
        String text = ByteBuffer.wrap(input.rest()).asCharBuffer().toString();
        byte[] encoded;
        try {
            encoded = Utf8.encode(text);
        } catch (IllegalArgumentException e) {
            Oracle.check(!encoder.canEncode(text), "what the JDK can encode, we can");
            return;
        }
        Oracle.same(encoder.encode(CharBuffer.wrap(text)), ByteBuffer.wrap(encoded), "a text as the JDK encodes it");
        checkTruncated(text, most);
    }

    private static void checkTruncated(String text, int most) {
        String head = Utf8.truncate(text, most);
        Oracle.check(text.startsWith(head), "a truncated text is a beginning");
        int length = head.getBytes(StandardCharsets.UTF_8).length;
        Oracle.check(length <= most, "a truncated text fits");
        if (head.length() < text.length()) {
            String next = Character.toString(text.codePointAt(head.length()));
            Oracle.check(
                    length + next.getBytes(StandardCharsets.UTF_8).length > most,
                    "nothing more than the truncated text would fit");
            Oracle.check(
                    head.isEmpty() || !Character.isHighSurrogate(head.charAt(head.length() - 1)),
                    "a truncated text ends between characters");
        }
    }

    @FuzzTest
    void closePayload(byte[] bytes) {
        var input = new Input(bytes);
        int offset = input.place();
        byte[] payload = input.rest();
        Violation violation = ClosePayload.check(payload, offset);
        Oracle.same(
                expectedRule(payload), violation == null ? null : violation.rule(), "the rule a Close frame breaks");
        if (violation != null) {
            long at = violation.offset() - offset;
            Oracle.check(at >= 0 && at <= payload.length, "a Close frame is broken inside of it");
        } else {
            CloseStatus status = ClosePayload.parse(payload);
            Oracle.check(status.hasCode() == payload.length > 0, "a Close frame with a payload has a code");
            if (payload.length <= MAX_CONTROL_PAYLOAD) {
                Oracle.same(
                        ByteBuffer.wrap(payload),
                        ByteBuffer.wrap(ClosePayload.format(status)),
                        "a Close frame's payload, and its status formatted");
            }
        }
    }

    /** RFC 6455 §7.4.1 and §7.4.2, and the IANA registry, in a table. */
    private Rule expectedRule(byte[] payload) {
        if (payload.length == 0) {
            return null;
        }
        if (payload.length == 1) {
            return Rule.INVALID_CLOSE_PAYLOAD;
        }
        int code = ByteBuffer.wrap(payload).getShort() & 0xFFFF;
        boolean allowed =
                switch (code) {
                    case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
                    default -> code / 1000 == 3 || code / 1000 == 4;
                };
        if (!allowed) {
            return Rule.INVALID_CLOSE_CODE;
        }
        return isText(Arrays.copyOfRange(payload, 2, payload.length)) ? null : Rule.INVALID_UTF8;
    }
}
