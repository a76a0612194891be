package io.sansocket.core.protocol;

import java.nio.ByteBuffer;

/**
 * Takes what comes on a connection while {@link Protocol#receive(ByteBuffer, long, MessageSink)} runs, in the order of the
 * wire, and without an object for each message where none is needed.
 *
 * <p>Every method answers whether to go on. With false the call that hands things over returns, the bytes behind the last
 * frame are left in its buffer, and nothing is lost: it goes on there when it is called again. (Where messages are streamed and
 * compressed it may return inside a frame.) The same holds when a method
 * throws: what it was given counts as taken, and the exception reaches the caller of {@code receive}.
 *
 * <p>All methods of the protocol may be called meanwhile but {@code receive}, {@code receiveInPlace} and {@code deliver}.
 * What a sink sends is sent in the order of its calls, and events that it causes come after what it was given. One sink may
 * serve many connections: protocols do not keep it.
 *
 * @since 0.1
 */
public interface MessageSink {
    /** Takes a whole text message. */
    boolean text(String text);

    /** Takes a whole binary message, and owns it: the buffer is nobody else's. */
    boolean binary(ByteBuffer data);

    /**
     * Takes a whole binary message where it lies in the buffer given to {@link Protocol#receiveInPlace}: this is that
     * buffer, its position and limit around the message, in big-endian order. Borrowed: once this returns, position, limit
     * and order are put back, and soon other bytes are there. {@link Protocol#sendBinary} copies, so it may be given this.
     *
     * <p>Unless overridden, hands a copy to {@link #binary}.
     */
    default boolean binaryInPlace(ByteBuffer borrowed) {
        return binary(ByteBuffer.allocate(borrowed.remaining()).put(borrowed).flip());
    }

    /** Takes all else, {@link Closed} last: never a {@link Event.TextMessage} or a {@link Event.BinaryMessage}. */
    boolean event(Event event);
}
