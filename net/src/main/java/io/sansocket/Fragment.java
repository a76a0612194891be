package io.sansocket;

import java.nio.ByteBuffer;

/**
 * A piece of a message that is received as a stream. Pieces follow what came over the wire, not the peer's fragments.
 *
 * @since 0.1
 */
public sealed interface Fragment permits Fragment.Text, Fragment.Binary {
    /** Tells whether the message ends with this piece, which may be empty. */
    boolean last();

    /**
     * A piece of a text message.
     *
     * @param text the next characters, never half of one
     * @param last whether the message ends with it
     */
    record Text(String text, boolean last) implements Fragment {}

    /**
     * A piece of a binary message.
     *
     * @param data the next bytes; the buffer is the receiver's own
     * @param last whether the message ends with it
     */
    record Binary(ByteBuffer data, boolean last) implements Fragment {}
}
