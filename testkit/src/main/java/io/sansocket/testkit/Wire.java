package io.sansocket.testkit;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntUnaryOperator;

/** One direction of a virtual connection: bytes, and the end of their stream, on their way to one end. */
final class Wire {
    /** When nothing will arrive. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int SEND_BUFFER = 8192;

    /** What happens once a number of bytes have arrived. */
    enum Incident {
        NONE,
        CUT,
        RESET,
        STALL
    }

    /** What happened in a delivery. */
    enum Outcome {
        NOTHING,
        MOVED,
        RESET
    }

    /** Bytes on their way; no bytes are the end of the stream. */
    private record Parcel(ByteBuffer bytes, long arrival) {}

    private final End from;
    private final End to;
    private final long delay;
    /** Gives the size of the next piece, at most so many bytes. */
    private final IntUnaryOperator pieces;

    private final Deque<Parcel> underway = new ArrayDeque<>();
    /** Whether the sender has ended its stream. */
    private boolean ended;
    /** Whether nothing arrives any more, because of an incident. */
    private boolean dead;

    private Incident incident = Incident.NONE;
    /** How many bytes arrive before the incident. */
    private long before;

    Wire(End from, End to, long delay, IntUnaryOperator pieces) {
        this.from = from;
        this.to = to;
        this.delay = delay;
        this.pieces = pieces;
    }

    void plan(Incident planned, long afterBytes) {
        if (afterBytes < 0) {
            throw new IllegalArgumentException("after " + afterBytes + " bytes, it must be at least 0");
        }
        incident = planned;
        before = afterBytes;
    }

    void resume() {
        if (incident == Incident.STALL) {
            incident = Incident.NONE;
        }
    }

    void die() {
        dead = true;
        underway.clear();
    }

    /** Takes what the sender has to transmit, and tells whether it had anything. */
    boolean collect(long now) {
        boolean moved = false;
        while (from.protocol().hasOutput()) {
            ByteBuffer bytes = ByteBuffer.allocate(SEND_BUFFER);
            if (from.protocol().transmit(bytes) == 0) {
                break;
            }
            send(bytes.flip(), now);
            moved = true;
        }
        if (!ended && from.protocol().isOutputDone()) {
            ended = true;
            send(ByteBuffer.allocate(0), now);
            moved = true;
        }
        return moved;
    }

    private void send(ByteBuffer bytes, long now) {
        if (!dead) {
            underway.add(new Parcel(bytes, now + delay));
        }
    }

    /** Delivers the next piece that is due, or lets the incident happen. */
    Outcome deliver(long now) {
        if (incident != Incident.NONE && before == 0) {
            return happen();
        }
        Parcel next = underway.peek();
        if (next == null || next.arrival() - now > 0) {
            return Outcome.NOTHING;
        }
        int available = next.bytes().remaining();
        if (available == 0) {
            die();
            to.receiveEof();
            return Outcome.MOVED;
        }
        int most = incident == Incident.NONE ? available : (int) Math.min(available, before);
        int size = Math.min(most, pieces.applyAsInt(most));
        byte[] piece = new byte[size];
        next.bytes().get(piece);
        if (!next.bytes().hasRemaining()) {
            underway.remove();
        }
        before -= size;
        to.receive(ByteBuffer.wrap(piece));
        return Outcome.MOVED;
    }

    private Outcome happen() {
        return switch (incident) {
            case CUT -> {
                incident = Incident.NONE;
                die();
                to.receiveEof();
                yield Outcome.MOVED;
            }
            case RESET -> {
                incident = Incident.NONE;
                yield Outcome.RESET;
            }
            default -> Outcome.NOTHING;
        };
    }

    /** Returns when the next bytes arrive, or {@link #NEVER}. */
    long nextArrival() {
        Parcel next = underway.peek();
        boolean stalled = incident == Incident.STALL && before == 0;
        return next == null || stalled ? NEVER : next.arrival();
    }
}
