package io.sansocket.cli;

import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * What the library logs, as lines on standard error: nothing, until a command says from which level on.
 *
 * <p>In place of {@code java.util.logging}, whose lines are not for people, and which takes long to load.
 */
public final class LogLines extends System.LoggerFinder {
    private record Target(PrintWriter err, Level from) {}

    private static volatile @Nullable Target target;

    /** Found by the {@link java.util.ServiceLoader}. */
    public LogLines() {}

    /** Shows what is logged at this level and above. A process runs one command, so this is for all of it. */
    static void show(PrintWriter err, Level from) {
        target = new Target(err, from);
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Lines(name);
    }

    private record Lines(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            Target now = target;
            return now != null
                    && level != Level.OFF
                    && level.getSeverity() >= from(now).getSeverity()
                    && name.startsWith("io.sansocket");
        }

        /** The engine's warnings are about a slow machine or a slow reader of ours: for who wants to see everything. */
        private Level from(Target now) {
            return now.from != Level.DEBUG && name.equals("io.sansocket.engine") ? Level.ERROR : now.from;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            Target now = target;
            if (now != null && isLoggable(level)) {
                now.err.println(message);
                if (thrown != null) {
                    now.err.println("! " + thrown);
                }
                now.err.flush();
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            boolean plain = format == null || values == null || values.length == 0;
            log(level, bundle, plain ? format : MessageFormat.format(format, values), (Throwable) null);
        }
    }
}
