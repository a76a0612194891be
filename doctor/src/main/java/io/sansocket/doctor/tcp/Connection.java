package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.Segment;
import org.jspecify.annotations.Nullable;

/** The two streams of a connection, and the rules for where one connection ends and the next begins. */
final class Connection {
    /** Data this far from the next byte due of a closed connection belong to another, whose SYN the capture lacks. */
    private static final long FAR = 1024 * 1024;

    private final TcpConnection identity;
    private final @Nullable ConnectionListener listener;
    private final HalfConnection initiator;
    private final HalfConnection responder;

    private boolean initiatorReset;
    private boolean responderReset;

    /** A reset that overtook bytes in the capture, and how many packets it waits for them already. */
    private @Nullable Reset early;

    private int patience;

    /** A reset, and what it says of both sides' bytes. */
    private record Reset(Side from, PacketRef packet, int sequence, boolean acknowledges, int acknowledgment) {}

    Connection(TcpConnection identity, @Nullable ConnectionListener listener, Memory memory) {
        this.identity = identity;
        this.listener = listener;
        initiator = new HalfConnection(Side.INITIATOR, memory, listener);
        responder = new HalfConnection(Side.RESPONDER, memory, listener);
    }

    int number() {
        return identity.number();
    }

    private Side sender(Segment segment) {
        return FlowKey.sentByA(segment) == identity.initiatorIsA() ? Side.INITIATOR : Side.RESPONDER;
    }

    private HalfConnection half(Side side) {
        return side == Side.INITIATOR ? initiator : responder;
    }

    private boolean isClosed() {
        return early != null || initiatorReset || responderReset || (initiator.finSeen() && responder.finSeen());
    }

    /** Returns whether a segment with this connection's addresses and ports begins another one. */
    boolean isReplacedBy(Segment segment) {
        var side = sender(segment);
        var half = half(side);
        if (segment.syn()) {
            if (!half.started()) {
                return isClosed() || (!segment.ack() && half(side.other()).hasPassedData());
            }
            int first = segment.sequence() + 1;
            return !half.startsWith(first) && (isClosed() || !half.isNear(first));
        }
        return isClosed()
                && segment.payload().hasRemaining()
                && half.started()
                && half.distance(segment.sequence()) > FAR;
    }

    void accept(Segment segment) {
        var side = sender(segment);
        if (segment.rst()) {
            if (early == null || early.from() != side) {
                tellReset();
                early = new Reset(side, segment.packet(), segment.sequence(), segment.ack(), segment.acknowledgment());
                resetIfComplete();
            }
            return;
        }
        var half = half(side);
        half.accept(segment);
        if (segment.syn() && half.startsWith(segment.sequence() + 1)) {
            identity.seeHandshake();
        }
        if (segment.ack()) {
            half(side.other()).acknowledge(segment.acknowledgment(), segment.packet());
        }
        initiator.tick();
        responder.tick();
        resetIfComplete();
    }

    /** A capture may hold bytes behind the reset that says they came before: it waits for them, but not for long. */
    private void resetIfComplete() {
        Reset reset = early;
        if (reset == null) {
            return;
        }
        boolean complete = half(reset.from()).hasAllBefore(reset.sequence())
                && (!reset.acknowledges() || half(reset.from().other()).hasAllBefore(reset.acknowledgment()));
        patience++;
        if (complete || patience > HalfConnection.PATIENCE) {
            tellReset();
        }
    }

    private void tellReset() {
        Reset told = early;
        early = null;
        patience = 0;
        if (told != null) {
            reset(told.from(), told.packet());
        }
    }

    private void reset(Side side, PacketRef packet) {
        if (side == Side.INITIATOR ? initiatorReset : responderReset) {
            return;
        }
        initiator.finish();
        responder.finish();
        if (side == Side.INITIATOR) {
            initiatorReset = true;
        } else {
            responderReset = true;
        }
        if (listener != null) {
            listener.reset(side, packet);
        }
    }

    /** Delivers all that waits and says good-bye. */
    void end() {
        tellReset();
        initiator.finish();
        responder.finish();
        initiator.releaseBuffers();
        responder.releaseBuffers();
        if (listener != null) {
            listener.captureEnd();
        }
    }
}
