package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.PacketRef;
import java.nio.ByteBuffer;

/**
 * Hears what one connection carried. Calls come on the reading thread, in this order for each side:
 * {@code (data | hole | overlapConflict)* fin? overlapConflict*}, with at most one {@code reset} anywhere, and
 * {@code captureEnd} last for both.
 *
 * <p>The lengths of data and holes of a side add up to offsets in its stream, from its first byte.
 *
 * @since 0.1
 */
public interface ConnectionListener {
    /**
     * The next bytes of a side: in order, each exactly once.
     *
     * @param bytes read-only, at least one, borrowed: valid during the call
     * @param packet the packet that carried them
     */
    void data(Side from, ByteBuffer bytes, PacketRef packet);

    /**
     * The next bytes of a side are not in the capture.
     *
     * @param length how many
     * @param packet the packet that shows it: the one behind the hole, the one that was cut, or at the end of a side the
     *     one that acknowledged the bytes. In that last case alone the length may count the side's FIN as a byte, if the
     *     capture lacks it, too
     */
    void hole(Side from, long length, PacketRef packet, HoleCause cause);

    /**
     * A packet repeated bytes of a side differently. The bytes seen first were or will be delivered.
     *
     * @param offset the first byte in the side's stream that differs
     * @param length how many bytes it is from there to the last that differs
     * @param packet the packet with the other bytes
     */
    void overlapConflict(Side from, long offset, int length, PacketRef packet);

    /** A side ended its stream; every byte in front of the FIN was delivered or told as a hole. */
    void fin(Side from, PacketRef packet);

    /**
     * A side reset the connection. Bytes of both sides that waited were delivered before, with their holes, and for those
     * that the reset itself says came before it a few packets were waited; more may follow when the capture is very much
     * out of order.
     */
    void reset(Side from, PacketRef packet);

    /** Nothing more comes: the capture is over, the ports were used anew, or the table of connections is full. */
    void captureEnd();

    /**
     * Returns whether further bytes of a side are of interest. Once false, it is not asked again: of that side only
     * {@code fin} and {@code reset} are told, when seen.
     */
    default boolean wantsMore(Side from) {
        return true;
    }
}
