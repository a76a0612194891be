package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All 65,536 close codes, received and sent by both roles (RFC 6455 §7.4). */
class CloseCodeProofTest {
    private static final int CODES = 65_536;

    /** RFC 6455 §7.4.1, §7.4.2 and the IANA registry, written out. */
    private static boolean isLawful(int code) {
        return switch (code) {
            case 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014 -> true;
            default -> code >= 3000 && code <= 4999;
        };
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyCodeThatComesIsAnsweredOrFails(Role role) {
        for (int code = 0; code < CODES; code++) {
            Endpoint end = Endpoint.open(role);
            end.receive(Wire.close(role.peer(), code, "r"));
            if (isLawful(code)) {
                end.expectSent(Wire.close(role, code, ""));
                Closed closed = end.eof().expectClosed();
                assertThat(closed.received()).isEqualTo(new CloseStatus(code, "r"));
                assertThat(closed.isClean()).isTrue();
            } else {
                byte[] sent = end.takeSent();
                int at = role == Role.CLIENT ? 6 : 2;
                int mask = role == Role.CLIENT ? 0x37FA : 0;
                assertThat((((sent[at] & 0xFF) << 8) | (sent[at + 1] & 0xFF)) ^ mask)
                        .isEqualTo(1002);
                Closed closed = end.eof().expectClosed();
                assertThat(closed.rule()).isEqualTo(Rule.INVALID_CLOSE_CODE);
                assertThat(closed.violation().message()).contains("code is " + code + ",");
                assertThat(closed.received()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyCodeIsSentOrRefused(Role role) {
        Endpoint end = Endpoint.open(role);
        for (int code = 0; code < CODES; code++) {
            CloseStatus status = CloseStatus.of(code);
            if (isLawful(code)) {
                Endpoint fresh = Endpoint.open(role);
                fresh.protocol.close(status, 0);
                fresh.expectSent(Wire.close(role, code, ""));
            } else if (status.hasCode()) {
                assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.close(status, 0));
            }
        }
        end.expectNothing().protocol.close(CloseStatus.of(1005), 0);
        end.expectSent(Wire.frame(role, 0x88, ""));
    }
}
