package io.sansocket.doctor.network;

/** User packets of mobile networks: IP in GTP-U in UDP (3GPP TS 29.281 §5.1). */
final class GtpTunnel {
    private static final int UDP_HEADER = 8;
    private static final int PORT = 2152;
    private static final int HEADER = 8;
    private static final int OPTIONAL_FIELDS = 4;
    private static final int VERSION_AND_TYPE = 0xf0;
    private static final int VERSION_1_GTP = 0x30;
    private static final int ANY_OPTIONAL_FIELD = 0x07;
    private static final int EXTENSION = 0x04;
    private static final int USER_PACKET = 255;

    private GtpTunnel() {}

    /** Takes UDP and the tunnel off and returns the protocol inside, or a {@link Step}. */
    static int strip(Slice slice) {
        if (!slice.has(UDP_HEADER + HEADER) || (slice.uint16(0) != PORT && slice.uint16(2) != PORT)) {
            return Step.OTHER;
        }
        slice.skip(UDP_HEADER);
        int flags = slice.uint8(0);
        if ((flags & VERSION_AND_TYPE) != VERSION_1_GTP || slice.uint8(1) != USER_PACKET) {
            return Step.OTHER;
        }
        slice.skip(HEADER);
        if ((flags & ANY_OPTIONAL_FIELD) != 0) {
            if (!slice.has(OPTIONAL_FIELDS)) {
                return Step.MALFORMED;
            }
            int extension = (flags & EXTENSION) != 0 ? slice.uint8(OPTIONAL_FIELDS - 1) : 0;
            slice.skip(OPTIONAL_FIELDS);
            while (extension != 0) {
                int length = slice.has(1) ? slice.uint8(0) * Integer.BYTES : 0;
                if (length == 0 || !slice.has(length)) {
                    return Step.MALFORMED;
                }
                extension = slice.uint8(length - 1);
                slice.skip(length);
            }
        }
        return LinkLayer.rawIp(slice);
    }
}
