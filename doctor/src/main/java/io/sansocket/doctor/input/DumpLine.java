package io.sansocket.doctor.input;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a line of a hex dump: where its bytes begin and end, between the offset and the text.
 *
 * <p>{@code 00000010: 8105 4865 6c6c 6f  ..Hello} (xxd; tcpdump writes {@code 0x} in front): the offset ends with a colon
 * and a blank, the bytes with two blanks. {@code 00000010  81 05 48 65  6c 6c 6f  |..Hello|} (hexdump -C): the offset is
 * the number of bytes so far, the bytes end with a bar.
 *
 * @param from the index of the first character behind the offset
 * @param to the index behind the last character of the bytes
 */
record DumpLine(int from, int to) {
    private static final int RADIX = 16;
    private static final int FEWEST_DIGITS = 4;
    private static final int FEWEST_DIGITS_WITHOUT_COLON = 7;
    private static final int MOST_DIGITS = 16;

    /** Returns the columns, or null when the line is no dump's. */
    static @Nullable DumpLine of(byte[] line, int length, long bytesBefore) {
        int start = skipBlanks(line, length, 0);
        if (start + 1 < length && line[start] == '0' && line[start + 1] == 'x') {
            start += 2;
        }
        int end = start;
        long offset = 0;
        while (end < length && Character.digit(line[end], RADIX) >= 0 && end - start <= MOST_DIGITS) {
            offset = offset << 4 | Character.digit(line[end], RADIX);
            end++;
        }
        int digits = end - start;
        if (digits < FEWEST_DIGITS || digits > MOST_DIGITS || end == length) {
            return null;
        }
        if (line[end] == ':' && end + 1 < length && line[end + 1] == ' ') {
            int from = skipBlanks(line, length, end + 1);
            return new DumpLine(from, indexOfTwoBlanks(line, length, from));
        }
        boolean followsOn = digits >= FEWEST_DIGITS_WITHOUT_COLON && offset == bytesBefore;
        if (!followsOn || (bytesBefore == 0 && !hasTwoBlanks(line, end, length))) {
            return null;
        }
        // The last line of hexdump is an offset alone.
        return new DumpLine(end, indexOfBar(line, length, end));
    }

    private static boolean hasTwoBlanks(byte[] line, int index, int length) {
        return index + 1 < length && line[index] == ' ' && line[index + 1] == ' ';
    }

    private static int skipBlanks(byte[] line, int length, int from) {
        int i = from;
        while (i < length && (line[i] == ' ' || line[i] == '\t')) {
            i++;
        }
        return i;
    }

    private static int indexOfTwoBlanks(byte[] line, int length, int from) {
        int i = from;
        while (i < length && !hasTwoBlanks(line, i, length)) {
            i++;
        }
        return i;
    }

    private static int indexOfBar(byte[] line, int length, int from) {
        int i = from;
        while (i < length && line[i] != '|') {
            i++;
        }
        return i;
    }
}
