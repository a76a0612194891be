package io.sansocket.core.frame;

import java.nio.ByteBuffer;

/**
 * Hears what a {@link FrameDecoder} finds, while it decodes.
 *
 * <p>Every method may read the decoder's state and answers whether to go on; false stops the decoder for good, with the
 * bytes behind the current one unread. A frame gives {@link #broken} (any number of times, while its header arrives),
 * {@link #header} once, {@link #payload} for each part that arrives, {@link #end} once.
 *
 * @since 0.1
 */
public interface FrameHandler {
    /**
     * The header read so far breaks rules. A length out of range stops the decoder whatever the answer.
     *
     * @param rules a {@link RuleSet}, not empty
     * @param offset the offending byte's place in the stream
     */
    boolean broken(FrameDecoder frame, long rules, long offset);

    /** The header is whole. */
    boolean header(FrameDecoder frame);

    /**
     * A part of the payload as it came over the wire, still masked when the frame is.
     *
     * @param in the buffer given to {@link FrameDecoder#decode}, borrowed for this call; to be read by index only
     * @param index where the part begins
     * @param length its size in bytes, at least 1; {@link FrameDecoder#payloadReceived} does not count it yet
     */
    boolean payload(FrameDecoder frame, ByteBuffer in, int index, int length);

    /** The last byte of the payload was passed on, or there is none. */
    boolean end(FrameDecoder frame);
}
