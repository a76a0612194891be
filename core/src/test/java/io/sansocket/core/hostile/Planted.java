package io.sansocket.core.hostile;

import java.util.Arrays;

/** Code that receives badly, and code that does not: what measures must tell them apart. */
enum Planted {
    /** Looks at each byte once. */
    LINEAR {
        @Override
        void run(byte[] bytes) {
            byte[] copy = new byte[0];
            int sum = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (i == copy.length) {
                    copy = Arrays.copyOf(copy, 2 * i + 1);
                }
                copy[i] = bytes[i];
                sum += copy[i];
            }
            require(sum);
        }
    },
    /** Looks at all bytes again for each. */
    LOOKS_AGAIN {
        @Override
        void run(byte[] bytes) {
            int sum = 0;
            for (int end = 0; end < bytes.length; end++) {
                for (int i = 0; i < end; i++) {
                    sum += bytes[i];
                }
            }
            require(sum);
        }
    },
    /** Copies all bytes again for each. */
    COPIES_AGAIN {
        @Override
        void run(byte[] bytes) {
            byte[] all = new byte[0];
            for (byte next : bytes) {
                all = Arrays.copyOf(all, all.length + 1);
                all[all.length - 1] = next;
            }
            require(all[0]);
        }
    };

    abstract void run(byte[] bytes);

    private static void require(int zero) {
        if (zero != 0) {
            throw new IllegalArgumentException("the bytes planted with are all 0");
        }
    }
}
