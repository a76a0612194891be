package io.sansocket.doctor.network;

/** The IPv6 header and its extension headers (RFC 8200 §3, §4). */
final class Ipv6 {
    private static final int HEADER = 40;
    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int AUTHENTICATION = 51;
    private static final int DESTINATION = 60;
    private static final int MOBILITY = 135;

    private static final int FRAGMENT_HEADER = 8;
    private static final int FRAGMENT_OFFSET = 0xfff8;
    /** Any value will do: RFC 8200 §4.5 tells packets apart by their addresses and identification alone. */
    private static final int NO_PROTOCOL = -1;

    private Ipv6() {}

    /** Takes the headers off, joins fragments, and returns the number of the protocol inside, or a {@link Step}. */
    static int strip(Slice slice, Segment addresses, Fragments fragments) {
        if (!slice.has(HEADER) || slice.uint8(0) >> 4 != 6) {
            return Step.MALFORMED;
        }
        int payload = slice.uint16(4);
        int next = slice.uint8(6);
        addresses.ipv6Addresses(slice, 8, 24);
        slice.skip(HEADER);
        // 0 stands for a jumbogram, or for a packet the network card was still to cut into segments.
        if (payload != 0) {
            slice.trim(payload);
        }
        while (true) {
            switch (next) {
                case HOP_BY_HOP, ROUTING, DESTINATION, MOBILITY -> next = extension(slice, 8, 8);
                // RFC 4302 §2.2: this one's length counts 4-byte words, minus two.
                case AUTHENTICATION -> next = extension(slice, 4, 8);
                case FRAGMENT -> next = fragment(slice, addresses, fragments);
                default -> {
                    return next;
                }
            }
        }
    }

    private static int extension(Slice slice, int unit, int fixed) {
        if (!slice.has(2)) {
            return Step.MALFORMED;
        }
        int next = slice.uint8(0);
        int length = slice.uint8(1) * unit + fixed;
        if (!slice.has(length)) {
            return Step.MALFORMED;
        }
        slice.skip(length);
        return next;
    }

    private static int fragment(Slice slice, Segment addresses, Fragments fragments) {
        if (!slice.has(FRAGMENT_HEADER)) {
            return Step.MALFORMED;
        }
        int next = slice.uint8(0);
        int placement = slice.uint16(2);
        int id = slice.int32(4);
        slice.skip(FRAGMENT_HEADER);
        boolean more = (placement & 1) != 0;
        int offset = placement & FRAGMENT_OFFSET;
        // RFC 6946: a fragment that is the whole packet is joined with nothing.
        if (offset == 0 && !more) {
            return next;
        }
        return fragments.add(FragmentKey.of(addresses, id, NO_PROTOCOL), offset, more, next, slice);
    }
}
