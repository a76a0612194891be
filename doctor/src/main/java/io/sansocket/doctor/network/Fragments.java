package io.sansocket.doctor.network;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fragments of IP packets that are not whole yet: at most 128 packets of at most 64 KiB, the oldest give way. */
final class Fragments {
    /** Fragment offsets count units of 8 bytes. */
    static final int UNIT = 8;

    static final int MAX_PACKETS = 128;
    private static final int MAX_LENGTH = 65_535;

    private final Map<FragmentKey, Unfinished> unfinished = new LinkedHashMap<>();

    private long lost;

    /**
     * Adds one fragment. When it is the last that was missing, the slice becomes the whole payload.
     *
     * @return the protocol of the whole payload, or a {@link Step}
     */
    int add(FragmentKey key, int offset, boolean more, int protocol, Slice slice) {
        int length = slice.length();
        if (offset + length + slice.absent() > MAX_LENGTH || (more && slice.absent() == 0 && length % UNIT != 0)) {
            return Step.MALFORMED;
        }
        if (slice.absent() > 0) {
            lost++;
            return Step.FRAGMENT;
        }
        var packet = unfinished.computeIfAbsent(key, k -> new Unfinished());
        if (packet.contradicts(offset, slice)) {
            // The sender has come round to the same identification again.
            lost += packet.fragments;
            packet = new Unfinished();
            unfinished.put(key, packet);
        }
        var whole = packet.add(offset, more, protocol, slice);
        if (whole != null) {
            unfinished.remove(key);
            slice.of(whole);
            return packet.protocol;
        }
        if (unfinished.size() > MAX_PACKETS) {
            var eldest = unfinished.entrySet().iterator();
            lost += eldest.next().getValue().fragments;
            eldest.remove();
        }
        return Step.FRAGMENT;
    }

    /** Returns how many fragments did not become part of a whole packet, those still waiting included. */
    long unjoined() {
        return lost + unfinished.values().stream().mapToLong(p -> p.fragments).sum();
    }

    private static final class Unfinished {
        private final BitSet present = new BitSet();
        private byte[] data = new byte[0];
        /** Unknown, while negative, until the fragment without a successor has come. */
        private int total = -1;

        private int protocol = Step.OTHER;
        private long fragments;

        boolean contradicts(int offset, Slice slice) {
            int first = offset / UNIT;
            if (slice.length() == 0 || present.nextClearBit(first) <= (offset + slice.length() - 1) / UNIT) {
                return false;
            }
            if (offset + slice.length() > data.length) {
                return true;
            }
            return !slice.rest().equals(ByteBuffer.wrap(data, offset, slice.length()));
        }

        @Nullable
        ByteBuffer add(int offset, boolean more, int protocol, Slice slice) {
            int end = offset + slice.length();
            if (end > data.length) {
                data = Arrays.copyOf(data, more ? Math.min(MAX_LENGTH, 2 * end) : end);
            }
            slice.rest().get(data, offset, slice.length());
            present.set(offset / UNIT, (end + UNIT - 1) / UNIT);
            fragments++;
            if (offset == 0) {
                this.protocol = protocol;
            }
            if (!more && total < 0) {
                total = end;
            }
            boolean whole = total >= 0 && present.nextClearBit(0) >= (total + UNIT - 1) / UNIT;
            return whole ? ByteBuffer.wrap(data, 0, total).asReadOnlyBuffer() : null;
        }
    }
}
