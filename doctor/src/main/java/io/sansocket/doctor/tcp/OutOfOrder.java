package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.PacketRef;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Bytes of one side that came before their turn, in pieces that do not overlap, and the places where packets were cut. */
final class OutOfOrder {
    /** About what the objects around a piece take, its share of the maps included. */
    private static final int OVERHEAD = 256;

    private static final long NONE = Long.MAX_VALUE;

    record Piece(long start, ByteBuffer bytes, PacketRef packet) {
        long end() {
            return start + bytes.remaining();
        }
    }

    /** A packet carried the bytes from {@code start} to {@code end}, but they were not captured. */
    record Cut(long start, long end, PacketRef packet) {}

    private final TreeMap<Long, Piece> pieces = new TreeMap<>();
    private final TreeMap<Long, Cut> cuts = new TreeMap<>();

    private int size;

    /** Returns about how much memory is in use, 0 only when nothing waits. */
    int size() {
        return size;
    }

    /** Keeps a copy of the bytes nobody brought before, and compares the others. */
    void add(long start, ByteBuffer bytes, PacketRef packet, Overlap overlap) {
        long end = start + bytes.remaining();
        long at = start;
        while (at < end) {
            var seen = firstBehind(at);
            long gapEnd = seen == null ? end : Math.min(end, Math.max(at, seen.start()));
            if (at < gapEnd) {
                keep(at, part(bytes, start, at, gapEnd), packet);
            }
            at = gapEnd;
            if (seen != null && at < end) {
                long overlapEnd = Math.min(end, seen.end());
                overlap.compare(
                        at, part(seen.bytes(), seen.start(), at, overlapEnd), part(bytes, start, at, overlapEnd));
                at = overlapEnd;
            }
        }
    }

    private @Nullable Piece firstBehind(long offset) {
        Map.Entry<Long, Piece> before = pieces.floorEntry(offset);
        if (before != null && before.getValue().end() > offset) {
            return before.getValue();
        }
        var behind = pieces.higherEntry(offset);
        return behind == null ? null : behind.getValue();
    }

    private static ByteBuffer part(ByteBuffer bytes, long start, long from, long to) {
        return bytes.slice(bytes.position() + (int) (from - start), (int) (to - from));
    }

    private void keep(long start, ByteBuffer bytes, PacketRef packet) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        pieces.put(start, new Piece(start, ByteBuffer.wrap(copy).asReadOnlyBuffer(), packet));
        size += copy.length + OVERHEAD;
    }

    void addCut(long start, long end, PacketRef packet) {
        var before = cuts.get(start);
        if (before == null) {
            size += OVERHEAD;
        }
        if (before == null || before.end() < end) {
            cuts.put(start, new Cut(start, end, packet));
        }
    }

    /** Returns the offset of the first piece or cut; the largest number when there is none. */
    long first() {
        return Math.min(firstPiece(), firstCut());
    }

    long firstPiece() {
        return pieces.isEmpty() ? NONE : pieces.firstKey();
    }

    long firstCut() {
        return cuts.isEmpty() ? NONE : cuts.firstKey();
    }

    long firstCutEnd() {
        return cuts.firstEntry().getValue().end();
    }

    /** Returns the packet of what {@link #first} tells the offset of. */
    PacketRef firstPacket() {
        return firstPiece() <= firstCut()
                ? pieces.firstEntry().getValue().packet()
                : cuts.firstEntry().getValue().packet();
    }

    Piece takePiece() {
        var piece = pieces.pollFirstEntry().getValue();
        size -= piece.bytes().remaining() + OVERHEAD;
        return piece;
    }

    void dropCut() {
        cuts.pollFirstEntry();
        size -= OVERHEAD;
    }
}
