package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketKeyTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

    @Test
    void theExampleOfTheRfcIsAnswered() {
        // RFC 6455 §1.3
        assertThat(WebSocketKey.of("the sample nonce".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(KEY);
        assertThat(WebSocketKey.accept(KEY)).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    @Test
    void aNonceHasSixteenBytes() {
        for (int length : new int[] {0, 15, 17}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> WebSocketKey.of(new byte[length]))
                    .withMessage("nonce has " + length + " bytes, it must have 16");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY, "++++////0000999AZaz9ZA==", "AAAAAAAAAAAAAAAAAAAAAB=="})
    void sixteenBytesInBase64AreAKey(String key) {
        assertThat(WebSocketKey.isValid(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "==",
                "dGhlIHNhbXBsZSBub25jZQ=",
                "dGhlIHNhbXBsZSBub25jZQ===",
                "dGhlIHNhbXBsZSBub25jZQA=",
                "dGhlIHNhbXBsZSBub25jZQAA",
                "dGhlIHNhbXBsZSBub25jZ===",
                "dGhlIHNhbXBsZSBub25j-Q==",
                "dGhlIHNhbXBsZSBub25j Q==",
                "dGhlIHNhbXBsZSBub25j\u00e9Q=="
            })
    void otherTextsAreNoKey(String key) {
        assertThat(WebSocketKey.isValid(key)).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> WebSocketKey.accept(key));
    }
}
