package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColorTest {
    private static final Map<String, String> NOTHING_SET = Map.of();
    private static final Map<String, String> NO_COLOR = Map.of("NO_COLOR", "1");
    private static final boolean TERMINAL = true;
    private static final boolean FILE = false;

    @Test
    void autoColoursATerminalOnly() {
        assertThat(Color.AUTO.isOn(NOTHING_SET, TERMINAL)).isTrue();
        assertThat(Color.AUTO.isOn(NOTHING_SET, FILE)).isFalse();
    }

    @Test
    void noColorCountsUnlessEmpty() {
        assertThat(Color.AUTO.isOn(NO_COLOR, TERMINAL)).isFalse();
        assertThat(Color.AUTO.isOn(Map.of("NO_COLOR", ""), TERMINAL)).isTrue();
    }

    @Test
    void dumbTerminalsGetNoColour() {
        assertThat(Color.AUTO.isOn(Map.of("TERM", "dumb"), TERMINAL)).isFalse();
    }

    @Test
    void theUsersWordBeatsEverything() {
        assertThat(Color.ALWAYS.isOn(NO_COLOR, FILE)).isTrue();
        assertThat(Color.NEVER.isOn(NOTHING_SET, TERMINAL)).isFalse();
    }

    @Test
    void surefireIsNoTerminal() {
        assertThat(Color.AUTO.isOn()).isFalse();
    }
}
