package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.HostileOutcomeTest.PIECES;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.testing.Reachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * docs/hostile-input.md lists every shape and how it ends. Its figures are measured, and written into it, when the
 * system property {@value #WRITE} is set.
 */
class HostileInputPageTest {
    private static final String WRITE = "sansocket.writePages";
    private static final Path PAGE = Path.of("..", "docs", "hostile-input.md");

    @Test
    void thePageHasEveryShapeAndItsOutcome() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            write();
        }
        assertThat(Files.readAllLines(PAGE).stream()
                        .filter(HostileInputPageTest::isRow)
                        .map(line -> Arrays.asList(line.split(" \\| ", -1)).subList(0, 3)))
                .containsExactlyElementsOf(Catalogue.shapes().stream()
                        .map(shape -> List.of("| `" + shape.id() + "`", shape.attacks(), shape.outcome()))
                        .toList());
    }

    private static boolean isRow(String line) {
        return line.startsWith("| `");
    }

    private static void write() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(PAGE));
        int at = lines.indexOf("<!-- shapes -->") + 3;
        lines.removeIf(HostileInputPageTest::isRow);
        lines.addAll(
                at, Catalogue.shapes().stream().map(HostileInputPageTest::row).toList());
        Files.write(PAGE, lines);
    }

    /** Measures a shape in each kind of pieces, and tells the worst. */
    private static String row(Shape shape) {
        byte[] bytes = shape.bytes(HostileCostTest.size(shape));
        byte[] whole = shape.bytes(shape.size());
        double steps = 0;
        double copied = 0;
        double allocated = 0;
        long taken = 0;
        long untaken = 0;
        for (int piece : PIECES) {
            Work work = Work.of(shape.start(), bytes, piece);
            steps = Math.max(steps, (double) work.steps() / work.bytes());
            copied = Math.max(copied, (double) (work.copied() + work.primed()) / work.bytes());
            Work.allocated(shape.start(), bytes, piece);
            double garbage = Work.allocated(shape.start(), bytes, piece);
            allocated = Math.max(allocated, garbage / work.bytes());
            taken = Math.max(taken, held(shape, whole, piece, true));
            untaken = Math.max(untaken, held(shape, whole, piece, false));
        }
        return String.format(
                Locale.ROOT,
                "| `%s` | %s | %s | %,d | %.0f | %.0f | %.0f | %.1f | %,.1f |",
                shape.id(),
                shape.attacks(),
                shape.outcome(),
                whole.length,
                steps,
                copied,
                allocated,
                taken / 1024.0,
                untaken / 1024.0);
    }

    private static long held(Shape shape, byte[] bytes, int piece, boolean taken) {
        Attack attack = Attack.on(shape.start(), shape.start().limits(), PermessageDeflate.create(), taken);
        return Reachable.from(attack.feed(bytes, piece).protocol).heap();
    }
}
