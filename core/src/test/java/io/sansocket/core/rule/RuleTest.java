package io.sansocket.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RuleTest {
    @ParameterizedTest
    @EnumSource
    void idIsTheNameInKebabCase(Rule rule) {
        assertThat(rule.id()).isEqualTo(rule.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        assertThat(rule).hasToString(rule.id());
    }

    @Test
    void noTwoRulesShareASentence() {
        assertThat(Arrays.stream(Rule.values()).map(Rule::sentence)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void sentenceIsOneClauseWithoutAFullStop(Rule rule) {
        assertThat(rule.sentence()).isNotBlank().doesNotEndWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void sourceIsASectionOrNoRfcAtAll(Rule rule) {
        assertThat(rule.source())
                .matches("RFC \\d+ §[\\d.]+|a limit of the receiver|a fact about the capture|an opinion");
    }

    @ParameterizedTest
    @CsvSource({
        "RESERVED_BITS, RFC 6455 §5.2, 1002, 0",
        "INVALID_UTF8, RFC 6455 §8.1, 1007, 0",
        "MESSAGE_TOO_BIG, RFC 6455 §7.4.1, 1009, 0",
        "TOO_MANY_FRAGMENTS, RFC 6455 §7.4.1, 1008, 0",
        "COMPRESSED_DATA_INVALID, RFC 7692 §7.2.2, 1007, 0",
        "EXTENSION_FAILED, RFC 6455 §7.4.1, 1011, 0",
        "INCOMPLETE_FRAME, RFC 6455 §7.1.7, 1006, 0",
        "DATA_AFTER_CLOSE, RFC 6455 §5.5.1, 0, 0",
        "PONG_TIMEOUT, a limit of the receiver, 1011, 0",
        "HANDSHAKE_METHOD, RFC 6455 §4.1, 0, 405",
        "HANDSHAKE_HTTP_VERSION, RFC 6455 §4.1, 0, 505",
        "HANDSHAKE_STATUS, RFC 6455 §4.1, 0, 0",
        "CAPTURE_HOLE, a fact about the capture, 0, 0",
        "FOREIGN_DATA, an opinion, 0, 0",
    })
    void sourceAndAnswerAreThoseOfTheCatalogue(Rule rule, String source, int closeCode, int httpStatus) {
        assertThat(rule.source()).isEqualTo(source);
        assertThat(rule.closeCode()).isEqualTo(closeCode);
        assertThat(rule.httpStatus()).isEqualTo(httpStatus);
    }

    @ParameterizedTest
    @EnumSource
    void answerIsOneThatExists(Rule rule) {
        assertThat(rule.closeCode() == Rule.NONE || rule.httpStatus() == Rule.NONE)
                .as("one answer at most")
                .isTrue();
        assertThat(rule.closeCode() == Rule.NONE
                        || rule.closeCode() == CloseCode.ABNORMAL_CLOSURE
                        || CloseCode.isAllowedOnWire(rule.closeCode()))
                .isTrue();
        assertThat(rule.httpStatus() == Rule.NONE || rule.httpStatus() >= 400).isTrue();
    }

    @Nested
    class Violations {
        private final Violation violation = new Violation(Rule.RESERVED_OPCODE, 17, "opcode 0x3 is reserved");

        @Test
        void nameRulePlaceFindingAndSource() {
            assertThat(violation).hasToString("reserved-opcode at offset 17: opcode 0x3 is reserved (RFC 6455 §5.2)");
        }

        @Test
        void areTheMessageOfTheirException() {
            var thrown = new ProtocolViolationException(violation);
            assertThat(thrown).hasMessage(violation.toString());
            assertThat(thrown.violation()).isEqualTo(violation);
        }

        @Test
        @NullUnmarked
        void lackNothing() {
            assertThatNullPointerException().isThrownBy(() -> new Violation(null, 0, ""));
            assertThatNullPointerException().isThrownBy(() -> new Violation(Rule.RESERVED_BITS, 0, null));
        }
    }
}
