package io.sansocket.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof: of the forms a payload length can be written in, the shortest passes and no other (RFC 6455 §5.2). */
class PayloadLengthsTest {
    private static final int LONGEST_TRIED_ONE_BY_ONE = 70_000;
    private static final int KEY = 0x01_02_83_FF;
    private static final int LONGEST_HEADER = 14;

    /** The three forms of a length. */
    private enum Form {
        BITS_7(0, 125),
        BITS_16(2, 65_535),
        BITS_64(8, -1L);

        private final int bytes;
        private final long mostUnsigned;

        Form(int bytes, long mostUnsigned) {
            this.bytes = bytes;
            this.mostUnsigned = mostUnsigned;
        }

        private boolean holds(long length) {
            return Long.compareUnsigned(length, mostUnsigned) <= 0;
        }

        private static Form shortest(long length) {
            return BITS_7.holds(length) ? BITS_7 : BITS_16.holds(length) ? BITS_16 : BITS_64;
        }
    }

    /** Every length up to 70,000; 2^k and its neighbours up to 2^63-1; the same with the most significant bit set. */
    private static long[] lengths() {
        List<Long> lengths = new ArrayList<>();
        for (long length = 0; length <= LONGEST_TRIED_ONE_BY_ONE; length++) {
            lengths.add(length);
        }
        for (int bit = 16; bit < Long.SIZE; bit++) {
            for (int difference = -1; difference <= 1; difference++) {
                long length = (1L << bit) + difference;
                lengths.add(length);
                lengths.add(length | Long.MIN_VALUE);
            }
        }
        for (long length = 0; length < 1000; length++) {
            lengths.add(length | Long.MIN_VALUE);
            lengths.add(-1 - length);
        }
        return lengths.stream().mapToLong(Long::longValue).toArray();
    }

    /** Writes a binary frame's header by hand: nothing here is shared with the encoder. */
    private static byte[] header(Form form, long length, Role sender) {
        var header = ByteBuffer.allocate(LONGEST_HEADER);
        int maskBit = sender == Role.CLIENT ? 0x80 : 0;
        header.put((byte) 0x82);
        switch (form) {
            case BITS_7 -> header.put((byte) (maskBit | (int) length));
            case BITS_16 -> header.put((byte) (maskBit | 126)).putShort((short) length);
            case BITS_64 -> header.put((byte) (maskBit | 127)).putLong(length);
        }
        if (sender == Role.CLIENT) {
            header.putInt(KEY);
        }
        byte[] exact = new byte[header.position()];
        header.flip().get(exact);
        return exact;
    }

    private static @Nullable Rule reference(Form form, long length) {
        if (length < 0) {
            return Rule.LENGTH_OUT_OF_RANGE;
        }
        return form == Form.shortest(length) ? null : Rule.NON_MINIMAL_LENGTH;
    }

    private static final class Judge implements FrameHandler {
        private @Nullable Rule rule;
        private long offset = -1;
        private long declared = -1;
        private int key;

        @Override
        public boolean broken(FrameDecoder frame, long rules, long at) {
            rule = RuleSet.first(rules);
            offset = at;
            declared = frame.payloadLength();
            return false;
        }

        @Override
        public boolean header(FrameDecoder frame) {
            declared = frame.payloadLength();
            key = frame.maskingKey();
            return frame.frameOffset() == 0;
        }

        @Override
        public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
            throw new AssertionError("the header stops the decoder");
        }

        @Override
        public boolean end(FrameDecoder frame) {
            return true;
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheShortestFormPasses(Role sender) {
        byte[] empty = header(Form.BITS_7, 0, sender);
        for (long length : lengths()) {
            for (Form form : Form.values()) {
                if (form.holds(length)) {
                    judge(sender, empty, form, length, false);
                    judge(sender, empty, form, length, true);
                }
            }
        }
    }

    /** Decodes an empty frame, so that offsets are not 0, and the header in question. */
    private static void judge(Role sender, byte[] empty, Form form, long length, boolean byteByByte) {
        byte[] header = header(form, length, sender);
        var in = ByteBuffer.allocate(empty.length + header.length + LONGEST_HEADER)
                .put(empty)
                .put(header);
        int end = in.capacity();
        var judge = new Judge();
        var decoder = new FrameDecoder(sender, judge);
        boolean goesOn = true;
        in.rewind();
        for (int limit = byteByByte ? 1 : end; limit <= end && goesOn; limit++) {
            goesOn = decoder.decode(in.limit(limit));
        }
        Rule expected = reference(form, length);
        // The length's last byte shows the breach; the key is not waited for.
        int lastByte = empty.length + (expected == null ? header.length : 2 + form.bytes);
        boolean right = judge.rule == expected
                && judge.declared == length
                && judge.offset == (expected == null ? -1 : empty.length + 2)
                && (expected != null || sender == Role.SERVER || judge.key == KEY)
                && in.position() == lastByte;
        if (!right) {
            throw new AssertionError(
                    "%s of %d from the %s, byte by byte %s: expected %s, got %s at %d with %d bytes read"
                            .formatted(
                                    form,
                                    length,
                                    sender,
                                    byteByByte,
                                    expected,
                                    judge.rule,
                                    judge.offset,
                                    in.position()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void encoderTakesTheShortestForm(Role sender) {
        boolean masked = sender == Role.CLIENT;
        for (long length : lengths()) {
            if (length >= 0) {
                byte[] expected = header(Form.shortest(length), length, sender);
                byte[] encoded = new byte[FrameEncoder.headerLength(length, masked)];
                int end = masked
                        ? FrameEncoder.encodeMaskedHeader(encoded, 0, true, 0, Opcode.BINARY, length, KEY)
                        : FrameEncoder.encodeHeader(encoded, 0, true, 0, Opcode.BINARY, length);
                if (!Arrays.equals(encoded, expected) || end != expected.length) {
                    throw new AssertionError("header of a frame with " + length + " bytes");
                }
            }
        }
    }

    @Test
    void lengthsTriedReachEveryBoundary() {
        assertThat(lengths())
                .contains(0, 125, 126, 127, 65_535, 65_536, 70_000, 1L << 32, (1L << 31) - 1, Long.MAX_VALUE)
                .contains(Long.MIN_VALUE, -1);
    }
}
