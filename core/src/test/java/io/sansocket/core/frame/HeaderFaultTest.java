package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderFaultTest {
    /** Writes down every fault while it is reported, and goes on to the header. */
    private static final class Describer implements FrameHandler {
        private final List<String> faults = new ArrayList<>();
        private final List<Rule> later = new ArrayList<>();

        @Override
        public boolean broken(FrameDecoder frame, long rules, long offset) {
            for (long rest = rules; rest != RuleSet.NONE; rest = RuleSet.rest(rest)) {
                faults.add(HeaderFault.describe(frame, RuleSet.first(rest)));
            }
            return true;
        }

        @Override
        public boolean header(FrameDecoder frame) {
            for (Rule rule : later) {
                faults.add(HeaderFault.describe(frame, rule));
            }
            return true;
        }

        @Override
        public boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length) {
            return true;
        }

        @Override
        public boolean end(FrameDecoder frame) {
            return true;
        }
    }

    private final Describer describer = new Describer();

    private List<String> faultsOf(Role sender, int extensionBits, String bytes) {
        var decoder = new FrameDecoder(sender, describer);
        decoder.allowReservedBits(extensionBits);
        decoder.decode(ByteBuffer.wrap(hex(bytes)));
        return describer.faults;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        c1    | RSV1 set on a text frame, which no negotiated extension allows
        a2    | RSV2 set on a binary frame, which no negotiated extension allows
        99    | RSV3 set on a ping frame, which no negotiated extension allows
        f8    | RSV1, RSV2, RSV3 set on a close frame, which no negotiated extension allows
        b1    | RSV2, RSV3 set on a text frame, which no negotiated extension allows
        83    | opcode 0x3 is reserved
        8f    | opcode 0xf is reserved
        0a    | a pong frame has FIN = 0, a control frame must not be fragmented
        80    | a continuation frame came while no message waits for one
        01 00 81          | a text frame came while a fragmented message waits for its continuation frame
        81 80             | a text frame from the server is masked
        89 7e             | a ping frame has a payload length of 16 bits, a control frame's payload has at most 125 bytes
        88 7f             | a close frame has a payload length of 64 bits, a control frame's payload has at most 125 bytes
        82 7e 00 7d       | the payload length 125 is written in 16 bits, 7 bits hold it
        82 7f 00 00 00 00 00 00 00 7d | the payload length 125 is written in 64 bits, 7 bits hold it
        82 7f 00 00 00 00 00 00 00 7e | the payload length 126 is written in 64 bits, 16 bits hold it
        82 7f 80 00 00 00 00 00 00 01 | the payload length is 0x8000000000000001, its most significant bit must be 0
        """)
    void saysWhatIsWrong(String bytes, String sentence) {
        assertThat(faultsOf(Role.SERVER, 0, bytes)).containsExactly(sentence);
    }

    @Test
    void saysThatAClientFrameIsNotMasked() {
        assertThat(faultsOf(Role.CLIENT, 0, "81 00")).containsExactly("a text frame from the client is not masked");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        e1       | RSV2 set on a text frame, which no negotiated extension allows
        f2       | RSV2, RSV3 set on a binary frame, which no negotiated extension allows
        c9       | RSV1 set on a ping frame, which no negotiated extension allows
        01 00 c0 | RSV1 set on a continuation frame, which no negotiated extension allows
        """)
    void reservedBitOfAnExtensionIsNamedOnlyWhereItMayNotBe(String bytes, String sentence) {
        assertThat(faultsOf(Role.SERVER, 4, bytes)).containsExactly(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        89 7e 00 7e                   | a ping frame has a payload of 126 bytes, a control frame's payload has at most 125 bytes
        89 7f 00 00 00 00 00 01 00 00 | a ping frame has a payload of 65536 bytes, a control frame's payload has at most 125 bytes
        """)
    void lengthOfAControlFrameIsToldOnceItIsKnown(String bytes, String sentence) {
        describer.later.add(Rule.CONTROL_FRAME_TOO_LONG);
        assertThat(faultsOf(Role.SERVER, 0, bytes)).hasSize(2).last().isEqualTo(sentence);
    }

    @Test
    void rulesThatNoHeaderBreaksHaveNoSentence() {
        var decoder = new FrameDecoder(Role.SERVER, describer);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeaderFault.describe(decoder, Rule.INVALID_UTF8))
                .withMessage("no rule of a frame header: invalid-utf8");
    }
}
