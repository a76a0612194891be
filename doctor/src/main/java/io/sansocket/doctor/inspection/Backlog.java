package io.sansocket.doctor.inspection;

import io.sansocket.doctor.capture.PacketRef;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/** Bytes of one side that wait until it is known what they are; no more than a limit. */
final class Backlog {
    static final int LIMIT = 64 * 1024;

    /** What an entry without bytes costs, so that holes are bounded, too. */
    private static final int ENTRY = 64;

    private record Entry(ByteBuffer bytes, long hole, PacketRef packet, Ending cause) {}

    private final Deque<Entry> entries = new ArrayDeque<>();
    private int size;

    boolean isFull() {
        return size >= LIMIT;
    }

    void add(ByteBuffer bytes, PacketRef packet) {
        var copy = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        size += ENTRY + copy.remaining();
        entries.add(new Entry(copy, 0, packet, Ending.OF_INPUT));
    }

    void addHole(long length, PacketRef packet, Ending cause) {
        size += ENTRY;
        entries.add(new Entry(ByteBuffer.allocate(0), length, packet, cause));
    }

    void clear() {
        entries.clear();
        size = 0;
    }

    /** Gives everything to a stream, in order, and forgets it. */
    void moveTo(StreamInspection stream) {
        for (Entry entry : entries) {
            if (entry.hole() > 0) {
                stream.hole(entry.hole(), entry.packet(), entry.cause());
            } else {
                stream.data(entry.bytes(), entry.packet());
            }
        }
        clear();
    }
}
