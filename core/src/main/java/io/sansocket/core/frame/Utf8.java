package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Text to UTF-8, with nothing replaced on the way.
 *
 * @since 0.1
 */
public final class Utf8 {
    /** What the platform puts in the place of half a surrogate pair. */
    private static final byte REPLACEMENT = '?';

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** A 1 in each byte. */
    private static final long ONES = 0x0101_0101_0101_0101L;

    private static final int HIGHEST_BIT = Byte.SIZE - 1;

    private Utf8() {}

    /**
     * Encodes a text.
     *
     * @throws IllegalArgumentException if a surrogate stands alone, which no UTF-8 can say (RFC 3629 §3)
     */
    public static byte[] encode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        // The platform's encoder is many times faster than a look at each character, and replaces what it cannot say.
        if (hasReplacement(bytes)) {
            checkPairs(text);
        }
        return bytes;
    }

    /** Tells whether a byte is the replacement, be it that the text had one itself. */
    private static boolean hasReplacement(byte[] bytes) {
        long found = 0;
        int index = 0;
        for (; index <= bytes.length - Long.BYTES; index += Long.BYTES) {
            // Where no byte is 0 none borrows from the next, so a highest bit comes up only where it was set before.
            long differences = (long) LONG.get(bytes, index) ^ REPLACEMENT * ONES;
            found |= (differences - ONES) & ~differences & ONES << HIGHEST_BIT;
        }
        for (; index < bytes.length; index++) {
            found |= bytes[index] == REPLACEMENT ? 1 : 0;
        }
        return found != 0;
    }

    private static void checkPairs(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                i = checkPair(text, i);
            }
        }
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
