package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.Segment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One side's stream: puts its segments in order and declares what the capture lacks. */
final class HalfConnection {
    /** Twice the widest receive window that usual systems open: a lost segment's successors wait for its repetition. */
    static final int MAX_WAITING = 8 * 1024 * 1024;

    /** Packets of the connection that a gap may wait for after the peer has acknowledged it. */
    static final int PATIENCE = 32;

    /** A SYN that starts this near to the next byte due belongs to the same connection. */
    private static final long NEAR = 64 * 1024;

    /** RFC 7323 §2.3: the widest window. Acknowledgments further ahead come from damaged packets. */
    private static final long WIDEST_WINDOW = 1 << 30;

    private static final long UNKNOWN = -1;

    private final Side side;
    private final Memory memory;

    private final @Nullable ConnectionListener listener;

    /** When nobody wants this side's bytes, only the position is kept up to date, and there are no buffers. */
    private boolean ignored;

    private @Nullable OutOfOrder early;
    private @Nullable RecentBytes recent;

    /** {@code first + next} is the sequence number of the next byte due, modulo 2^32; offsets count from {@code first}. */
    private boolean started;

    private int first;
    private long next;
    /** Whether the start is known from a segment without data, which may be a keepalive one byte behind the true start. */
    private boolean startMayBeKeepalive;

    /** The highest offset the peer acknowledged. */
    private long acknowledged = UNKNOWN;

    private @Nullable PacketRef acknowledgedBy;
    private int impatience;

    /** Where the stream ends, when its FIN was seen. */
    private long finOffset = UNKNOWN;

    private @Nullable PacketRef finPacket;
    private boolean finDelivered;

    HalfConnection(Side side, Memory memory, @Nullable ConnectionListener listener) {
        this.side = side;
        this.memory = memory;
        this.listener = listener;
        ignored = listener == null;
    }

    boolean started() {
        return started;
    }

    boolean finSeen() {
        return finOffset != UNKNOWN;
    }

    boolean hasPassedData() {
        return next > 0;
    }

    /** Returns whether the stream is known to start with this sequence number. */
    boolean startsWith(int sequence) {
        return started && first == sequence;
    }

    boolean isNear(int sequence) {
        return distance(sequence) < NEAR;
    }

    long distance(int sequence) {
        return Math.abs(offsetOf(sequence) - next);
    }

    /** Returns whether all bytes in front of a sequence number were passed on, the FIN included. */
    boolean hasAllBefore(int sequence) {
        return !started || ignored || (!isWaiting() && offsetOf(sequence) <= next + (finSeen() ? 1 : 0));
    }

    private long offsetOf(int sequence) {
        return next + (sequence - (first + (int) next));
    }

    /** Takes a segment of this side that is no reset. */
    void accept(Segment segment) {
        int sequence = segment.sequence() + (segment.syn() ? 1 : 0);
        int captured = segment.payload().remaining();
        int onWire = captured + segment.missing();
        boolean empty = onWire == 0 && !segment.fin();
        if (!started) {
            started = true;
            first = sequence;
            startMayBeKeepalive = empty && !segment.syn();
        } else if (startMayBeKeepalive && !empty) {
            skipKeepalive(sequence);
        }
        long start = offsetOf(sequence);
        boolean keepalive = onWire <= 1 && start == next - 1 && !segment.syn() && !segment.fin();
        if (keepalive || empty) {
            return;
        }
        if (segment.fin() && !finSeen() && start + onWire >= next) {
            finOffset = start + onWire;
            finPacket = segment.packet();
        }
        if (ignored) {
            next = Math.max(next, start + onWire);
            tellFin();
        } else if (!finDelivered) {
            assemble(start, segment);
        }
    }

    private void skipKeepalive(int sequence) {
        startMayBeKeepalive = false;
        if (next == 0 && sequence == first + 1) {
            first++;
            acknowledged = Math.max(UNKNOWN, acknowledged - 1);
        }
    }

    private void assemble(long start, Segment segment) {
        var bytes = segment.payload();
        var packet = segment.packet();
        long end = start + bytes.remaining();
        long wireEnd = end + segment.missing();
        long fresh = Math.max(start, next);
        var overlap = new Overlap();
        if (start < next && recent != null) {
            recent.compare(start, bytes, overlap);
        }
        if (waitingSize() > 0 || start > next) {
            keepEarly(fresh, start, segment, overlap);
            tellConflict(overlap, packet);
        } else {
            tellConflict(overlap, packet);
            if (end > next) {
                deliver(bytes.slice(bytes.position() + (int) (next - start), (int) (end - next)), packet);
            }
            if (wireEnd > next) {
                tellHole(wireEnd, packet, HoleCause.SNAPLEN);
            }
        }
        drain();
        while (waitingSize() > MAX_WAITING) {
            declareHole();
        }
        memory.enforce();
    }

    private void keepEarly(long fresh, long start, Segment segment, Overlap overlap) {
        var bytes = segment.payload();
        long end = start + bytes.remaining();
        if (early == null) {
            early = new OutOfOrder();
        }
        int before = early.size();
        if (end > fresh) {
            int skipped = (int) (fresh - start);
            early.add(fresh, bytes.slice(bytes.position() + skipped, (int) (end - fresh)), segment.packet(), overlap);
        }
        if (end + segment.missing() > Math.max(end, next)) {
            early.addCut(Math.max(end, next), end + segment.missing(), segment.packet());
        }
        memory.account(this, before, early.size());
    }

    private int waitingSize() {
        return early == null ? 0 : early.size();
    }

    /** Delivers whatever is next in turn, as far as there is no gap. */
    private void drain() {
        while (early != null && early.size() > 0) {
            int before = early.size();
            if (early.firstPiece() <= next) {
                var piece = early.takePiece();
                memory.account(this, before, early.size());
                deliver(piece.bytes(), piece.packet());
            } else if (early.firstCut() > next) {
                break;
            } else if (early.firstCutEnd() > next) {
                long end = Math.min(early.firstCutEnd(), early.firstPiece());
                tellHole(end, early.firstPacket(), HoleCause.SNAPLEN);
            } else {
                early.dropCut();
                memory.account(this, before, early.size());
            }
        }
        // Most sides wait seldom: the empty maps of a full table of connections would weigh more than their bytes.
        if (waitingSize() == 0) {
            early = null;
        }
        tellFin();
    }

    private void deliver(ByteBuffer bytes, PacketRef packet) {
        var hearer = Objects.requireNonNull(listener);
        if (recent == null) {
            recent = new RecentBytes(memory);
        }
        recent.put(next, bytes);
        next += bytes.remaining();
        impatience = 0;
        hearer.data(side, bytes, packet);
        if (!hearer.wantsMore(side)) {
            ignored = true;
            releaseBuffers();
        }
    }

    private void tellHole(long end, PacketRef packet, HoleCause cause) {
        Objects.requireNonNull(listener).hole(side, end - next, packet, cause);
        next = end;
        impatience = 0;
    }

    private void tellConflict(Overlap overlap, PacketRef packet) {
        if (overlap.differs()) {
            Objects.requireNonNull(listener).overlapConflict(side, overlap.offset(), overlap.length(), packet);
        }
    }

    private void tellFin() {
        if (finDelivered || finPacket == null || (!ignored && next < finOffset)) {
            return;
        }
        finDelivered = true;
        // Bytes behind the FIN are no part of the stream.
        dropEarly();
        if (listener != null) {
            listener.fin(side, finPacket);
        }
    }

    /** Takes the peer's word for what it received. */
    void acknowledge(int sequence, PacketRef packet) {
        if (!started) {
            return;
        }
        long offset = offsetOf(sequence);
        if (offset > acknowledged && offset - next <= WIDEST_WINDOW) {
            acknowledged = offset;
            acknowledgedBy = packet;
        }
    }

    /** Counts a packet of the connection towards the patience with a gap that the peer does not have. */
    void tick() {
        if (isWaiting() && acknowledged >= gapEnd()) {
            impatience++;
            if (impatience > PATIENCE) {
                declareHole();
            }
        }
    }

    private boolean isWaiting() {
        return !ignored && (waitingSize() > 0 || (finSeen() && !finDelivered));
    }

    private long gapEnd() {
        long data = early == null ? Long.MAX_VALUE : early.first();
        return finSeen() ? Math.min(data, finOffset) : data;
    }

    private void declareHole() {
        long end = gapEnd();
        var packet = early != null && early.first() == end ? early.firstPacket() : finPacket;
        tellHole(end, Objects.requireNonNull(packet), HoleCause.MISSING);
        drain();
    }

    /** Delivers all that waits, with the holes in it. */
    void deliverWaiting() {
        while (isWaiting()) {
            declareHole();
        }
    }

    /** Delivers all that is known of the stream, up to what the peer acknowledged last. */
    void finish() {
        deliverWaiting();
        // A single byte behind the last one seen is the FIN, which counts in sequence numbers.
        if (!ignored && !finDelivered && acknowledgedBy != null && acknowledged > next + 1) {
            tellHole(acknowledged, acknowledgedBy, HoleCause.MISSING);
        }
    }

    /** Gives all memory back. */
    void releaseBuffers() {
        dropEarly();
        if (recent != null) {
            recent.release();
            recent = null;
        }
    }

    private void dropEarly() {
        if (early != null) {
            memory.account(this, early.size(), 0);
            early = null;
        }
    }
}
