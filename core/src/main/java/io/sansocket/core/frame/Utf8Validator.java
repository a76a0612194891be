package io.sansocket.core.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks UTF-8 as it comes in parts, and stops at the first byte that no continuation can make valid (RFC 3629 §4).
 *
 * <p>Not thread-safe.
 *
 * @since 0.1
 */
public final class Utf8Validator {
    /** What {@link #validate} returns when all bytes can stand. */
    public static final int VALID = -1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long NON_ASCII = 0x8080_8080_8080_8080L;

    private static final int FIRST_CONTINUATION = 0x80;
    private static final int LAST_CONTINUATION = 0xBF;

    /** Continuation bytes that the current character still needs; 0 between characters. */
    private int missing;
    /** The bounds of the next continuation byte; they are narrower behind E0, ED, F0 and F4. */
    private int lower = FIRST_CONTINUATION;

    private int upper = LAST_CONTINUATION;

    /** Begins with an empty text. */
    public Utf8Validator() {}

    /**
     * Checks the next bytes.
     *
     * @return the index in the array of the first impossible byte, or {@link #VALID}; after an impossible byte the
     *     validator has to be {@link #reset}
     */
    public int validate(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            if (missing == 0) {
                i = skipAscii(bytes, i, end);
                if (i == end) {
                    return VALID;
                }
            }
            if (!accept(bytes[i] & 0xFF)) {
                return i;
            }
            i++;
        }
        return VALID;
    }

    private static int skipAscii(byte[] bytes, int offset, int end) {
        int i = offset;
        while (i <= end - Long.BYTES && ((long) LONG.get(bytes, i) & NON_ASCII) == 0) {
            i += Long.BYTES;
        }
        while (i < end && bytes[i] >= 0) {
            i++;
        }
        return i;
    }

    private boolean accept(int next) {
        if (missing == 0) {
            return begin(next);
        }
        if (next < lower || next > upper) {
            return false;
        }
        lower = FIRST_CONTINUATION;
        upper = LAST_CONTINUATION;
        missing--;
        return true;
    }

    /** Takes the first byte of a character of two bytes or more. */
    private boolean begin(int lead) {
        // RFC 3629 §4: UTF8-2 = %xC2-DF UTF8-tail; UTF8-3 = %xE0 %xA0-BF UTF8-tail / … / %xED %x80-9F UTF8-tail / …;
        // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / … / %xF4 %x80-8F 2( UTF8-tail ).
        if (lead < 0xC2 || lead > 0xF4) {
            return false;
        }
        missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        switch (lead) {
            case 0xE0 -> lower = 0xA0;
            case 0xED -> upper = 0x9F;
            case 0xF0 -> lower = 0x90;
            case 0xF4 -> upper = 0x8F;
            default -> {}
        }
        return true;
    }

    /** Tells whether the bytes so far end between two characters. */
    public boolean isComplete() {
        return missing == 0;
    }

    /** Returns how many bytes the last character still needs; 0 when it is complete. */
    public int missing() {
        return missing;
    }

    /** Forgets what came before: the next byte begins a new text. */
    public void reset() {
        missing = 0;
        lower = FIRST_CONTINUATION;
        upper = LAST_CONTINUATION;
    }
}
