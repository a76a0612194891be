package io.sansocket.cli;

/** Where valid UTF-8 may be cut. */
final class Utf8Cut {
    private static final int CONTINUATION_BITS = 0xC0;
    private static final int CONTINUATION = 0x80;

    private Utf8Cut() {}

    /** Returns the last boundary between characters at or before an end, behind which bytes may be missing. */
    static int before(byte[] bytes, int end) {
        int lead = end - 1;
        while (lead >= 0 && isContinuation(bytes[lead])) {
            lead--;
        }
        if (lead < 0) {
            return 0;
        }
        return lead + lengthOf(bytes[lead]) <= end ? end : lead;
    }

    /** Returns the first boundary between characters, in front of which bytes may be missing. */
    static int after(byte[] bytes) {
        int start = 0;
        while (start < bytes.length && isContinuation(bytes[start])) {
            start++;
        }
        return start;
    }

    private static boolean isContinuation(byte b) {
        return (b & CONTINUATION_BITS) == CONTINUATION;
    }

    private static int lengthOf(byte lead) {
        int ones = Integer.numberOfLeadingZeros(~((lead & 0xFF) << 24));
        return ones == 0 ? 1 : ones;
    }
}
