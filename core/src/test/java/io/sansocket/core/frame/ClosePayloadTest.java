package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("5.5.1 Close")
class ClosePayloadTest {
    @ParameterizedTest
    @CsvSource({"'', 1005, ''", "03 e8, 1000, ''", "13 87, 4999, ''", "03 e9 61 c3 a4, 1001, aä"})
    void aLawfulPayloadIsReadAndWritten(String payload, int code, String reason) {
        var status = new CloseStatus(code, reason);
        assertThat(ClosePayload.check(hex(payload), 0)).isNull();
        assertThat(ClosePayload.parse(hex(payload))).isEqualTo(status);
        assertThat(ClosePayload.format(status)).isEqualTo(hex(payload));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "03             | INVALID_CLOSE_PAYLOAD | 100 | a close frame has a payload of 1 byte, a code takes 2",
                "03 ed          | INVALID_CLOSE_CODE | 100 | the close code is 1005, allowed are 1000-1003, 1007-1014 and 3000-4999",
                "13 88 61       | INVALID_CLOSE_CODE | 100 | the close code is 5000, allowed are 1000-1003, 1007-1014 and 3000-4999",
                "03 e8 61 ff 61 | INVALID_UTF8 | 103 | byte 0xff at offset 3 of a close frame's payload cannot stand in its reason",
                "03 e8 61 e2 82 | INVALID_UTF8 | 105 | a close frame's reason ends inside a character, 1 bytes short",
            })
    void theFirstBrokenRuleIsTheOneReported(String payload, Rule rule, long offset, String message) {
        assertThat(ClosePayload.check(hex(payload), 100)).isEqualTo(new Violation(rule, offset, message));
    }

    @Test
    void aReasonHasAtMost123Bytes() {
        assertThat(ClosePayload.format(new CloseStatus(1000, "x".repeat(123)))).hasSize(125);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClosePayload.format(new CloseStatus(1000, "ä".repeat(62))))
                .withMessage("the close reason has 124 bytes, the limit is 123 (RFC 6455 §5.5)");
    }

    @Test
    void whatThePeerWouldRefuseIsNotWritten() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClosePayload.format(CloseStatus.of(1006)))
                .withMessageStartingWith("the close code is 1006, allowed are");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClosePayload.format(new CloseStatus(CloseStatus.NONE.code(), "x")))
                .withMessage("a close reason needs a close code (RFC 6455 §5.5.1)");
    }
}
