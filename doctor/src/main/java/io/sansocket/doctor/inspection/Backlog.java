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

    private static final Deque<Entry> NONE = new ArrayDeque<>(0);

    /** {@link #NONE}, which stays empty, until something waits: most sides of most connections never need one. */
    private Deque<Entry> entries = NONE;

    private final Workspace workspace;
    private int size;
    private int charged;
    private boolean full;

    Backlog(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Tells whether nothing more is to be added. */
    boolean isFull() {
        return full || size >= LIMIT;
    }

    void add(ByteBuffer bytes, PacketRef packet) {
        var copy = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
        charge(ENTRY + copy.remaining());
        own().add(new Entry(copy, 0, packet, Ending.OF_INPUT));
    }

    void addHole(long length, PacketRef packet, Ending cause) {
        charge(ENTRY);
        own().add(new Entry(ByteBuffer.allocate(0), length, packet, cause));
    }

    /** The last entry is taken in any case. */
    private void charge(int bytes) {
        size += bytes;
        if (workspace.backlogs.take(bytes)) {
            charged += bytes;
        } else {
            full = true;
        }
    }

    private Deque<Entry> own() {
        if (entries == NONE) {
            entries = new ArrayDeque<>();
        }
        return entries;
    }

    void clear() {
        entries = NONE;
        workspace.backlogs.giveBack(charged);
        charged = 0;
        size = 0;
        full = false;
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
