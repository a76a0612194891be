package io.sansocket.core.rule;

/**
 * A peer's text made safe to show: quoted, bounded, and in printable ASCII alone.
 *
 * <p>Messages end up in logs, terminals and web pages; a peer must not be able to forge a line there, to hide text
 * behind bidirectional controls, or to fill a disk.
 *
 * @since 0.1
 */
public final class Excerpt {
    /** How many characters of the text are shown at most. */
    public static final int MAX_LENGTH = 64;

    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7E;

    private Excerpt() {}

    /**
     * Returns the text in double quotes, with everything but printable ASCII escaped as in Java source, and cut behind
     * {@value #MAX_LENGTH} characters with a note of the whole length.
     */
    public static String of(CharSequence text) {
        int shown = Math.min(text.length(), MAX_LENGTH);
        var out = new StringBuilder(shown + 2).append('"');
        for (int i = 0; i < shown; i++) {
            append(out, text.charAt(i));
        }
        out.append('"');
        if (shown < text.length()) {
            out.append("... (").append(text.length()).append(" characters)");
        }
        return out.toString();
    }

    private static void append(StringBuilder out, char c) {
        if (c == '"' || c == '\\') {
            out.append('\\').append(c);
        } else if (c >= FIRST_PRINTABLE && c <= LAST_PRINTABLE) {
            out.append(c);
        } else {
            out.append("\\u");
            for (int shift = 12; shift >= 0; shift -= 4) {
                out.append(Character.forDigit(c >> shift & 0xF, 16));
            }
        }
    }
}
