package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.doctor.inspection.Inspection;
import io.sansocket.doctor.inspection.InspectionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeopleReportTest {
    private static List<String> linesOf(Path capture, int columns) throws IOException {
        var text = new StringWriter();
        var report = new PeopleReport(new ReportOutput(new PrintWriter(text)), new Style(false, true, columns));
        var inspection = new Inspection(InspectionOptions.DEFAULT, report);
        try (var in = Files.newInputStream(capture)) {
            inspection.inspectCapture(in);
        }
        inspection.finish();
        return text.toString().lines().toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 100, 120, 200})
    void linesFitTheTerminal(int columns) throws IOException {
        assertThat(linesOf(Path.of("..", "examples", "truncated.pcapng"), columns))
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
    }
}
