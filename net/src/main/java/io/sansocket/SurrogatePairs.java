package io.sansocket;

/** The surrogate pairs of a text that comes in pieces: one may lie across two of them, none may lack a half. */
final class SurrogatePairs {
    private static final char NONE = '\0';

    /** How many characters came. */
    private long length;
    /** The last of them, if it is the first half of a pair, else {@link #NONE}. */
    private char half = NONE;

    /**
     * Takes the next piece.
     *
     * @throws IllegalArgumentException if it leaves a half alone, which no UTF-8 can say (RFC 3629 §3)
     */
    void take(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char next = piece.charAt(i);
            boolean completes = Character.isLowSurrogate(next);
            if (half != NONE && !completes) {
                throw alone(half, length - 1);
            }
            if (half == NONE && completes) {
                throw alone(next, length);
            }
            half = Character.isHighSurrogate(next) ? next : NONE;
            length++;
        }
    }

    /**
     * Takes the end of the text.
     *
     * @throws IllegalArgumentException as {@link #take}
     */
    void end() {
        if (half != NONE) {
            throw alone(half, length - 1);
        }
    }

    private static IllegalArgumentException alone(char surrogate, long index) {
        return new IllegalArgumentException(
                "the text has the surrogate U+%04X alone at index %d of what was written, which UTF-8 cannot say"
                        .formatted((int) surrogate, index));
    }
}
