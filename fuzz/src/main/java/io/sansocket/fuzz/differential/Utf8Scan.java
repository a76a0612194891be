package io.sansocket.fuzz.differential;

/** Where bytes stop being UTF-8, by the table of well-formed sequences (RFC 3629 §4). */
final class Utf8Scan {
    private static final int NONE = -1;

    private final int bad;
    private final boolean complete;

    Utf8Scan(byte[] bytes) {
        int missing = 0;
        int low = 0x80;
        int high = 0xBF;
        int found = NONE;
        for (int i = 0; i < bytes.length && found == NONE; i++) {
            int unit = bytes[i] & 0xFF;
            if (missing > 0) {
                found = unit < low || unit > high ? i : NONE;
                missing--;
                low = 0x80;
                high = 0xBF;
            } else if (unit >= 0xC2 && unit <= 0xDF) {
                missing = 1;
            } else if (unit >= 0xE0 && unit <= 0xEF) {
                missing = 2;
                low = unit == 0xE0 ? 0xA0 : low;
                high = unit == 0xED ? 0x9F : high;
            } else if (unit >= 0xF0 && unit <= 0xF4) {
                missing = 3;
                low = unit == 0xF0 ? 0x90 : low;
                high = unit == 0xF4 ? 0x8F : high;
            } else if (unit >= 0x80) {
                found = i;
            }
        }
        bad = found;
        complete = found == NONE && missing == 0;
    }

    /** Returns the index of the first byte that cannot stand there, or a negative number. */
    int bad() {
        return bad;
    }

    /** Tells whether it is whole characters, and nothing else. */
    boolean isComplete() {
        return complete;
    }
}
