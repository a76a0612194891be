package io.sansocket;

import java.nio.ByteBuffer;

/**
 * What the application sends and receives: a text or bytes (RFC 6455 §5.6).
 *
 * @since 0.1
 */
public sealed interface Message permits Message.Text, Message.Binary {
    /**
     * A text message.
     *
     * @param text the text; without half a surrogate pair when it is sent
     */
    record Text(String text) implements Message {}

    /**
     * A binary message.
     *
     * @param data the bytes between the buffer's position and limit; a received buffer is the receiver's own
     */
    record Binary(ByteBuffer data) implements Message {}

    /** Returns a text message. */
    static Message of(String text) {
        return new Text(text);
    }

    /** Returns a binary message. */
    static Message of(ByteBuffer data) {
        return new Binary(data);
    }
}
