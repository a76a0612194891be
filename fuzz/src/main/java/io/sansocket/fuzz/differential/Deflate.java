package io.sansocket.fuzz.differential;

/**
 * permessage-deflate as agreed for the direction of a stream (RFC 7692 §7.1).
 *
 * @param takeover whether a message may refer to those before it
 * @param windowBits how far back, as a power of two: 8 to 15
 */
record Deflate(boolean takeover, int windowBits) {
    static final int MIN_WINDOW_BITS = 8;
    static final int MAX_WINDOW_BITS = 15;

    int window() {
        return 1 << windowBits;
    }
}
