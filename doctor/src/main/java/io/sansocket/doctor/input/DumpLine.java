package io.sansocket.doctor.input;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a line of a hex dump: where its bytes begin and end, between the offset and the text.
 *
 * <p>{@code 00000010: 8105 4865 6c6c 6f  ..Hello} (xxd; tcpdump writes {@code 0x} in front): the offset ends with a colon
 * and a blank, the bytes with two blanks. Without a colon the offset is the number of bytes so far, in hex or octal:
 * {@code 00000010  81 05 48 65  6c 6c 6f  |..Hello|} (hexdump -C), {@code 0000020 81 05 48} (od -tx1),
 * {@code 0010   81 05 48   ..H} (Wireshark). There the bytes end with a bar, a {@code >} or three blanks.
 *
 * @param from the index of the first character behind the offset
 * @param to the index behind the last character of the bytes
 * @param digits how many digits the offset has
 */
record DumpLine(int from, int to, int digits) {
    /** What {@link #digits} is in front of the first line, and in a text that is no dump. */
    static final int NO_OFFSET = 0;

    private static final int RADIX = 16;
    private static final int FEWEST_DIGITS = 4;
    /** Fewer may be bytes, unless two blanks follow. */
    private static final int FEWEST_DIGITS_BEFORE_PAIRS = 6;

    private static final int MOST_DIGITS = 16;

    /**
     * Returns the columns, or null when the line is no dump's.
     *
     * @param digitsBefore how many digits the offset of the line before has
     */
    static @Nullable DumpLine of(byte[] line, int length, long bytesBefore, int digitsBefore) {
        int start = skipBlanks(line, length, 0);
        if (start + 1 < length && line[start] == '0' && line[start + 1] == 'x') {
            start += 2;
        }
        int end = start;
        long hex = 0;
        long octal = 0;
        while (end < length && Character.digit(line[end], RADIX) >= 0 && end - start <= MOST_DIGITS) {
            int digit = Character.digit(line[end], RADIX);
            hex = hex << 4 | digit;
            octal = octal << 3 | digit;
            end++;
        }
        int digits = end - start;
        if (digits < FEWEST_DIGITS || digits > MOST_DIGITS) {
            return null;
        }
        if (end + 1 < length && line[end] == ':' && line[end + 1] == ' ') {
            int from = skipBlanks(line, length, end + 1);
            return new DumpLine(from, indexOfBlanks(line, length, from, 2), digits);
        }
        boolean begins = hex == 0 && bytesFollow(line, end, length, digits);
        boolean goesOn = digits == digitsBefore && (hex == bytesBefore || octal == bytesBefore);
        if (!(bytesBefore == 0 ? begins : goesOn)) {
            return null;
        }
        // The last line of hexdump and od is an offset alone.
        int from = skipBlanks(line, length, end);
        return new DumpLine(from, endOfBytes(line, length, from), digits);
    }

    /** Tells whether what follows shows that the zeros in front of it are an offset. */
    private static boolean bytesFollow(byte[] line, int end, int length, int digits) {
        if (isBlank(line, end, length) && isBlank(line, end + 1, length)) {
            return true;
        }
        return digits >= FEWEST_DIGITS_BEFORE_PAIRS && pairsFollow(line, end, length);
    }

    private static boolean isBlank(byte[] line, int index, int length) {
        return index < length && (line[index] == ' ' || line[index] == '\t');
    }

    /** Tells whether all that follows an offset of zeros are pairs of digits, as od writes them. */
    private static boolean pairsFollow(byte[] line, int from, int length) {
        int pairs = 0;
        int i = from;
        while (isBlank(line, i, length)) {
            i = skipBlanks(line, length, i);
            int start = i;
            while (i < length && Character.digit(line[i], RADIX) >= 0) {
                i++;
            }
            if (i - start != 2) {
                return pairs > 0 && i == start;
            }
            pairs++;
        }
        return pairs > 0;
    }

    private static int skipBlanks(byte[] line, int length, int from) {
        int i = from;
        while (isBlank(line, i, length)) {
            i++;
        }
        return i;
    }

    private static int indexOfBlanks(byte[] line, int length, int from, int count) {
        int blanks = 0;
        for (int i = from; i < length; i++) {
            blanks = isBlank(line, i, length) ? blanks + 1 : 0;
            if (blanks == count) {
                return i + 1 - count;
            }
        }
        return length;
    }

    private static int endOfBytes(byte[] line, int length, int from) {
        int end = indexOfBlanks(line, length, from, 3);
        for (int i = from; i < end; i++) {
            if (line[i] == '|' || line[i] == '>') {
                return i;
            }
        }
        return end;
    }
}
