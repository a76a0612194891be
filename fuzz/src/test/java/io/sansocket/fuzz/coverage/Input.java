package io.sansocket.fuzz.coverage;

import java.util.Arrays;

/** An input as the targets read it: some bytes of choices in front, and the bytes under test behind them. */
final class Input {
    private static final int BYTE = 0xFF;

    private final byte[] bytes;
    private int position;

    Input(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the next byte as a number from 0 to 255; 0 when there is none. */
    int choice() {
        return position < bytes.length ? bytes[position++] & BYTE : 0;
    }

    /** Returns a number from 0 to {@code bound - 1}. */
    int choice(int bound) {
        return choice() % bound;
    }

    /** Returns a number of 16 bits. */
    int place() {
        return choice() << Byte.SIZE | choice();
    }

    /** Returns what is left. */
    byte[] rest() {
        return Arrays.copyOfRange(bytes, position, bytes.length);
    }
}
