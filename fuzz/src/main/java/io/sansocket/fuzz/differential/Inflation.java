package io.sansocket.fuzz.differential;

import java.util.Arrays;

/**
 * DEFLATE data read by the letter of RFC 1951, one bit after the other, without zlib: slow, and sure of itself. Knows
 * what zlib does not tell: how far the references reach, and whether the data ends between two blocks.
 */
final class Inflation {
    /** How far the data got. */
    enum State {
        BETWEEN_BLOCKS,
        INSIDE_BLOCK,
        FULL,
        BROKEN
    }

    private static final int[] LENGTH_BASE = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_EXTRA = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] DISTANCE_BASE = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int MAX_LITERALS = 286;
    private static final int MAX_DISTANCES = 30;
    private static final int END_OF_BLOCK = 256;
    private static final int REPEAT_LAST = 16;
    private static final int REPEAT_ZERO_SHORT = 17;
    private static final HuffmanCode FIXED_LITERALS = HuffmanCode.of(fixedLiterals());
    private static final HuffmanCode FIXED_DISTANCES = HuffmanCode.of(filled(32, 5));

    private final byte[] data;
    private final Deflate agreed;
    private final int window;
    private final int limit;
    private final int start;

    private int bit;
    private byte[] out;
    private int size;
    /** What was put out before this index cannot be referred to. */
    private int reach;

    private State state = State.BETWEEN_BLOCKS;
    private boolean finalBlock;
    private boolean beyondWindow;

    /** Says that the data ends here, or is wrong here. */
    private static final class Stop extends Exception {
        private static final long serialVersionUID = 1;
        private final State state;

        Stop(State state) {
            super(null, null, false, false);
            this.state = state;
        }
    }

    /**
     * Inflates the data of one message, as far as it came.
     *
     * @param history what the messages before it leave to refer to
     * @param window how much of it a message leaves to the next
     * @param limit the most bytes to put out
     */
    Inflation(byte[] data, byte[] history, Deflate agreed, int window, int limit) {
        this.data = data;
        this.agreed = agreed;
        this.window = window;
        this.limit = limit;
        out = Arrays.copyOf(history, history.length + 2 * data.length);
        size = history.length;
        start = size;
        try {
            while (bit < Byte.SIZE * data.length) {
                block();
            }
        } catch (Stop e) {
            state = e.state;
        }
    }

    State state() {
        return state;
    }

    byte[] output() {
        return Arrays.copyOfRange(out, start, size);
    }

    int outputSize() {
        return size - start;
    }

    byte[] history() {
        return Arrays.copyOfRange(out, Math.max(0, size - window), size);
    }

    /** Tells whether a block had BFINAL set. */
    boolean hasFinalBlock() {
        return finalBlock;
    }

    /** Tells whether a reference reached further than the sender agreed to, or further than anything. */
    boolean reachesBeyondWindow() {
        return beyondWindow;
    }

    private void block() throws Stop {
        boolean last = bits(1) == 1;
        switch (bits(2)) {
            case 0 -> stored();
            case 1 -> codes(FIXED_LITERALS, FIXED_DISTANCES);
            case 2 -> dynamic();
            default -> throw new Stop(State.BROKEN);
        }
        if (last) {
            // RFC 7692 §7.2.3.4: behind such a block comes padding, then other blocks.
            finalBlock = true;
            align();
            reach = agreed.takeover() ? Math.max(0, size - window) : size;
        }
    }

    private void align() {
        bit = (bit + Byte.SIZE - 1) / Byte.SIZE * Byte.SIZE;
    }

    private int bits(int count) throws Stop {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (bit == Byte.SIZE * data.length) {
                throw new Stop(State.INSIDE_BLOCK);
            }
            value |= (data[bit / Byte.SIZE] >> (bit % Byte.SIZE) & 1) << i;
            bit++;
        }
        return value;
    }

    private void put(int value) throws Stop {
        if (outputSize() == limit) {
            throw new Stop(State.FULL);
        }
        if (size == out.length) {
            out = Arrays.copyOf(out, 2 * size + 1);
        }
        out[size++] = (byte) value;
    }

    private void stored() throws Stop {
        align();
        int length = bits(Short.SIZE);
        if ((length ^ bits(Short.SIZE)) != 0xFFFF) {
            throw new Stop(State.BROKEN);
        }
        for (int i = 0; i < length; i++) {
            put(bits(Byte.SIZE));
        }
    }

    private void codes(HuffmanCode literals, HuffmanCode distances) throws Stop {
        for (int symbol = symbol(literals); symbol != END_OF_BLOCK; symbol = symbol(literals)) {
            if (symbol < END_OF_BLOCK) {
                put(symbol);
            } else {
                copy(symbol - END_OF_BLOCK - 1, distances);
            }
        }
    }

    private void copy(int lengthSymbol, HuffmanCode distances) throws Stop {
        if (lengthSymbol >= LENGTH_BASE.length) {
            throw new Stop(State.BROKEN);
        }
        int length = LENGTH_BASE[lengthSymbol] + bits(LENGTH_EXTRA[lengthSymbol]);
        int distanceSymbol = symbol(distances);
        if (distanceSymbol >= DISTANCE_BASE.length) {
            throw new Stop(State.BROKEN);
        }
        int distance = DISTANCE_BASE[distanceSymbol] + bits(Math.max(0, distanceSymbol / 2 - 1));
        beyondWindow |= distance > agreed.window();
        if (size - distance < reach) {
            beyondWindow = true;
            throw new Stop(State.BROKEN);
        }
        for (int i = 0; i < length; i++) {
            put(out[size - distance]);
        }
    }

    private int symbol(HuffmanCode code) throws Stop {
        int value = 0;
        for (int length = 1; length <= HuffmanCode.MAX_LENGTH; length++) {
            value = value << 1 | bits(1);
            int symbol = code.symbol(value, length);
            if (symbol >= 0) {
                return symbol;
            }
            if (!code.mayGoOn(value, length)) {
                throw new Stop(State.BROKEN);
            }
        }
        throw new Stop(State.BROKEN);
    }

    private void dynamic() throws Stop {
        int literalCount = bits(5) + 257;
        int distanceCount = bits(5) + 1;
        int codeLengthCount = bits(4) + 4;
        if (literalCount > MAX_LITERALS || distanceCount > MAX_DISTANCES) {
            throw new Stop(State.BROKEN);
        }
        int[] codeLengths = new int[CODE_LENGTH_ORDER.length];
        for (int i = 0; i < codeLengthCount; i++) {
            codeLengths[CODE_LENGTH_ORDER[i]] = bits(3);
        }
        HuffmanCode lengthCode = HuffmanCode.of(codeLengths);
        if (lengthCode.isEmpty()) {
            // Nothing can come of it; zlib says so when it has read a bit for each length, and the core with it.
            for (int i = 0; i < literalCount + distanceCount; i++) {
                bits(1);
            }
        }
        if (!lengthCode.isComplete()) {
            throw new Stop(State.BROKEN);
        }
        int[] lengths = lengths(lengthCode, literalCount + distanceCount);
        HuffmanCode literals = HuffmanCode.of(Arrays.copyOf(lengths, literalCount));
        HuffmanCode distances = HuffmanCode.of(Arrays.copyOfRange(lengths, literalCount, literalCount + distanceCount));
        // RFC 1951 §3.2.7 allows one distance code of one bit, and none at all; zlib takes one literal code, too.
        if (lengths[END_OF_BLOCK] == 0 || !literals.isUsable() || !distances.isUsable()) {
            throw new Stop(State.BROKEN);
        }
        codes(literals, distances);
    }

    private int[] lengths(HuffmanCode code, int count) throws Stop {
        int[] lengths = new int[count];
        int at = 0;
        while (at < count) {
            int symbol = symbol(code);
            if (symbol < REPEAT_LAST) {
                lengths[at++] = symbol;
                continue;
            }
            int repeated = 0;
            int times;
            if (symbol == REPEAT_LAST) {
                times = 3 + bits(2);
                if (at == 0) {
                    throw new Stop(State.BROKEN);
                }
                repeated = lengths[at - 1];
            } else {
                times = symbol == REPEAT_ZERO_SHORT ? 3 + bits(3) : 11 + bits(7);
            }
            if (at + times > count) {
                throw new Stop(State.BROKEN);
            }
            Arrays.fill(lengths, at, at + times, repeated);
            at += times;
        }
        return lengths;
    }

    private static int[] fixedLiterals() {
        int[] lengths = filled(288, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        return lengths;
    }

    private static int[] filled(int count, int value) {
        int[] lengths = new int[count];
        Arrays.fill(lengths, value);
        return lengths;
    }
}
