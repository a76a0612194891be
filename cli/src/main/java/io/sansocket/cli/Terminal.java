package io.sansocket.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What can be known about the reader's end. */
final class Terminal {
    /** For pipes and files, where nobody says how wide a line may be. */
    private static final int DEFAULT_COLUMNS = 140;

    private static final int FEWEST_COLUMNS = 60;

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

    /** Tells whether diagnostics are read by people, as far as the system says; no JVM does. */
    static boolean isStderr() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            // Not Linux: better no progress than escapes in somebody's log.
            return false;
        }
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
