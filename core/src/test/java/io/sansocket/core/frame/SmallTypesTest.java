package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.rule.Rule;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The values the decoder speaks in. */
class SmallTypesTest {
    @Nested
    @DisplayName("5.2 opcodes")
    class Opcodes {
        @ParameterizedTest
        @CsvSource({
            "0, CONTINUATION, continuation, false",
            "1, TEXT, text, false",
            "2, BINARY, binary, false",
            "8, CLOSE, close, true",
            "9, PING, ping, true",
            "10, PONG, pong, true",
        })
        void haveTheirCodesAndNames(int code, Opcode opcode, String name, boolean control) {
            assertThat(Opcode.of(code)).isEqualTo(opcode);
            assertThat(opcode.code()).isEqualTo(code);
            assertThat(opcode).hasToString(name);
            assertThat(Opcode.nameOf(code)).isEqualTo(name);
            assertThat(opcode.isControl()).isEqualTo(control);
        }

        @ParameterizedTest
        @CsvSource({"3", "4", "5", "6", "7", "11", "12", "13", "14", "15"})
        void reservedOnesHaveNoValue(int code) {
            assertThat(Opcode.of(code)).isNull();
            assertThat(Opcode.nameOf(code)).isEqualTo("reserved-" + "0123456789abcdef".charAt(code));
            assertThat(Opcode.isControl(code)).isEqualTo(code > 7);
        }
    }

    @Nested
    @DisplayName("1.2 roles")
    class Roles {
        @Test
        void areEachOthersPeer() {
            assertThat(Role.CLIENT.peer()).isEqualTo(Role.SERVER);
            assertThat(Role.SERVER.peer()).isEqualTo(Role.CLIENT);
        }

        @Test
        void areCalledByTheirNames() {
            assertThat(Role.CLIENT).hasToString("client");
            assertThat(Role.SERVER).hasToString("server");
        }
    }

    @Nested
    class Frames {
        private final Frame hello = new Frame(true, 0, Opcode.TEXT, false, hex("48 65 6c 6c 6f"), 7);

        @Test
        void areEqualByContent() {
            var same = new Frame(true, 0, Opcode.TEXT, false, hex("48 65 6c 6c 6f"), 7);
            assertThat(hello).isEqualTo(same).hasSameHashCodeAs(same);
        }

        @Test
        void differInEveryComponent() {
            assertThat(hello)
                    .isNotEqualTo(new Frame(false, 0, Opcode.TEXT, false, hello.payload(), 7))
                    .isNotEqualTo(new Frame(true, 4, Opcode.TEXT, false, hello.payload(), 7))
                    .isNotEqualTo(new Frame(true, 0, Opcode.BINARY, false, hello.payload(), 7))
                    .isNotEqualTo(new Frame(true, 0, Opcode.TEXT, true, hello.payload(), 7))
                    .isNotEqualTo(new Frame(true, 0, Opcode.TEXT, false, hex("48"), 7))
                    .isNotEqualTo(new Frame(true, 0, Opcode.TEXT, false, hello.payload(), 8))
                    .isNotEqualTo(new Object());
        }

        @Test
        void haveHashCodesOfPlaceAndPayload() {
            assertThat(hello)
                    .doesNotHaveSameHashCodeAs(new Frame(true, 0, Opcode.TEXT, false, hello.payload(), 8))
                    .doesNotHaveSameHashCodeAs(new Frame(true, 0, Opcode.TEXT, false, hex("48"), 7));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
            true  | ''                                              | ping at offset 7, 0 bytes
            true  | 48                                              | ping at offset 7, 1 bytes: 48
            false | 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f | ping (not final) at offset 7, 16 bytes: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f
            true  | 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 | ping at offset 7, 17 bytes: 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f …
            """)
        void showTheBeginningOfTheirPayload(boolean fin, String payload, String shown) {
            assertThat(new Frame(fin, 0, Opcode.PING, false, hex(payload), 7)).hasToString(shown);
        }
    }

    @Nested
    class RuleSets {
        @ParameterizedTest
        @EnumSource
        void holdEveryRuleOfTheCatalogue(Rule rule) {
            long set = RuleSet.of(rule);
            assertThat(RuleSet.first(set)).isEqualTo(rule);
            assertThat(RuleSet.rest(set)).isEqualTo(RuleSet.NONE);
            for (Rule other : Rule.values()) {
                assertThat(RuleSet.contains(set, other)).isEqualTo(other == rule);
                assertThat(RuleSet.contains(RuleSet.NONE, other)).isFalse();
            }
        }

        @Test
        void haveABitForEachRule() {
            assertThat(Rule.values()).hasSizeLessThanOrEqualTo(Long.SIZE);
        }

        @Test
        void areReadInTheOrderOfTheCatalogue() {
            List<Rule> read = new ArrayList<>();
            long set = RuleSet.of(Rule.MASKED_SERVER_FRAME)
                    | RuleSet.of(Rule.FOREIGN_DATA)
                    | RuleSet.of(Rule.CONTROL_FRAME_TOO_LONG);
            for (long rest = set; rest != RuleSet.NONE; rest = RuleSet.rest(rest)) {
                read.add(RuleSet.first(rest));
            }
            assertThat(read).containsExactly(Rule.CONTROL_FRAME_TOO_LONG, Rule.MASKED_SERVER_FRAME, Rule.FOREIGN_DATA);
        }
    }

    @Nested
    @DisplayName("10.3 Attacks On Infrastructure (Masking)")
    class MaskingKeys {
        /** Gives the bytes 0, 1, 2, … and counts how often it was asked. */
        private static final class CountingRandom extends SecureRandom {
            @Serial
            private static final long serialVersionUID = 1L;

            private int draws;
            private int next;

            @Override
            public void nextBytes(byte[] bytes) {
                draws++;
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) next++;
                }
            }
        }

        @Test
        void areTheKeyStreamOfAesInOutputFeedbackMode() throws GeneralSecurityException {
            MaskingKeySource keys = new SecureMaskingKeys(new CountingRandom());
            byte[] seed = new byte[32];
            new CountingRandom().nextBytes(seed);
            var stream = Cipher.getInstance("AES/OFB/NoPadding");
            stream.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, 0, 16, "AES"), new IvParameterSpec(seed, 16, 16));
            ByteBuffer expected = ByteBuffer.wrap(stream.update(new byte[1024]));
            while (expected.hasRemaining()) {
                assertThat(keys.next()).isEqualTo(expected.getInt());
            }
        }

        @Test
        void areSeededWhenFirstAskedForAndAnewAfter64Ki() {
            var random = new CountingRandom();
            MaskingKeySource keys = new SecureMaskingKeys(random);
            assertThat(random.draws).isZero();
            for (int i = 0; i < 1 << 16; i++) {
                keys.next();
            }
            assertThat(random.draws).isEqualTo(1);
            keys.next();
            assertThat(random.draws).isEqualTo(2);
        }

        @Test
        void differByDefault() {
            MaskingKeySource keys = new SecureMaskingKeys();
            var seen = new HashSet<Integer>();
            for (int i = 0; i < 100; i++) {
                seen.add(keys.next());
            }
            assertThat(seen)
                    .as("100 draws of 32 bits; 2 alike happen once in 10^6 runs")
                    .hasSizeGreaterThan(97);
        }
    }
}
