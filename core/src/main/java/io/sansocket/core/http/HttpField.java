package io.sansocket.core.http;

import io.sansocket.core.rule.Excerpt;

/**
 * One field of a head: a name and a value (RFC 9110 §5).
 *
 * @param name the name as it was written; names compare without regard to case
 * @param value the value, one character per byte (ISO-8859-1), without whitespace around it
 * @param offset where the value's first byte stands in the peer's stream; 0 for a field that was not received
 * @since 0.1
 */
public record HttpField(String name, String value, long offset) {
    /**
     * Checks the grammar, so that no field can smuggle a line into a head.
     *
     * @throws IllegalArgumentException when the name is not a token, or the value holds CR, LF, NUL, another control
     *     character but the tab, a character above U+00FF, or whitespace at an end
     */
    public HttpField {
        if (!HttpTokens.isToken(name)) {
            throw new IllegalArgumentException("header name " + Excerpt.of(name) + " is not a token (RFC 9110 §5.6.2)");
        }
        int bad = HttpTokens.indexOfNonText(value);
        if (bad >= 0) {
            throw new IllegalArgumentException("value of header " + name + " has a character that is not allowed at"
                    + " index " + bad + ": " + Excerpt.of(value.substring(bad, bad + 1)) + " (RFC 9110 §5.5)");
        }
        if (!value.isEmpty()
                && (HttpTokens.isOptionalWhitespace(value.charAt(0))
                        || HttpTokens.isOptionalWhitespace(value.charAt(value.length() - 1)))) {
            throw new IllegalArgumentException(
                    "value of header " + name + " starts or ends with whitespace (RFC 9110 §5.5)");
        }
    }

    /** Returns the name and the value's length: the value may be a secret (Authorization, Cookie). */
    @Override
    public String toString() {
        return name + ": " + value.length() + " bytes at offset " + offset;
    }
}
