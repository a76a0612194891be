package io.sansocket.fuzz.differential;

/** A canonical Huffman code made from the lengths of its codes (RFC 1951 §3.2.2). */
final class HuffmanCode {
    static final int MAX_LENGTH = 15;
    private static final int NONE = -1;

    /** How many codes there are of each length. */
    private final int[] counts = new int[MAX_LENGTH + 1];
    /** The first code of each length. */
    private final int[] first = new int[MAX_LENGTH + 2];
    /** Where the symbols of each length begin. */
    private final int[] offsets = new int[MAX_LENGTH + 2];
    /** The symbols, ordered by the length of their codes. */
    private final int[] symbols;

    private final int used;
    private final long left;

    private HuffmanCode(int[] lengths) {
        symbols = new int[lengths.length];
        for (int length : lengths) {
            counts[length]++;
        }
        used = lengths.length - counts[0];
        counts[0] = 0;
        long free = 1;
        for (int length = 1; length <= MAX_LENGTH; length++) {
            free = 2 * free - counts[length];
            offsets[length + 1] = offsets[length] + counts[length];
            first[length + 1] = (first[length] + counts[length]) * 2;
            if (free < 0) {
                break;
            }
        }
        left = free;
        int[] next = offsets.clone();
        for (int symbol = 0; left >= 0 && symbol < lengths.length; symbol++) {
            if (lengths[symbol] > 0) {
                symbols[next[lengths[symbol]]++] = symbol;
            }
        }
    }

    static HuffmanCode of(int[] lengths) {
        return new HuffmanCode(lengths);
    }

    boolean isEmpty() {
        return used == 0;
    }

    boolean isComplete() {
        return left == 0;
    }

    /** Tells whether zlib takes it: complete, or with one code of one bit, or empty. */
    boolean isUsable() {
        return isComplete() || used == 0 || (used == 1 && counts[1] == 1);
    }

    /** Returns the symbol of a code, or a negative number when the code has other bits or more. */
    int symbol(int code, int length) {
        int index = code - first[length];
        return index >= 0 && index < counts[length] ? symbols[offsets[length] + index] : NONE;
    }

    /** Tells whether a longer code begins with these bits. */
    boolean mayGoOn(int code, int length) {
        return code >= first[length] + counts[length] && (isComplete() || longerThan(length));
    }

    private boolean longerThan(int length) {
        for (int longer = length + 1; longer <= MAX_LENGTH; longer++) {
            if (counts[longer] > 0) {
                return true;
            }
        }
        return false;
    }
}
