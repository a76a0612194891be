package io.sansocket.doctor.input;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of a quoted text, as Python's {@code repr} and C write them: characters for themselves, {@code \x81} and a few
 * escapes more for the rest.
 */
final class QuotedBytes {
    /** There is no byte yet. */
    static final int NONE = -1;

    private static final int RADIX = 16;
    private static final String ESCAPES = "nrt0abfv\\'\"";
    private static final String ESCAPED = "\n\r\t\0\007\b\f\013\\'\"";

    private enum State {
        OUTSIDE,
        INSIDE,
        BEHIND_BACKSLASH,
        FIRST_DIGIT,
        SECOND_DIGIT
    }

    private State state = State.OUTSIDE;
    private int quote;
    private int high;

    boolean isInside() {
        return state != State.OUTSIDE;
    }

    void begin(int openingQuote) {
        quote = openingQuote;
        state = State.INSIDE;
    }

    /** Takes the next character; returns the byte that it completes, or {@link #NONE}. */
    int accept(int c) {
        switch (state) {
            case INSIDE -> {
                if (c == quote) {
                    state = State.OUTSIDE;
                } else if (c == '\\') {
                    state = State.BEHIND_BACKSLASH;
                } else {
                    return c;
                }
            }
            case BEHIND_BACKSLASH -> {
                if (c == 'x') {
                    state = State.FIRST_DIGIT;
                } else {
                    state = State.INSIDE;
                    return ESCAPED.charAt(ESCAPES.indexOf(c));
                }
            }
            case FIRST_DIGIT -> {
                high = Character.digit(c, RADIX);
                state = State.SECOND_DIGIT;
            }
            default -> {
                state = State.INSIDE;
                return high * RADIX + Character.digit(c, RADIX);
            }
        }
        return NONE;
    }

    /** Returns what is wrong with a next character, or null. */
    @Nullable
    String fault(int c) {
        boolean digit = Character.digit(c, RADIX) >= 0;
        return switch (state) {
            case OUTSIDE -> null;
            case INSIDE -> c == '\n' ? "the line ends inside of quotes" : null;
            case BEHIND_BACKSLASH ->
                c == 'x' || ESCAPES.indexOf(c) >= 0
                        ? null
                        : HexStream.named(c) + " behind a backslash is no escape known here";
            case FIRST_DIGIT, SECOND_DIGIT ->
                digit ? null : "behind \\x stand two hex digits, not " + HexStream.named(c);
        };
    }
}
