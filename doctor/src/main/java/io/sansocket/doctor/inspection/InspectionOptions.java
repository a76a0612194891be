package io.sansocket.doctor.inspection;

/**
 * How much of each payload a report keeps.
 *
 * @param payloadHead the most bytes from its beginning
 * @param payloadTail the most bytes from its end, when the head is not all
 * @since 0.1
 */
public record InspectionOptions(int payloadHead, int payloadTail) {
    /** The first 64 KiB. */
    public static final InspectionOptions DEFAULT = new InspectionOptions(64 * 1024, 0);

    /**
     * A Close frame's payload is kept whole, so that its reason can be told.
     *
     * @throws IllegalArgumentException when the head has less than 125 bytes or the tail less than 0
     */
    public InspectionOptions {
        if (payloadHead < MIN_HEAD || payloadTail < 0) {
            throw new IllegalArgumentException("payload head of " + payloadHead + " and tail of " + payloadTail
                    + " bytes, at least " + MIN_HEAD + " and 0 are due");
        }
    }

    private static final int MIN_HEAD = 125;
}
