package io.sansocket.core.deflate;

/**
 * Chooses which outgoing messages are compressed, one by one.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface MessageFilter {
    /** Chooses every message. */
    MessageFilter ALL = (text, length) -> true;

    /**
     * Tells whether a message that is about to be sent is to be compressed. Called once for each that is long enough,
     * by the call that sends it, or its first fragment; a provider's connections share it.
     *
     * @param text true for a text, false for a binary message
     * @param length the message's length in bytes, or -1 while it is not known
     */
    boolean compresses(boolean text, long length);
}
