package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;

class MainTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionComesFromTheBuildAndNamesTheJava() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString())
                .matches("sansocket \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\RJava "
                        + Runtime.version().feature() + ".*\\R");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void helpIsDataOnStandardOutput() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).startsWith("Usage: sansocket ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void noCommandIsAUsageError() {
        assertUsageError("a command is missing");
    }

    @Test
    void unknownOptionIsAUsageErrorThatNamesIt() {
        assertUsageError("Unknown option: '--colour'", "--colour");
    }

    @Test
    void unknownColorIsAUsageErrorThatListsTheKnownOnes() {
        assertUsageError("'sometimes' is none of auto, always, never", "--color=sometimes");
    }

    @Test
    void colorIsAskedForBeforeTheHelp() {
        assertThat(run("--color=always", "--help")).isZero();
        assertThat(out.toString()).contains("\u001b[");
    }

    @Test
    void subcommandsTakeTheColorToo() {
        var commandLine =
                Main.commandLine(InputStream.nullInputStream(), Map.of()).addSubcommand(new Failing());
        commandLine.setErr(new PrintWriter(err)).execute("failing", "--color=never");
        assertThat(((Main) commandLine.getCommand()).color()).isEqualTo(Color.NEVER);
    }

    @Test
    void internalErrorIsOneLineWithoutAStackTrace() {
        assertThat(fail(Map.of())).isEqualTo(Main.INTERNAL_ERROR);
        assertThat(err.toString())
                .isEqualTo("sansocket: internal error: java.lang.IllegalStateException: nobody expects it"
                        + " (SANSOCKET_DEBUG=1 shows where; please report it)" + System.lineSeparator());
    }

    @Test
    void internalErrorShowsItsStackTraceOnRequest() {
        assertThat(fail(Map.of("SANSOCKET_DEBUG", "1"))).isEqualTo(Main.INTERNAL_ERROR);
        assertThat(err.toString()).startsWith("sansocket: internal error").contains("at io.sansocket.cli");
    }

    @Command(name = "failing")
    static final class Failing implements Callable<Integer> {
        @Override
        public Integer call() {
            throw new IllegalStateException("nobody expects it");
        }
    }

    private int fail(Map<String, String> environment) {
        return Main.commandLine(InputStream.nullInputStream(), environment)
                .addSubcommand(new Failing())
                .setErr(new PrintWriter(err))
                .execute("failing");
    }

    private void assertUsageError(String message, String... args) {
        assertThat(run(args)).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("sansocket: ").contains(message).contains("Try 'sansocket --help'.");
    }

    private int run(String... args) {
        return Main.run(args, InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), Map.of());
    }
}
