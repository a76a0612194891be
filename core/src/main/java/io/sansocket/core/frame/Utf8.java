package io.sansocket.core.frame;

import java.nio.charset.StandardCharsets;

/**
 * Text to UTF-8, with nothing replaced on the way.
 *
 * @since 0.1
 */
public final class Utf8 {
    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @throws IllegalArgumentException if a surrogate stands alone, which no UTF-8 can say (RFC 3629 §3)
     */
    public static byte[] encode(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                i = checkPair(text, i);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the index of the pair's second half. */
    private static int checkPair(String text, int index) {
        int next = index + 1;
        if (next < text.length() && Character.isSurrogatePair(text.charAt(index), text.charAt(next))) {
            return next;
        }
        throw new IllegalArgumentException(
                "the text has the surrogate U+%04X alone at index %d of %d, which UTF-8 cannot say"
                        .formatted((int) text.charAt(index), index, text.length()));
    }

    /**
     * Returns the longest beginning of a valid text whose UTF-8 has at most {@code maxBytes} bytes, never half a
     * character.
     */
    public static String truncate(String text, int maxBytes) {
        int end = 0;
        int bytes = 0;
        while (end < text.length()) {
            int codePoint = text.codePointAt(end);
            bytes += encodedLength(codePoint);
            if (bytes > maxBytes) {
                return text.substring(0, end);
            }
            end += Character.charCount(codePoint);
        }
        return text;
    }

    private static int encodedLength(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x1_0000 ? 3 : 4;
    }
}
