package io.sansocket.core.protocol;

import io.sansocket.core.frame.ClosePayload;
import io.sansocket.core.frame.MaskingKeySource;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a WebSocket connection, without I/O: bytes, ends of streams and time go in; events, bytes and deadlines
 * come out. The package's description tells how the calls go together, and which thread may make them.
 *
 * <p>Nothing here throws because of what the peer sent: its faults fail the connection and end in {@link Closed}. An
 * {@link IllegalStateException} or {@link IllegalArgumentException} is the caller's own fault, and changes nothing.
 *
 * @since 0.1
 */
public abstract sealed class Protocol permits ClientProtocol, ServerProtocol {
    /** What {@link #deadline} returns when there is nothing to wait for. */
    public static final long NO_DEADLINE = Long.MAX_VALUE;

    private static final int MAX_CONTROL_PAYLOAD = 125;

    final OutputQueue output = new OutputQueue();
    final Connection connection;
    private final FrameSender sender;

    Protocol(Role role, Settings settings, @Nullable MaskingKeySource maskingKeys, long now) {
        sender = new FrameSender(output, settings.limits(), maskingKeys);
        connection = new Connection(role, settings, sender, output, now);
    }

    /**
     * Takes bytes that came from the peer, all of them. The buffer may be of any kind; it is only read, and the caller's
     * again afterwards.
     *
     * @param now the time, in nanoseconds of the caller's monotonic clock
     */
    public final void receive(ByteBuffer in, long now) {
        connection.receive(in, now);
    }

    /**
     * Takes bytes that came from the peer, and hands what they are to a sink, behind the events that wait. The buffer is
     * only read, and the caller's again afterwards.
     *
     * <p>Takes all bytes, unless the sink has enough or throws: then the buffer's position tells where those begin that
     * were not looked at. To go on, give them again, before any that came later. As long as the sink has enough, no Pong is
     * overdue and no frame is stalled: what is missed may be among those bytes.
     *
     * @param now the time, in nanoseconds of the caller's monotonic clock
     * @throws IllegalStateException if it is called by a sink
     */
    public final void receive(ByteBuffer in, long now, MessageSink sink) {
        connection.receive(in, now, sink, false);
    }

    /**
     * As {@link #receive(ByteBuffer, long, MessageSink)}, with a buffer that may be changed: binary messages that lie in it
     * whole, in one frame, are unmasked there and go to {@link MessageSink#binaryInPlace}. The bytes behind the buffer's
     * position stay as they came.
     *
     * @throws IllegalStateException if it is called by a sink
     * @throws IllegalArgumentException if the buffer is read-only
     */
    public final void receiveInPlace(ByteBuffer in, long now, MessageSink sink) {
        if (in.isReadOnly()) {
            throw new IllegalArgumentException("a read-only buffer cannot be unmasked in place");
        }
        connection.receive(in, now, sink, true);
    }

    /**
     * Hands the events that wait to a sink, as {@link #receive(ByteBuffer, long, MessageSink)} does: those of timeouts and
     * of the end of the stream, say. {@link #nextEvent} takes them one by one instead.
     *
     * @throws IllegalStateException if it is called by a sink
     */
    public final void deliver(MessageSink sink) {
        connection.deliverTo(sink);
    }

    /**
     * Says that nothing is read until the next call of {@code receive}, by this end's own choice. What the peer owes may have
     * come meanwhile, so its silence is not held against it: no frame stalls, no Pong is overdue. A sink that answers false has
     * said so already.
     */
    public final void holdBack() {
        connection.holdBack();
    }

    /**
     * Says that the peer ended its stream: nothing more comes. {@link Closed} tells what is missing, if anything. Where a
     * Close frame or a refusal waits to be transmitted, Closed comes once it is: the peer may still read it.
     */
    public final void receiveEof(long now) {
        receiveEnd(TransportEnd.PEER_EOF, now);
    }

    /** Says that the connection was reset: nothing more comes, and nothing more goes out. */
    public final void receiveReset(long now) {
        receiveEnd(TransportEnd.PEER_RESET, now);
    }

    /**
     * Says how the transport ended, as {@link #receiveEof} and {@link #receiveReset} do. A truncated stream of TLS counts
     * as one that the peer ended, a failure at this end as a reset.
     *
     * @throws IllegalArgumentException if it is an end that the protocol itself decides on: {@link TransportEnd#LOCAL} or
     *     {@link TransportEnd#LOCAL_TIMEOUT}
     */
    public final void receiveEnd(TransportEnd how, long now) {
        if (how == TransportEnd.LOCAL || how == TransportEnd.LOCAL_TIMEOUT) {
            throw new IllegalArgumentException("nobody but the protocol says that " + how);
        }
        connection.transportEnded(how, now);
    }

    /** Returns the next event, or null when there is none for now. */
    public final @Nullable Event nextEvent() {
        return connection.nextEvent();
    }

    /**
     * Copies bytes to write into a buffer, as many as wait and fit. They count as transmitted from now on, whatever becomes
     * of them; {@link #gather} and {@link #lend} leave that to be said.
     *
     * @return how many; 0 when nothing waits
     */
    public final int transmit(ByteBuffer target) {
        sender.queuePong();
        int count = output.transmit(target);
        connection.transmitted();
        return count;
    }

    /**
     * Returns read-only views of bytes to write, in order, without copying them; {@link #transmitted} then says how many
     * were written. The views are good until the next call of any method.
     */
    public final ByteBuffer[] gather(int maxBuffers) {
        sender.queuePong();
        return output.gather(maxBuffers);
    }

    /**
     * Says how many of the bytes that {@link #gather} or {@link #takeBack} gave were written, in order. Behind {@link Closed},
     * which has told already what was not, nothing happens.
     *
     * @throws IllegalArgumentException if they are fewer than 0 or more than waited
     * @throws IllegalStateException if a buffer is lent
     */
    public final void transmitted(long count) {
        if (connection.isClosed()) {
            return;
        }
        if (count < 0 || count > output.size()) {
            throw new IllegalArgumentException(
                    count + " bytes cannot have been transmitted, " + output.size() + " waited");
        }
        output.advance(count);
        connection.transmitted();
    }

    /**
     * Lends a buffer until {@link #takeBack}: what is queued is encoded straight into it, from its position on, as long as
     * it fits and nothing waits in front of it. What does not fit is queued as without a loan.
     *
     * <p>Meanwhile the buffer is the protocol's: its bytes, position and limit must be left alone, and {@link #transmit},
     * {@link #gather} and {@link #transmitted} cannot be called. Bytes in it count as waiting.
     *
     * @param target any kind of writable buffer
     * @throws IllegalStateException if a buffer is lent already
     * @throws IllegalArgumentException if the buffer is read-only
     */
    public final void lend(ByteBuffer target) {
        if (target.isReadOnly()) {
            throw new IllegalArgumentException("nothing can be encoded into a read-only buffer");
        }
        output.lend(target);
    }

    /**
     * Takes the lent buffer back, filled up with what waits: the same bytes as {@link #transmit} would have copied. The
     * caller owns it again, writes the bytes that were added before any that it is given later, and says with
     * {@link #transmitted} how many of them went. Until then they count as waiting, but are not given again. If the
     * connection has closed meanwhile, the buffer is as it was lent.
     *
     * @return how many bytes were added in front of the buffer's position
     * @throws IllegalStateException if no buffer is lent
     */
    public final int takeBack() {
        sender.queuePong();
        return output.takeBack();
    }

    /** Tells whether there are bytes to write; not those that {@link #takeBack} gave out. */
    public final boolean hasOutput() {
        return sender.hasPending();
    }

    /** Returns how many bytes are queued and not transmitted; a pending Pong is not among them. */
    public final long bufferedOutput() {
        return output.size();
    }

    /**
     * Returns how many bytes are held because what they belong to is not whole: of a message, as decoded, or of the opening
     * handshake. Events that wait are not counted.
     */
    public final long bufferedInput() {
        return connection.bufferedInput();
    }

    /** Tells whether nothing will be transmitted ever again: an engine then ends its own side of the stream. */
    public final boolean isOutputDone() {
        return connection.isOutputDone();
    }

    /** Returns when to call {@link #timeout}, by the caller's clock, or {@link #NO_DEADLINE}; each call may change it. */
    public final long deadline() {
        return connection.deadline();
    }

    /** Does what is due: Pings, and the ends of timeouts. Called early, it does nothing. */
    public final void timeout(long now) {
        connection.timeout(now);
    }

    /** Tells what the connection waits for: the answer to "why do I get no events?". */
    public final Progress progress() {
        return connection.progress();
    }

    /** Returns the nanoseconds from the last answered Ping to its Pong, or -1 before the first. */
    public final long latency() {
        return connection.latency();
    }

    /**
     * Queues a text message.
     *
     * @throws IllegalStateException if the connection is not open, another message is unfinished, or too much output
     *     waits; nothing is queued then
     * @throws IllegalArgumentException if the text holds half a surrogate pair
     */
    public final void sendText(String text) {
        connection.requireOpen();
        sender.sendText(text);
    }

    /**
     * Queues a binary message: a copy of the buffer's remaining bytes. The buffer stays as it is, and the caller's.
     *
     * @throws IllegalStateException as {@link #sendText}
     */
    public final void sendBinary(ByteBuffer data) {
        connection.requireOpen();
        sender.sendBinary(data, false);
    }

    /**
     * Queues a binary message as {@link #sendBinary} does, without copying a large one where that can be avoided: the
     * buffer's bytes must not change before they are transmitted, so they must not be borrowed ones.
     *
     * @throws IllegalStateException as {@link #sendText}
     */
    public final void sendBinaryByReference(ByteBuffer data) {
        connection.requireOpen();
        sender.sendBinary(data, true);
    }

    /**
     * Queues a fragment of a text message (RFC 6455 §5.4). A surrogate pair may lie across two fragments.
     *
     * @throws IllegalStateException as {@link #sendText}
     * @throws IllegalArgumentException as {@link #sendText}
     */
    public final void sendTextFragment(String text, FragmentKind kind) {
        connection.requireOpen();
        sender.sendTextFragment(text, kind);
    }

    /**
     * Queues a fragment of a binary message (RFC 6455 §5.4). The buffer is treated as by {@link #sendBinary}.
     *
     * @throws IllegalStateException as {@link #sendText}
     */
    public final void sendBinaryFragment(ByteBuffer data, FragmentKind kind) {
        connection.requireOpen();
        sender.sendBinaryFragment(data, kind);
    }

    /**
     * Queues a Ping (RFC 6455 §5.5.2), which {@link Event.Pong} answers.
     *
     * @param payload at most 125 bytes, copied
     * @throws IllegalStateException if the connection is not open, or too many Pings wait for their Pong
     * @throws IllegalArgumentException if the payload is longer
     */
    public final void sendPing(ByteBuffer payload, long now) {
        connection.requireOpen();
        ByteBuffer copy = controlPayload(payload);
        connection.sendPing(copy, now);
        sender.sendPing(copy);
    }

    /**
     * Queues a Pong that no Ping asked for (RFC 6455 §5.5.3). Pings are answered without the caller's doing.
     *
     * @param payload at most 125 bytes, copied
     * @throws IllegalStateException if the connection is not open, or too much output waits
     * @throws IllegalArgumentException if the payload is longer
     */
    public final void sendPong(ByteBuffer payload) {
        connection.requireOpen();
        sender.sendPong(controlPayload(payload));
    }

    private static ByteBuffer controlPayload(ByteBuffer payload) {
        int length = payload.remaining();
        if (length > MAX_CONTROL_PAYLOAD) {
            throw new IllegalArgumentException("control frame payload is " + length + " bytes, the limit is "
                    + MAX_CONTROL_PAYLOAD + " (RFC 6455 §5.5)");
        }
        return ByteBuffer.allocate(length).put(payload.duplicate()).flip();
    }

    /**
     * Begins the closing handshake (RFC 6455 §7.1.2): sends a Close frame and waits for the peer's. Before the connection
     * is open this ends it at once; when it is closing or closed already, nothing happens.
     *
     * @param status what our Close frame says; {@link CloseStatus#NONE} for nothing
     * @throws IllegalArgumentException if the code may not be sent, or the reason is too long
     */
    public final void close(CloseStatus status, long now) {
        ClosePayload.format(status); // the caller's fault is one in every state
        connection.close(status, now);
    }
}
