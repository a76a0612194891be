package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("5.3 Client-to-Server Masking")
class MaskTest {
    private static final int KEY = 0x37_FA_21_3D;
    private static final byte[] KEY_OCTETS = hex("37 fa 21 3d");
    private static final int LONGEST = 40;
    private static final int[] BIG = {1000, 65_535, 65_536, 65_543};
    /** Bytes around the masked ones, which must stay as they are. */
    private static final int MARGIN = 9;

    /** Where the bytes lie. */
    private enum Place {
        ARRAY,
        HEAP,
        HEAP_SLICE,
        DIRECT,
        DIRECT_SLICE;

        /** Masks a part of the bytes there, and returns all of them. */
        private byte[] mask(byte[] bytes, int offset, int length, int key, long phase) {
            if (this == ARRAY) {
                byte[] copy = bytes.clone();
                Mask.apply(copy, offset, length, key, phase);
                return copy;
            }
            ByteBuffer buffer = buffer(bytes.length);
            buffer.put(0, bytes).position(1);
            Mask.apply(buffer, offset, length, key, phase);
            assertThat(buffer.position()).as("position").isEqualTo(1);
            byte[] masked = new byte[bytes.length];
            buffer.get(0, masked);
            return masked;
        }

        private ByteBuffer buffer(int size) {
            return switch (this) {
                case DIRECT -> ByteBuffer.allocateDirect(size);
                case DIRECT_SLICE -> ByteBuffer.allocateDirect(size + 3).slice(3, size);
                case HEAP_SLICE -> ByteBuffer.allocate(size + 3).slice(3, size);
                default -> ByteBuffer.allocate(size);
            };
        }
    }

    /** RFC 6455 §5.3: "transformed-octet-i = original-octet-i XOR masking-key-octet-j", "j = i MOD 4". */
    private static byte[] reference(byte[] bytes, int offset, int length, long phase) {
        byte[] masked = bytes.clone();
        for (int i = 0; i < length; i++) {
            masked[offset + i] = (byte) (bytes[offset + i] ^ KEY_OCTETS[(int) ((phase + i) % 4)]);
        }
        return masked;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static void check(Place place, byte[] bytes, int offset, int length, long phase) {
        byte[] masked = place.mask(bytes, offset, length, KEY, phase);
        if (!Arrays.equals(masked, reference(bytes, offset, length, phase))) {
            throw new AssertionError("%s, offset %d, length %d, phase %d".formatted(place, offset, length, phase));
        }
    }

    @Test
    void helloOfSection57IsMasked() {
        byte[] hello = hex("48 65 6c 6c 6f");
        Mask.apply(hello, 0, hello.length, KEY, 0);
        assertThat(hello).isEqualTo(hex("7f 9f 4d 51 58"));
    }

    @ParameterizedTest
    @EnumSource
    void everyOffsetPhaseAndShortLengthIsMaskedByTheFormula(Place place) {
        byte[] bytes = random(LONGEST + 2 * MARGIN);
        for (int length = 0; length <= LONGEST; length++) {
            for (int offset = 0; offset <= MARGIN; offset++) {
                for (long phase : new long[] {0, 1, 2, 3, 4, 7, 65_533, (1L << 32) + 1, Long.MAX_VALUE - LONGEST}) {
                    check(place, bytes, offset, length, phase);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bigPayloadsAreMaskedByTheFormula(Place place) {
        for (int length : BIG) {
            byte[] bytes = random(length + MARGIN);
            for (int phase = 0; phase < 4; phase++) {
                check(place, bytes, phase + 1, length, phase);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void payloadMaskedInTwoPartsIsTheSame(Place place) {
        byte[] bytes = random(LONGEST);
        byte[] whole = place.mask(bytes, 0, LONGEST, KEY, 2);
        for (int cut = 0; cut <= LONGEST; cut++) {
            byte[] first = place.mask(bytes, 0, cut, KEY, 2);
            assertThat(place.mask(first, cut, LONGEST - cut, KEY, 2 + cut))
                    .as("cut at %d", cut)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void maskingTwiceIsUnmasking(Place place) {
        byte[] bytes = random(LONGEST);
        for (int key : new int[] {KEY, 0, -1, 0x8000_0000, 0x0000_0080}) {
            byte[] masked = place.mask(bytes, 1, LONGEST - 1, key, 3);
            assertThat(place.mask(masked, 1, LONGEST - 1, key, 3)).isEqualTo(bytes);
            assertThat(Arrays.equals(masked, bytes)).isEqualTo(key == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void copiesAreMaskedAndWhatWasCopiedIsNot(Place place) {
        IntStream lengths = IntStream.concat(IntStream.rangeClosed(0, 300), IntStream.of(BIG));
        lengths.forEach(length -> {
            byte[] bytes = random(length + 2 * MARGIN);
            ByteBuffer source = place.buffer(bytes.length).put(0, bytes);
            long phase = length / 3;
            for (int offset = 0; offset < MARGIN; offset += 4) {
                byte[] target = new byte[offset + length + MARGIN];
                Mask.copy(source, MARGIN, target, offset, length, KEY, phase);
                byte[] expected = new byte[target.length];
                System.arraycopy(reference(bytes, MARGIN, length, phase), MARGIN, expected, offset, length);
                assertThat(target).isEqualTo(expected);
            }
            assertThat(source).isEqualTo(ByteBuffer.wrap(bytes));
        });
    }

    @Test
    void theKeyZeroMasksNothing() {
        byte[] bytes = random(LONGEST);
        byte[] target = new byte[LONGEST];
        Mask.copy(ByteBuffer.wrap(bytes), 0, target, 0, LONGEST, 0, 1);
        assertThat(target).isEqualTo(bytes);
        Mask.apply(target, 0, LONGEST, 0, 1);
        assertThat(target).isEqualTo(bytes);
    }
}
