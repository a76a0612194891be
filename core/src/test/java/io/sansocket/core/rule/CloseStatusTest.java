package io.sansocket.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("5.5.1 Close")
class CloseStatusTest {
    @Test
    void aCloseFrameMayBeWithoutACode() {
        assertThat(CloseStatus.NONE.hasCode()).isFalse();
        assertThat(CloseStatus.NONE).isEqualTo(CloseStatus.of(1005)).hasToString("without a code");
        assertThat(CloseStatus.of(1000).hasCode()).isTrue();
    }

    @Test
    void itIsShownWithTheCodesNameAndTheReasonMadeSafe() {
        assertThat(CloseStatus.of(1001)).hasToString("1001 (going away)");
        assertThat(new CloseStatus(4000, "bye\u001b")).hasToString("4000 (private use) \"bye\\u001b\"");
    }
}
