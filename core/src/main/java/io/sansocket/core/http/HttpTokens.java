package io.sansocket.core.http;

/**
 * The characters of HTTP's grammar (RFC 9110 §5.5, §5.6).
 *
 * @since 0.1
 */
public final class HttpTokens {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
    private static final int LAST_VISIBLE = 0x7E;
    private static final int FIRST_OBS_TEXT = 0x80;
    private static final int LAST_OBS_TEXT = 0xFF;

    private HttpTokens() {}

    /** Tells whether the text is a token: one or more {@linkplain #isTokenCharacter(int) token characters}. */
    public static boolean isToken(CharSequence text) {
        // RFC 9110 §5.6.2: "token = 1*tchar"
        for (int i = 0; i < text.length(); i++) {
            if (!isTokenCharacter(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Tells whether a character or byte may stand in a token. */
    public static boolean isTokenCharacter(int c) {
        // RFC 9110 §5.6.2: "any VCHAR, except delimiters"
        return isLetter(c) || isDigit(c) || TOKEN_MARKS.indexOf(c) >= 0;
    }

    /** Tells whether a character or byte is optional whitespace: a space or a tab. */
    public static boolean isOptionalWhitespace(int c) {
        // RFC 9110 §5.6.3: "OWS = *( SP / HTAB )"
        return c == ' ' || c == '\t';
    }

    /** Tells whether a character or byte is one of 0–9. */
    public static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Tells whether a character or byte is an ASCII letter. */
    public static boolean isLetter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isVisible(int c) {
        return c > ' ' && c <= LAST_VISIBLE;
    }

    /** Tells whether a character or byte may stand in a field value or a reason phrase. */
    static boolean isText(int c) {
        // RFC 9110 §5.5: "field-vchar = VCHAR / obs-text"
        return isVisible(c) || isOptionalWhitespace(c) || (c >= FIRST_OBS_TEXT && c <= LAST_OBS_TEXT);
    }

    /** Finds the first character that may not stand in a field value or a reason phrase, or -1. */
    static int indexOfNonText(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isText(text.charAt(i))) {
                return i;
            }
        }
        return -1;
    }
}
