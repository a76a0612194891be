package io.sansocket.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Timeouts;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** docs/limits.md lists every limit and timeout with the default that the code has, and each default is finite. */
class LimitsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "limits.md");

    @Test
    void thePageHasEveryLimitWithItsDefaults() throws Exception {
        List<String> rows = new ArrayList<>();
        for (RecordComponent limit : Limits.class.getRecordComponents()) {
            if (limit.getType() != HttpLimits.class) {
                rows.add(row(limit, Limits.CLIENT, Limits.SERVER));
            }
        }
        for (RecordComponent limit : HttpLimits.class.getRecordComponents()) {
            rows.add(row(limit, Limits.CLIENT.http(), Limits.SERVER.http()));
        }
        for (RecordComponent timeout : Timeouts.class.getRecordComponents()) {
            rows.add(row(timeout, Timeouts.DEFAULT, Timeouts.DEFAULT));
        }
        assertThat(Files.readAllLines(PAGE).stream()
                        .filter(line -> line.startsWith("| `"))
                        .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2) + 1)))
                .containsExactlyElementsOf(rows);
    }

    private static String row(RecordComponent part, Record client, Record server) throws Exception {
        Object first = part.getAccessor().invoke(client);
        Object second = part.getAccessor().invoke(server);
        return "| `%s` | %s | %s |".formatted(part.getName(), shown(first), shown(second));
    }

    private static String shown(Object value) {
        if (value instanceof Duration timeout) {
            assertThat(timeout).isPositive();
            return timeout.toSeconds() + " s";
        }
        long number = ((Number) value).longValue();
        assertThat(number).isPositive().isLessThan(Limits.UNLIMITED);
        return String.format(Locale.ROOT, "%,d", number);
    }
}
