package io.sansocket.core.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proof: every way a frame can begin, in every state, is judged as a short reading of the RFC judges it. */
class TwoByteStartsTest {
    private static final int STARTS = 0x1_0000;
    private static final int VERDICTS = STARTS * Message.values().length * 2 * Role.values().length;
    private static final int RSV1 = 4;
    private static final long NO_RULE = 0;

    /** The message that is unfinished when the frame begins. */
    private enum Message {
        NONE,
        TEXT,
        BINARY;

        /** Returns the message's first frame, which is empty and not final. */
        private byte[] begun(Role sender) {
            byte opcode = (byte) (this == TEXT ? 1 : 2);
            if (this == NONE) {
                return new byte[0];
            }
            return sender == Role.CLIENT ? new byte[] {opcode, (byte) 0x80, 0, 0, 0, 0} : new byte[] {opcode, 0};
        }
    }

    /** How the two bytes come. */
    private enum Road {
        /** One by one, and the verdict is asked for after each. */
        BYTE_BY_BYTE,
        /** At the front of 14 bytes, which hold the longest header. */
        WHOLE_HEADER
    }

    private record State(Message message, boolean rsv1Owned, Role sender) {}

    /** RFC 6455 §5.1, §5.2, §5.4, §5.5 and RFC 7692 §6.1: the rules that a header's byte 0 or byte 1 breaks. */
    private static EnumSet<Rule> reference(int index, int b0, int b1, State state) {
        EnumSet<Rule> broken = EnumSet.noneOf(Rule.class);
        boolean fin = b0 >= 128;
        int rsv = b0 / 16 % 8;
        int opcode = b0 % 16;
        boolean startsMessage = opcode == 1 || opcode == 2;
        boolean control = opcode >= 8;
        boolean masked = b1 >= 128;
        if (index == 0) {
            boolean lawfulBits = rsv == 0 || (rsv == RSV1 && state.rsv1Owned && startsMessage);
            add(broken, Rule.RESERVED_BITS, !lawfulBits);
            add(broken, Rule.RESERVED_OPCODE, (opcode >= 3 && opcode <= 7) || opcode >= 11);
            add(broken, Rule.CONTROL_FRAME_FRAGMENTED, control && !fin);
            add(broken, Rule.UNEXPECTED_CONTINUATION, opcode == 0 && state.message == Message.NONE);
            add(broken, Rule.EXPECTED_CONTINUATION, startsMessage && state.message != Message.NONE);
        } else {
            add(broken, Rule.CONTROL_FRAME_TOO_LONG, control && b1 % 128 > 125);
            add(broken, Rule.UNMASKED_CLIENT_FRAME, state.sender == Role.CLIENT && !masked);
            add(broken, Rule.MASKED_SERVER_FRAME, state.sender == Role.SERVER && masked);
        }
        return broken;
    }

    private static void add(EnumSet<Rule> broken, Rule rule, boolean isBroken) {
        if (isBroken) {
            broken.add(rule);
        }
    }

    private static long bits(EnumSet<Rule> rules) {
        return rules.stream().mapToLong(RuleSet::of).sum();
    }

    /** Keeps what was reported at the two bytes of the frame that begins at {@link #start}. */
    private static final class Judge implements FrameHandler {
        private final boolean tolerant;
        private long start;
        private final long[] rules = new long[2];

        private Judge(boolean tolerant) {
            this.tolerant = tolerant;
        }

        @Override
        public boolean broken(FrameDecoder frame, long broken, long offset) {
            int index = (int) (offset - start);
            if (index < rules.length) {
                rules[index] |= broken;
            }
            return tolerant;
        }

        @Override
        public boolean header(FrameDecoder frame) {
            return frame.frameOffset() < start;
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

    private interface Verdict {
        void check(State state, int b0, int b1, long broken0, long broken1);
    }

    private static void forAllStarts(Verdict verdict) {
        for (Message message : Message.values()) {
            for (boolean rsv1Owned : new boolean[] {false, true}) {
                for (Role sender : Role.values()) {
                    State state = new State(message, rsv1Owned, sender);
                    for (int start = 0; start < STARTS; start++) {
                        int b0 = start >> Byte.SIZE;
                        int b1 = start & 0xFF;
                        verdict.check(
                                state, b0, b1, bits(reference(0, b0, b1, state)), bits(reference(1, b0, b1, state)));
                    }
                }
            }
        }
    }

    private static FrameDecoder decoder(State state, Judge judge) {
        FrameDecoder decoder = new FrameDecoder(state.sender, judge);
        decoder.allowReservedBits(state.rsv1Owned ? RSV1 : 0);
        byte[] before = state.message.begun(state.sender);
        judge.start = before.length;
        decoder.decode(ByteBuffer.wrap(before));
        return decoder;
    }

    /** Feeds a start; behind it a length that every form may have, and a key. Returns how many bytes were read. */
    private static int feed(Road road, FrameDecoder decoder, int b0, int b1) {
        byte[] header = {(byte) b0, (byte) b1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        var in = ByteBuffer.wrap(header);
        if (road == Road.BYTE_BY_BYTE) {
            boolean goesOn = true;
            for (int i = 0; i < header.length && goesOn; i++) {
                goesOn = decoder.decode(in.limit(i + 1));
            }
        } else {
            decoder.decode(in);
        }
        return in.position();
    }

    @ParameterizedTest
    @EnumSource
    void firstBrokenRuleAndItsByteAreThoseOfTheRfc(Road road) {
        var verdicts = new int[1];
        forAllStarts((state, b0, b1, broken0, broken1) -> {
            var judge = new Judge(false);
            var decoder = decoder(state, judge);
            int read = feed(road, decoder, b0, b1);
            verdicts[0]++;
            long expected1 = broken0 == NO_RULE ? broken1 : NO_RULE;
            boolean same = judge.rules[0] == broken0 && judge.rules[1] == expected1;
            // The byte that breaks a rule is the last that is read.
            boolean inTime = broken0 != NO_RULE ? read == 1 : broken1 != NO_RULE ? read == 2 : read > 1;
            if (!same || !inTime) {
                throw failure(state, b0, b1, judge, broken0, expected1, read);
            }
        });
        assertThat(verdicts[0]).isEqualTo(786_432).isEqualTo(VERDICTS);
    }

    @ParameterizedTest
    @EnumSource
    void allBrokenRulesAreToldToAHandlerThatGoesOn(Road road) {
        var verdicts = new int[1];
        forAllStarts((state, b0, b1, broken0, broken1) -> {
            var judge = new Judge(true);
            var decoder = decoder(state, judge);
            int read = feed(road, decoder, b0, b1);
            verdicts[0]++;
            if (judge.rules[0] != broken0 || judge.rules[1] != broken1) {
                throw failure(state, b0, b1, judge, broken0, broken1, read);
            }
        });
        assertThat(verdicts[0]).isEqualTo(786_432).isEqualTo(VERDICTS);
    }

    private static AssertionError failure(
            State state, int b0, int b1, Judge judge, long broken0, long broken1, int read) {
        return new AssertionError("%02x %02x in %s: expected %s then %s, got %s then %s, read %d bytes"
                .formatted(
                        b0,
                        b1,
                        state,
                        names(broken0),
                        names(broken1),
                        names(judge.rules[0]),
                        names(judge.rules[1]),
                        read));
    }

    private static String names(long rules) {
        EnumSet<Rule> names = EnumSet.noneOf(Rule.class);
        for (long rest = rules; rest != RuleSet.NONE; rest = RuleSet.rest(rest)) {
            names.add(RuleSet.first(rest));
        }
        return names.toString();
    }

    /** A breach of two rules at once is named after the one that comes first in the catalogue, as the RFC reads. */
    @Test
    void catalogueListsTheRulesOfAByteInTheOrderOfItsBits() {
        assertThat(EnumSet.range(Rule.RESERVED_BITS, Rule.MASKED_SERVER_FRAME))
                .containsExactly(
                        Rule.RESERVED_BITS,
                        Rule.RESERVED_OPCODE,
                        Rule.CONTROL_FRAME_FRAGMENTED,
                        Rule.CONTROL_FRAME_TOO_LONG,
                        Rule.UNMASKED_CLIENT_FRAME,
                        Rule.MASKED_SERVER_FRAME);
    }
}
