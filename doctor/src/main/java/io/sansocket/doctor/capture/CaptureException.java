package io.sansocket.doctor.capture;

import java.io.IOException;

/**
 * A capture file that is damaged, cut off or of a kind that cannot be read.
 *
 * <p>The message names the rule, the offset, the value and the limit. Every packet in front of the fault was delivered.
 *
 * @since 0.1
 */
public final class CaptureException extends IOException {
    private static final long serialVersionUID = 1;

    /** Where the fault is, counted in the decompressed file. */
    private final long offset;

    /**
     * Reports a fault of the file.
     *
     * @param offset the place of the fault, from the first byte of the decompressed file
     * @param message what is wrong, where, how much, and the limit
     */
    public CaptureException(long offset, String message) {
        super(message);
        this.offset = offset;
    }

    /** Returns the place of the fault, counted from the first byte of the decompressed file. */
    public long offset() {
        return offset;
    }
}
