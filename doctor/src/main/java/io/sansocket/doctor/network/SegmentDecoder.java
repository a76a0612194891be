package io.sansocket.doctor.network;

import io.sansocket.doctor.capture.Packet;

/**
 * Finds the TCP segment in a packet.
 *
 * <p>A loop, not a recursion: each turn takes a header off, so a packet made of nothing but tunnels ends, too.
 *
 * @since 0.1
 */
public final class SegmentDecoder {
    private static final int IP_IN_IP = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int IPV6_IN_IP = 41;

    private final Slice slice = new Slice();
    private final Segment segment = new Segment();
    private final Fragments fragments = new Fragments();

    /** What a packet turned out to hold. */
    public enum Outcome {
        /** A TCP segment: {@link SegmentDecoder#segment} holds it. */
        SEGMENT,
        /** Something else than TCP over IP. */
        OTHER_PROTOCOL,
        /** Headers that are cut off or contradict themselves. */
        MALFORMED,
        /** A fragment that waits for the others. */
        FRAGMENT,
        /** A link type that cannot be read. */
        UNSUPPORTED_LINK_TYPE
    }

    /** Takes one packet apart. */
    public Outcome decode(Packet packet) {
        slice.of(packet);
        segment.packet(packet.ref());
        int type = LinkLayer.strip(slice, packet.linkType());
        while (true) {
            int protocol =
                    switch (LinkLayer.stripTags(slice, type)) {
                        case LinkLayer.IPV4 -> Ipv4.strip(slice, segment, fragments);
                        case LinkLayer.IPV6 -> Ipv6.strip(slice, segment, fragments);
                        case Step.MALFORMED -> Step.MALFORMED;
                        case Step.UNSUPPORTED -> Step.UNSUPPORTED;
                        default -> Step.OTHER;
                    };
            switch (protocol) {
                case UDP -> type = GtpTunnel.strip(slice);
                case IP_IN_IP -> type = LinkLayer.IPV4;
                case IPV6_IN_IP -> type = LinkLayer.IPV6;
                case TCP -> {
                    return segment.tcp(slice) ? Outcome.SEGMENT : Outcome.MALFORMED;
                }
                default -> {
                    return outcome(protocol);
                }
            }
        }
    }

    private static Outcome outcome(int step) {
        return switch (step) {
            case Step.MALFORMED -> Outcome.MALFORMED;
            case Step.FRAGMENT -> Outcome.FRAGMENT;
            case Step.UNSUPPORTED -> Outcome.UNSUPPORTED_LINK_TYPE;
            default -> Outcome.OTHER_PROTOCOL;
        };
    }

    /** Returns the segment found last; valid until the next call of {@link #decode}. */
    public Segment segment() {
        return segment;
    }

    /** Returns how many IP fragments did not become part of a whole packet. */
    public long unjoinedFragments() {
        return fragments.unjoined();
    }
}
