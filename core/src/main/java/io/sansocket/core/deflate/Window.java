package io.sansocket.core.deflate;

import java.util.Arrays;
import java.util.zip.Inflater;

/** The last bytes of a direction's messages, as far back as a reference may reach. Grows with what came. */
final class Window {
    private static final int GROWTH = 4;

    private final int size;
    /** bytes[0, count): the last bytes. */
    private byte[] bytes = {};

    private int count;

    Window(int size) {
        this.size = size;
    }

    void add(byte[] source, int length) {
        int taken = Math.min(length, size);
        int kept = Math.min(count, size - taken);
        if (kept + taken > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.min(size, GROWTH * (kept + taken)));
        }
        System.arraycopy(bytes, count - kept, bytes, 0, kept);
        System.arraycopy(source, length - taken, bytes, kept, taken);
        count = kept + taken;
    }

    int retained() {
        return bytes.length;
    }

    /** Lets an inflater, which must be fresh or reset, refer to these bytes. */
    void prime(Inflater zlib) {
        if (count > 0) {
            zlib.setDictionary(bytes, 0, count);
        }
    }
}
