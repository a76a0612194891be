package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static final int LENGTH = 4 * 1024 * 1024;
    private static final long SECOND = 1_000_000_000;

    private final StringWriter terminal = new StringWriter();
    private long now;

    private ProgressLine watch(boolean unicode) {
        return new ProgressLine(
                new ByteArrayInputStream(new byte[LENGTH]),
                new PrintWriter(terminal),
                new Style(false, unicode, 80),
                LENGTH,
                () -> terminal.append("[reports]"),
                () -> now);
    }

    @Test
    void nothingIsShownBeforeASecondHasPassed() throws IOException {
        try (var line = watch(true)) {
            now = SECOND - 1;
            line.read(new byte[LENGTH / 2]);
        }
        assertThat(terminal.toString()).isEmpty();
    }

    @Test
    void theLineComesBehindWholeReportsAndIsErasedAtTheEnd() throws IOException {
        try (var line = watch(false)) {
            line.read(new byte[LENGTH / 2]);
            now = 2 * SECOND;
            assertThat(line.read()).isZero();
        }
        assertThat(terminal.toString())
                .isEqualTo("[reports]\r\u001b[K###############............... 50 %, 2 of 4 MiB, 1 MiB/s\r\u001b[K");
    }

    @Test
    void theLineIsErasedOnceBeforeAReport() throws IOException {
        var line = watch(true);
        now = SECOND;
        assertThat(line.read(new byte[LENGTH])).isEqualTo(LENGTH);
        line.erase();
        line.erase();
        assertThat(terminal.toString()).startsWith("[reports]\r\u001b[K██").endsWith("MiB/s\r\u001b[K");
    }

    @Test
    void theLineIsDrawnFiveTimesASecond() throws IOException {
        var line = watch(true);
        for (now = SECOND; now < 2 * SECOND; now += SECOND / 100) {
            assertThat(line.read()).isZero();
        }
        assertThat(terminal.toString().split("reports", -1)).hasSize(1 + 5);
    }
}
