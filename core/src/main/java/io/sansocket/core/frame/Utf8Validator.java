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

    /** Bytes of ASCII that are looked at together. */
    private static final int STRIDE = 4 * Long.BYTES;

    private static final int FIRST_LEAD = 0xC2;
    private static final int LAST_LEAD = 0xF4;
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
                i = skipCharacters(bytes, i, end);
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

    /** Skips valid characters up to the first that is none or may lie beyond the input; it does not begin with ASCII. */
    private static int skipCharacters(byte[] bytes, int offset, int end) {
        int i = skipAscii(bytes, offset, end);
        while (i <= end - Integer.BYTES) {
            int length = characterLength(bytes, i);
            if (length == 0) {
                return i;
            }
            i = skipAscii(bytes, i + length, end);
        }
        return i;
    }

    /** Returns the size of a character that is not ASCII, with four bytes in hand, or 0 when it is none. */
    private static int characterLength(byte[] bytes, int index) {
        int lead = bytes[index] & 0xFF;
        if (!continues(bytes[index + 1])) {
            return 0;
        }
        if (lead < 0xE0) {
            return lead < FIRST_LEAD ? 0 : 2;
        }
        int second = bytes[index + 1] & 0xFF;
        if (!continues(bytes[index + 2]) || second < lowest(lead) || second > highest(lead)) {
            return 0;
        }
        if (lead < 0xF0) {
            return 3;
        }
        return lead <= LAST_LEAD && continues(bytes[index + 3]) ? 4 : 0;
    }

    private static boolean continues(byte next) {
        return (next & 0xC0) == FIRST_CONTINUATION;
    }

    private static int skipAscii(byte[] bytes, int offset, int end) {
        int i = offset;
        if (i < end && bytes[i] < 0) {
            return i;
        }
        while (i <= end - STRIDE
                && (((long) LONG.get(bytes, i)
                                        | (long) LONG.get(bytes, i + 8)
                                        | (long) LONG.get(bytes, i + 16)
                                        | (long) LONG.get(bytes, i + 24))
                                & NON_ASCII)
                        == 0) {
            i += STRIDE;
        }
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
        if (lead < FIRST_LEAD || lead > LAST_LEAD) {
            return false;
        }
        missing = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        lower = lowest(lead);
        upper = highest(lead);
        return true;
    }

    // RFC 3629 §4: UTF8-2 = %xC2-DF UTF8-tail; UTF8-3 = %xE0 %xA0-BF UTF8-tail / … / %xED %x80-9F UTF8-tail / …;
    // UTF8-4 = %xF0 %x90-BF 2( UTF8-tail ) / … / %xF4 %x80-8F 2( UTF8-tail ).

    /** Returns the least second byte behind a first one. */
    private static int lowest(int lead) {
        return switch (lead) {
            case 0xE0 -> 0xA0;
            case 0xF0 -> 0x90;
            default -> FIRST_CONTINUATION;
        };
    }

    /** Returns the greatest second byte behind a first one. */
    private static int highest(int lead) {
        return switch (lead) {
            case 0xED -> 0x9F;
            case 0xF4 -> 0x8F;
            default -> LAST_CONTINUATION;
        };
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
