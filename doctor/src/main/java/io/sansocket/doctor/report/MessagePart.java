package io.sansocket.doctor.report;

/**
 * A frame as a part of a text or binary message.
 *
 * @param message the message's number in this connection and direction, from 1, of those that were seen to begin; 0 when
 *     the frame belongs to none of them
 * @param compressed whether the message is compressed with permessage-deflate (RFC 7692)
 * @param inflated how many bytes the frame adds to the inflated message; {@link #NOT_INFLATED} when that is not known
 * @since 0.1
 */
public record MessagePart(long message, boolean compressed, long inflated) {
    /** The message is not compressed, or could not be inflated as far as this frame. */
    public static final long NOT_INFLATED = -1;

    /** No part of a message, as a control frame. */
    public static final MessagePart NONE = new MessagePart(0, false, NOT_INFLATED);

    /** Tells whether the frame's payload was inflated, to its end or up to a fault. */
    public boolean isInflated() {
        return inflated != NOT_INFLATED;
    }
}
