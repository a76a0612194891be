package io.sansocket.core.testing;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A decoder of compressed messages made from RFC 1951 and RFC 7692 §7.2.2 alone, with a window as small as told.
 *
 * <p>It shares nothing with zlib, is slow, and says how far back the data refers.
 */
public final class ReferenceInflater {
    private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
    private static final int[] LENGTHS = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] DISTANCES = {
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145, 8193, 12289, 16385, 24577
    };
    private static final int[] ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int MAX_BITS = 15;
    private static final int END_OF_BLOCK = 256;

    private final int window;
    private byte[] history = {};
    private byte[] data = {};
    private int bit;
    private ByteArrayOutputStream out = new ByteArrayOutputStream();
    private byte[] all = new byte[1 << 10];
    private int size;
    private int maxDistance;
    private boolean endsInTail;

    /** Makes a decoder of the messages of one direction. */
    public ReferenceInflater(int windowBits) {
        window = 1 << windowBits;
    }

    /** The data is no message; what it decoded to until then counts for nothing. */
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Returns the furthest that any message referred back. */
    public int maxDistance() {
        return maxDistance;
    }

    /** Decodes a message, and keeps it as context of the next. */
    public byte[] decode(byte[] message) throws RefusedException {
        data = Arrays.copyOf(message, message.length + TAIL.length);
        System.arraycopy(TAIL, 0, data, message.length, TAIL.length);
        bit = 0;
        out = new ByteArrayOutputStream();
        all = Arrays.copyOf(history, history.length + (1 << 12));
        size = history.length;
        do {
            block(message.length);
        } while (bit < Byte.SIZE * data.length);
        if (!endsInTail) {
            throw new RefusedException("the tail is not that of an empty block");
        }
        history = Arrays.copyOfRange(all, Math.max(0, size - (1 << MAX_BITS)), size);
        return out.toByteArray();
    }

    private void block(int tailAt) throws RefusedException {
        boolean last = bits(1) == 1;
        endsInTail = false;
        switch (bits(2)) {
            case 0 -> stored(tailAt);
            case 1 -> fixed();
            case 2 -> dynamic();
            default -> throw new RefusedException("block type 3");
        }
        if (last) {
            align();
        }
    }

    private void align() {
        bit = (bit + 7) / 8 * 8;
    }

    private void stored(int tailAt) throws RefusedException {
        align();
        int at = bit / 8;
        int length = bits(16);
        if ((bits(16) ^ 0xFFFF) != length) {
            throw new RefusedException("stored length");
        }
        endsInTail = at == tailAt && length == 0;
        for (int i = 0; i < length; i++) {
            put((byte) bits(8));
        }
    }

    private void fixed() throws RefusedException {
        int[] literals = new int[288];
        Arrays.fill(literals, 0, 144, 8);
        Arrays.fill(literals, 144, 256, 9);
        Arrays.fill(literals, 256, 280, 7);
        Arrays.fill(literals, 280, 288, 8);
        int[] distances = new int[30];
        Arrays.fill(distances, 5);
        codes(new Code(literals), new Code(distances));
    }

    private void dynamic() throws RefusedException {
        int literals = bits(5) + 257;
        int distances = bits(5) + 1;
        int count = bits(4) + 4;
        if (literals > 286 || distances > 30) {
            throw new RefusedException("too many codes");
        }
        int[] lengths = new int[19];
        for (int i = 0; i < count; i++) {
            lengths[ORDER[i]] = bits(3);
        }
        Code code = new Code(lengths);
        code.requireComplete();
        int[] all = new int[literals + distances];
        for (int i = 0; i < all.length; ) {
            int symbol = code.next();
            int value = symbol < 16 ? symbol : 0;
            if (symbol == 16) {
                if (i == 0) {
                    throw new RefusedException("nothing to repeat");
                }
                value = all[i - 1];
            }
            int times = symbol < 16 ? 1 : symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
            if (i + times > all.length) {
                throw new RefusedException("too many lengths");
            }
            Arrays.fill(all, i, i + times, value);
            i += times;
        }
        if (all[END_OF_BLOCK] == 0) {
            throw new RefusedException("no end of block");
        }
        Code forLiterals = new Code(Arrays.copyOf(all, literals));
        Code forDistances = new Code(Arrays.copyOfRange(all, literals, all.length));
        forLiterals.requireCompleteOrSingle();
        forDistances.requireCompleteOrSingle();
        codes(forLiterals, forDistances);
    }

    private void codes(Code literals, Code distances) throws RefusedException {
        for (int symbol = literals.next(); symbol != END_OF_BLOCK; symbol = literals.next()) {
            if (symbol < END_OF_BLOCK) {
                put((byte) symbol);
                continue;
            }
            int index = symbol - 257;
            if (index >= LENGTHS.length) {
                throw new RefusedException("length symbol");
            }
            int length = LENGTHS[index] + bits(LENGTH_BITS[index]);
            int far = distances.next();
            int distance = DISTANCES[far] + bits(Math.max(0, far / 2 - 1));
            if (distance > size || distance > window) {
                throw new RefusedException("distance " + distance + ", " + size + " bytes, window " + window);
            }
            maxDistance = Math.max(maxDistance, distance);
            for (int i = 0; i < length; i++) {
                put(all[size - distance]);
            }
        }
    }

    private void put(byte b) {
        if (size == all.length) {
            all = Arrays.copyOf(all, 2 * size);
        }
        all[size++] = b;
        out.write(b);
    }

    private int bits(int count) throws RefusedException {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (bit >= Byte.SIZE * data.length) {
                throw new RefusedException("the data ends inside a block");
            }
            value |= ((data[bit / 8] >> (bit % 8)) & 1) << i;
            bit++;
        }
        return value;
    }

    /** A canonical Huffman code (RFC 1951 §3.2.2). */
    private final class Code {
        private final int[] counts = new int[MAX_BITS + 1];
        private final int[] symbols;
        private final int left;

        Code(int[] lengths) throws RefusedException {
            symbols = new int[lengths.length];
            int free = 1;
            int at = 0;
            for (int length = 1; length <= MAX_BITS; length++) {
                free <<= 1;
                for (int symbol = 0; symbol < lengths.length; symbol++) {
                    if (lengths[symbol] == length) {
                        symbols[at++] = symbol;
                        counts[length]++;
                        free--;
                    }
                }
                if (free < 0) {
                    throw new RefusedException("over-subscribed code");
                }
            }
            counts[0] = lengths.length - at;
            left = free;
        }

        void requireComplete() throws RefusedException {
            if (left != 0) {
                throw new RefusedException("incomplete code");
            }
        }

        void requireCompleteOrSingle() throws RefusedException {
            boolean single = symbols.length - counts[0] <= 1 && symbols.length - counts[0] == counts[1];
            if (left != 0 && !single) {
                throw new RefusedException("incomplete code");
            }
        }

        int next() throws RefusedException {
            int code = 0;
            int first = 0;
            int index = 0;
            for (int length = 1; length <= MAX_BITS; length++) {
                code |= bits(1);
                if (code - counts[length] < first) {
                    return symbols[index + code - first];
                }
                index += counts[length];
                first = (first + counts[length]) << 1;
                code <<= 1;
            }
            throw new RefusedException("no such code");
        }
    }
}
