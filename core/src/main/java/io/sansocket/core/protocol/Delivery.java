package io.sansocket.core.protocol;

/**
 * How messages reach the application.
 *
 * @since 0.1
 */
public enum Delivery {
    /** As {@link Event.TextMessage} and {@link Event.BinaryMessage}, once they are whole. */
    WHOLE,
    /** As {@link Event.TextFragment} and {@link Event.BinaryFragment}, as they come, in bounded memory. */
    STREAMED
}
