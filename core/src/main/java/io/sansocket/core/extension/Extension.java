package io.sansocket.core.extension;

import java.nio.ByteBuffer;

/**
 * A negotiated extension of one connection (RFC 6455 §9): it changes the payload of data messages and owns reserved
 * bits. Single-threaded, like the protocol that calls it.
 *
 * <p>A message goes through {@link #encode} or {@link #decode} part by part, the last one marked; then the next may
 * begin. Buffers are borrowed for the call, both ways.
 *
 * @since 0.1
 */
public interface Extension {
    /** The bit of {@link #reservedBits()} that stands for RSV1. */
    int RSV1 = 4;

    /** The bit of {@link #reservedBits()} that stands for RSV2. */
    int RSV2 = 2;

    /** The bit of {@link #reservedBits()} that stands for RSV3. */
    int RSV3 = 1;

    /** Returns what was agreed: what the server's response says. */
    ExtensionOffer agreed();

    /**
     * Returns the reserved bits it owns on the first frame of a data message, as a 3-bit number (RSV1 = 4, RSV2 = 2,
     * RSV3 = 1). Two extensions of a connection never own the same bit. Constant.
     */
    int reservedBits();

    /**
     * Decides at the start of each outgoing message whether it is encoded; its first frame then gets
     * {@link #reservedBits()}.
     *
     * @param text true for a text, false for a binary message
     * @param length the message's length in bytes, or -1 while it is not known
     */
    boolean encodes(boolean text, long length);

    /**
     * Encodes a part of an outgoing message.
     *
     * @param part borrowed; it is read to its limit unless the sink stops
     * @param last true for the message's last part, which may be empty
     * @param out takes the encoded bytes
     */
    void encode(ByteBuffer part, boolean last, Sink out);

    /**
     * Withdraws the message that was encoded last, in one part: encoding did not make it smaller, so it would rather go
     * out as it was given, without {@link #reservedBits()}. Then no later message may be encoded by what this one left
     * behind, for the peer will never have that.
     *
     * @param length the message's length in bytes
     * @return whether it is withdrawn; by default it is not, and goes out encoded
     */
    default boolean withdraw(long length) {
        return false;
    }

    /**
     * Decodes a part of an incoming message whose first frame had {@link #reservedBits()}.
     *
     * @param part borrowed; it is read to its limit unless the sink stops
     * @param last true for the message's last part, which may be empty
     * @param out takes the decoded bytes; once it returns false the message is lost and the connection fails
     * @throws ExtensionDataException when the peer's data cannot be decoded; the connection then fails. So it does when
     *     this throws anything else that is no {@link Error}, with {@code extension-failed}
     */
    void decode(ByteBuffer part, boolean last, Sink out) throws ExtensionDataException;

    /** Gives back what the extension holds (memory outside the heap); called once, last. */
    default void release() {}

    /**
     * Takes bytes that an extension produced.
     *
     * @since 0.1
     */
    @FunctionalInterface
    interface Sink {
        /**
         * Takes bytes, which are borrowed for the call.
         *
         * @return false to stop: a limit was passed, and nothing more will be taken
         */
        boolean accept(ByteBuffer borrowed);
    }
}
