package io.sansocket.doctor.network;

/** What stands in front of IP: the header of the link, then tags and labels. */
final class LinkLayer {
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;

    private static final int VLAN = 0x8100;
    private static final int PROVIDER_BRIDGE = 0x88a8;
    private static final int OLD_QINQ = 0x9100;
    private static final int MPLS = 0x8847;
    private static final int PPPOE_SESSION = 0x8864;

    private static final int PPP_IPV4 = 0x0021;
    private static final int PPP_IPV6 = 0x0057;
    /** Numbers below are lengths of IEEE 802.3, not protocols. */
    private static final int LEAST_ETHER_TYPE = 0x0600;

    private static final int SNAP = 0xaaaa;

    private LinkLayer() {}

    /** Takes the link's header off and returns the number of the protocol behind it, or a {@link Step}. */
    static int strip(Slice slice, int linkType) {
        return switch (linkType) {
            case LinkType.NULL, LinkType.LOOP -> loopback(slice);
            case LinkType.ETHERNET -> header(slice, 14, 12);
            case LinkType.RAW_BSD, LinkType.RAW_OPENBSD, LinkType.RAW -> rawIp(slice);
            case LinkType.IPV4 -> IPV4;
            case LinkType.IPV6 -> IPV6;
            case LinkType.LINUX_SLL -> header(slice, 16, 14);
            case LinkType.LINUX_SLL2 -> header(slice, 20, 0);
            default -> Step.UNSUPPORTED;
        };
    }

    private static int header(Slice slice, int length, int etherTypeAt) {
        if (!slice.has(length)) {
            return Step.MALFORMED;
        }
        int etherType = slice.uint16(etherTypeAt);
        slice.skip(length);
        return etherType;
    }

    private static int loopback(Slice slice) {
        if (!slice.has(4)) {
            return Step.MALFORMED;
        }
        // The family is in the byte order of the machine that captured, which the file may not share.
        int family = slice.int32(0);
        if ((family & 0xffff_0000) != 0) {
            family = Integer.reverseBytes(family);
        }
        slice.skip(4);
        return switch (family) {
            case 2 -> IPV4;
            // AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, macOS.
            case 10, 23, 24, 28, 30 -> IPV6;
            default -> Step.OTHER;
        };
    }

    static int rawIp(Slice slice) {
        if (!slice.has(1)) {
            return Step.MALFORMED;
        }
        return switch (slice.uint8(0) >> 4) {
            case 4 -> IPV4;
            case 6 -> IPV6;
            default -> Step.OTHER;
        };
    }

    /** Takes tags and labels off until a protocol remains. */
    static int stripTags(Slice slice, int etherType) {
        int type = etherType;
        while (true) {
            switch (type) {
                case VLAN, PROVIDER_BRIDGE, OLD_QINQ -> type = header(slice, 4, 2);
                case MPLS -> type = label(slice);
                case PPPOE_SESSION -> type = pppoe(slice);
                default -> {
                    return type >= 0 && type < LEAST_ETHER_TYPE ? snap(slice, type) : type;
                }
            }
        }
    }

    private static int label(Slice slice) {
        if (!slice.has(4)) {
            return Step.MALFORMED;
        }
        boolean bottom = (slice.uint8(2) & 1) != 0;
        slice.skip(4);
        return bottom ? rawIp(slice) : MPLS;
    }

    private static int pppoe(Slice slice) {
        int protocol = header(slice, 8, 6);
        return switch (protocol) {
            case PPP_IPV4 -> IPV4;
            case PPP_IPV6 -> IPV6;
            default -> protocol < 0 ? protocol : Step.OTHER;
        };
    }

    private static int snap(Slice slice, int length) {
        slice.trim(length);
        if (!slice.has(8) || slice.uint16(0) != SNAP) {
            return Step.OTHER;
        }
        int type = header(slice, 8, 6);
        return type == IPV4 || type == IPV6 ? type : Step.OTHER;
    }
}
