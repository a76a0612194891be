package io.sansocket.cli;

import java.io.Console;
import java.lang.reflect.Method;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The three answers to {@code --color}, and the one place that turns them into a decision. */
enum Color {
    AUTO,
    ALWAYS,
    NEVER;

    /** Set by the launcher, which can ask about standard output alone; the JVM only knows about both ends together. */
    static final String TERMINAL_PROPERTY = "sansocket.terminal";

    /** Tells whether standard output gets colours in this process. */
    boolean isOn() {
        return isOn(System.getenv(), stdoutIsTerminal());
    }

    /** Decides by the user's word first, then by {@code NO_COLOR} (no-color.org), then by what is at the other end. */
    boolean isOn(Map<String, String> environment, boolean terminal) {
        return switch (this) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        };
    }

    private static boolean stdoutIsTerminal() {
        var told = System.getProperty(TERMINAL_PROPERTY);
        return told != null ? Boolean.parseBoolean(told) : isTerminal(System.console());
    }

    /** From Java 22 on there is a console even when the output is a file; {@code isTerminal} came with it. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            Method isTerminal = Console.class.getMethod("isTerminal");
            return (boolean) isTerminal.invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** Reads the option's value, whatever command it is given to. */
    static final class Converter implements ITypeConverter<Color> {
        @Override
        public Color convert(String value) {
            return switch (value) {
                case "auto" -> AUTO;
                case "always" -> ALWAYS;
                case "never" -> NEVER;
                default -> throw new TypeConversionException("'" + value + "' is none of auto, always, never");
            };
        }
    }
}
