package io.sansocket.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** What can be known about the reader's end. */
final class Terminal {
    /** For pipes and files, where nobody says how wide a line may be. */
    private static final int DEFAULT_COLUMNS = 140;

    private static final int FEWEST_COLUMNS = 60;

    private static final String STDERR_PROPERTY = "sansocket.terminal.stderr";

    private static final String STDIN_PROPERTY = "sansocket.terminal.stdin";

    private Terminal() {}

    /** Tells whether the locale can show more than ASCII. */
    static boolean isUnicode() {
        String encoding = System.getProperty("native.encoding", "UTF-8");
        return encoding.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8");
    }

    /** Tells whether standard output is a terminal. */
    static boolean isStdout() {
        return Color.stdoutIsTerminal();
    }

    /** Tells whether somebody sits at both ends, standard input and output. The launcher knows about each. */
    static boolean isBothEnds() {
        String stdin = System.getProperty(STDIN_PROPERTY);
        return isStdout() && (stdin == null || Boolean.parseBoolean(stdin));
    }

    /** Tells whether diagnostics go to a terminal, which the launcher knows and no JVM does. */
    static boolean isStderr() {
        return Boolean.getBoolean(STDERR_PROPERTY);
    }

    /** Returns how wide a line may be: of the terminal, if standard output is one. */
    static int columns() {
        int columns = isStdout() ? askTerminal() : 0;
        return columns <= 0 ? DEFAULT_COLUMNS : Math.max(FEWEST_COLUMNS, columns);
    }

    /** Asks stty, the only one a JVM can ask without native code; takes a few milliseconds. */
    private static int askTerminal() {
        try {
            var process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            return Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
