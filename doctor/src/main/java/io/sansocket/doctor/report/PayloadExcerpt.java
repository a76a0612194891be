package io.sansocket.doctor.report;

import java.util.Arrays;

/**
 * What is kept of a payload: its beginning and, when that is not all, its last bytes.
 *
 * <p>The bytes between are left out because there are too many of them, or because the capture lacks some.
 *
 * @since 0.1
 */
public final class PayloadExcerpt {
    private final byte[] head;
    private final byte[] tail;
    private final long omitted;

    /**
     * Takes the arrays over.
     *
     * @param head the first bytes
     * @param omitted how many bytes lie between head and tail; 0 when the head is all
     * @param tail the last bytes
     */
    public PayloadExcerpt(byte[] head, long omitted, byte[] tail) {
        this.head = head;
        this.omitted = omitted;
        this.tail = tail;
    }

    /** Returns the first bytes; not to be changed. */
    public byte[] head() {
        return head;
    }

    /** Returns the last bytes, when they are not part of the head; not to be changed. */
    public byte[] tail() {
        return tail;
    }

    /** Returns how many bytes lie between head and tail. */
    public long omitted() {
        return omitted;
    }

    /** Tells whether the head is all that was received. */
    public boolean isWhole() {
        return omitted == 0 && tail.length == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PayloadExcerpt excerpt
                && omitted == excerpt.omitted
                && Arrays.equals(head, excerpt.head)
                && Arrays.equals(tail, excerpt.tail);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(head) ^ Long.hashCode(omitted);
    }

    /** Returns how much is kept. */
    @Override
    public String toString() {
        return head.length + " bytes" + (isWhole() ? "" : ", " + omitted + " left out, " + tail.length + " bytes");
    }
}
