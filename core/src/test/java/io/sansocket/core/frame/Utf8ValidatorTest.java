package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.testing.FrameStreams;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("8.1 Handling Errors in UTF-8-Encoded Data")
class Utf8ValidatorTest {
    private static final int RANDOM_TEXTS = 40_000;
    /** One byte of every class that RFC 3629 §4 tells apart, at both ends. */
    private static final byte[] CLASSES = hex(
            "00 41 7f", // UTF8-1
            "80 8f 90 9f a0 bf", // UTF8-tail, and the narrower ranges behind e0, ed, f0, f4
            "c0 c1", // overlong
            "c2 df", // UTF8-2
            "e0 e1 ec ed ee ef", // UTF8-3
            "f0 f1 f3 f4", // UTF8-4
            "f5 ff"); // beyond U+10FFFF; never

    private final Utf8Validator validator = new Utf8Validator();
    private final Jdk jdk = new Jdk();

    /** What the JDK's decoder says of the same bytes. */
    private static final class Jdk {
        private static final int MOST = 64;

        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        private final CharBuffer out = CharBuffer.allocate(MOST);
        /** Lead bytes that are malformed by themselves. */
        private final boolean[] badLead = new boolean[256];

        private int impossible;
        private int missing;

        private Jdk() {
            for (int lead = 0; lead < badLead.length; lead++) {
                badLead[lead] =
                        decode(ByteBuffer.wrap(new byte[] {(byte) lead})).isMalformed();
            }
        }

        private CoderResult decode(ByteBuffer in) {
            decoder.reset();
            return decoder.decode(in, out.clear(), false);
        }

        /** Finds the first impossible byte, or what the last character lacks. */
        private void judge(byte[] bytes, int offset, int length) {
            var in = ByteBuffer.wrap(bytes, offset, length);
            CoderResult result = decode(in);
            int at = in.position();
            int left = in.remaining();
            missing = 0;
            impossible = Utf8Validator.VALID;
            if (left > 1 && isSurrogate(bytes[at], bytes[at + 1])) {
                impossible = at + 1;
            } else if (result.isMalformed()) {
                // The malformed bytes end before the impossible one, unless the lead itself is impossible.
                impossible = badLead[bytes[at] & 0xFF] ? at : at + result.length();
            } else if (left > 0) {
                missing = Integer.numberOfLeadingZeros(~(bytes[at] << 24)) - left;
            }
        }

        /** RFC 3629 §4 refuses a surrogate at its second byte; the JDK waits for the third and counts all as malformed. */
        private static boolean isSurrogate(byte lead, byte second) {
            return lead == (byte) 0xED && (second & 0xE0) == 0xA0;
        }
    }

    /** Compares the validator with the JDK over all bytes at once, and over two parts for each of the cuts. */
    private void compare(byte[] bytes, int offset, int length, int firstCut, int lastCut) {
        jdk.judge(bytes, offset, length);
        compareWith(bytes, offset, length, length);
        for (int cut = firstCut; cut <= lastCut; cut++) {
            compareWith(bytes, offset, length, cut);
        }
    }

    private void compareWith(byte[] bytes, int offset, int length, int cut) {
        validator.reset();
        int impossible = validator.validate(bytes, offset, cut);
        if (impossible == Utf8Validator.VALID) {
            impossible = validator.validate(bytes, offset + cut, length - cut);
        }
        boolean valid = impossible == Utf8Validator.VALID;
        boolean same = impossible == jdk.impossible
                && (!valid || (validator.missing() == jdk.missing && validator.isComplete() == (jdk.missing == 0)));
        if (!same) {
            throw new AssertionError("%s cut at %d: impossible at %d, missing %d; the JDK says %d and %d"
                    .formatted(
                            Arrays.toString(Arrays.copyOfRange(bytes, offset, offset + length)),
                            cut,
                            impossible,
                            validator.missing(),
                            jdk.impossible,
                            jdk.missing));
        }
    }

    /** Compares a sequence of {@code size} bytes behind 0 to 17 letters, which sends it over the 8-byte road or past it. */
    private void compareBehindLetters(byte[] sequence, int size, int mostLetters) {
        byte[] bytes = new byte[mostLetters + size];
        Arrays.fill(bytes, (byte) 'a');
        System.arraycopy(sequence, 0, bytes, mostLetters, size);
        for (int letters = 0; letters <= mostLetters; letters++) {
            compare(bytes, mostLetters - letters, letters + size, letters, letters + size);
        }
    }

    @Test
    void allSequencesOfOneAndTwoBytesAreJudgedAsByTheJdk() {
        byte[] sequence = new byte[2];
        for (int first = 0; first < 256; first++) {
            sequence[0] = (byte) first;
            compareBehindLetters(sequence, 1, 17);
            for (int second = 0; second < 256; second++) {
                sequence[1] = (byte) second;
                compareBehindLetters(sequence, 2, 9);
            }
        }
    }

    @Test
    void allSequencesOfThreeBytesAreJudgedAsByTheJdk() {
        byte[] sequence = new byte[3];
        for (int bits = 0; bits < 1 << 24; bits++) {
            sequence[0] = (byte) (bits >> 16);
            sequence[1] = (byte) (bits >> 8);
            sequence[2] = (byte) bits;
            compare(sequence, 0, 3, 1, 0);
        }
    }

    @Test
    void sequencesOfThreeBoundaryBytesAreJudgedAsByTheJdkAtEveryCut() {
        for (byte first : CLASSES) {
            for (byte second : CLASSES) {
                for (byte third : CLASSES) {
                    compareBehindLetters(new byte[] {first, second, third}, 3, 9);
                }
            }
        }
    }

    @Test
    void sequencesOfFourBoundaryBytesAreJudgedAsByTheJdkAtEveryCut() {
        for (byte first : CLASSES) {
            for (byte second : CLASSES) {
                for (byte third : CLASSES) {
                    for (byte fourth : CLASSES) {
                        compare(new byte[] {first, second, third, fourth}, 0, 4, 1, 3);
                    }
                }
            }
        }
    }

    /** Every lead of four bytes with every second byte, since the bounds of the second depend on the lead. */
    @Test
    void everyCharacterOfFourBytesIsJudgedAsByTheJdk() {
        for (int lead = 0xF0; lead <= 0xFF; lead++) {
            for (int second = 0; second < 256; second++) {
                for (byte third : CLASSES) {
                    for (byte fourth : CLASSES) {
                        byte[] sequence = {(byte) lead, (byte) second, third, fourth};
                        compare(sequence, 0, 4, 1, 3);
                    }
                }
            }
        }
    }

    @Test
    void randomTextsAreJudgedAsByTheJdkInAnyParts() {
        for (int seed = 0; seed < RANDOM_TEXTS; seed++) {
            byte[] text = randomText(new Random(seed));
            jdk.judge(text, 0, text.length);
            validator.reset();
            int before = 0;
            int impossible = Utf8Validator.VALID;
            for (byte[] part : FrameStreams.cut(text, new Random(seed))) {
                int found = validator.validate(part, 0, part.length);
                if (found != Utf8Validator.VALID) {
                    impossible = before + found;
                    break;
                }
                before += part.length;
            }
            assertThat(impossible).as("seed %d", seed).isEqualTo(jdk.impossible);
            if (impossible == Utf8Validator.VALID) {
                assertThat(validator.missing()).as("seed %d", seed).isEqualTo(jdk.missing);
            }
        }
    }

    /** Mostly whole characters, now and then a byte of any class. */
    private static byte[] randomText(Random random) {
        var text = ByteBuffer.allocate(60);
        while (text.remaining() > 4 && random.nextInt(20) != 0) {
            int codePoint = random.nextInt(1 << (7 + random.nextInt(14)));
            if (Character.isValidCodePoint(codePoint) && (codePoint < 0xD800 || codePoint > 0xDFFF)) {
                text.put(Character.toString(codePoint).getBytes(StandardCharsets.UTF_8));
            }
            if (random.nextInt(30) == 0) {
                text.put(CLASSES[random.nextInt(CLASSES.length)]);
            }
        }
        return Arrays.copyOf(text.array(), text.position());
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0", // nothing
        "61, 0", // a
        "c3, 1", // first of 2
        "e2, 2", // first of 3
        "e2 82, 1", // second of 3
        "f0, 3", // first of 4
        "f0 9f 98, 1", // third of 4
        "f0 9f 98 80, 0", // U+1F600
    })
    void tellsWhatTheLastCharacterLacks(String text, int missing) {
        byte[] bytes = hex(text);
        assertThat(validator.validate(bytes, 0, bytes.length)).isEqualTo(Utf8Validator.VALID);
        assertThat(validator.missing()).isEqualTo(missing);
        assertThat(validator.isComplete()).isEqualTo(missing == 0);
    }

    /** Each of these leads narrows the next byte; a reset must widen it again. */
    @ParameterizedTest
    @CsvSource({"e0", "ed", "f0", "f4"})
    void resetForgetsAHalfCharacter(String lead) {
        validator.validate(hex(lead), 0, 1);
        validator.reset();
        assertThat(validator.isComplete()).isTrue();
        byte[] widest = hex("e1 80 bf", "e1 bf 80");
        assertThat(validator.validate(widest, 0, widest.length)).isEqualTo(Utf8Validator.VALID);
    }

    @Test
    void indexIsOneOfTheArrayNotOfThePart() {
        assertThat(validator.validate(hex("ff ff 61 c0 ff"), 2, 3)).isEqualTo(3);
    }

    @Test
    void bytesBehindThePartAreNotRead() {
        assertThat(validator.validate(hex("61 61 61 61 61 61 61 61 61 ff"), 0, 9))
                .isEqualTo(Utf8Validator.VALID);
    }

    @Test
    void whatIsNoAsciiIsFoundWhereverItStandsInALongText() {
        for (int length = 1; length <= 80; length++) {
            for (int index = 0; index < length; index++) {
                byte[] text = new byte[length];
                text[index] = (byte) 0xFF;
                validator.reset();
                assertThat(validator.validate(text, 0, length)).isEqualTo(index);
                text[index] = (byte) 0xC3; // begins a character of two bytes
                validator.reset();
                boolean last = index == length - 1;
                assertThat(validator.validate(text, 0, length)).isEqualTo(last ? Utf8Validator.VALID : index + 1);
                assertThat(validator.isComplete()).isFalse();
            }
        }
    }
}
