package io.sansocket.doctor.network;

/** The IPv4 header (RFC 791 §3.1). */
final class Ipv4 {
    private static final int MIN_HEADER = 20;
    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int FRAGMENT_OFFSET = 0x1fff;

    private Ipv4() {}

    /** Takes the header off, joins fragments, and returns the number of the protocol inside, or a {@link Step}. */
    static int strip(Slice slice, Segment addresses, Fragments fragments) {
        if (!slice.has(MIN_HEADER) || slice.uint8(0) >> 4 != 4) {
            return Step.MALFORMED;
        }
        int header = (slice.uint8(0) & 0x0f) * Integer.BYTES;
        int total = slice.uint16(2);
        // A sender that leaves segmentation to its network card hands the capture a packet whose length is 0.
        if (total == 0) {
            total = slice.length() + slice.absent();
        }
        if (header < MIN_HEADER || total < header) {
            return Step.MALFORMED;
        }
        slice.trim(total);
        if (header > slice.length() + slice.absent()) {
            return Step.MALFORMED;
        }
        addresses.ipv4Addresses(slice.int32(12), slice.int32(16));
        int id = slice.uint16(4);
        int protocol = slice.uint8(9);
        int placement = slice.uint16(6);
        slice.skip(header);
        if ((placement & (MORE_FRAGMENTS | FRAGMENT_OFFSET)) == 0) {
            return protocol;
        }
        boolean more = (placement & MORE_FRAGMENTS) != 0;
        var key = FragmentKey.of(addresses, id, protocol);
        return fragments.add(key, (placement & FRAGMENT_OFFSET) * Fragments.UNIT, more, protocol, slice);
    }
}
