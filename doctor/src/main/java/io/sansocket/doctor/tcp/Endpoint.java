package io.sansocket.doctor.tcp;

import java.util.Objects;

/**
 * An address and a port.
 *
 * @param address an IPv4 address with dots or an IPv6 address as RFC 5952 writes it
 * @param port the TCP port
 * @since 0.1
 */
public record Endpoint(String address, int port) {
    private static final long MAPPED_PREFIX = 0xffff;
    private static final int GROUPS = 8;

    /** Checks that nothing is missing. */
    public Endpoint {
        Objects.requireNonNull(address);
    }

    static Endpoint of(long high, long low, int port) {
        boolean ipv4 = high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX;
        return new Endpoint(ipv4 ? dotted((int) low) : grouped(high, low), port);
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + ((address >>> 16) & 0xff) + "." + ((address >>> 8) & 0xff) + "."
                + (address & 0xff);
    }

    private static int group(long high, long low, int index) {
        long half = index < GROUPS / 2 ? high : low;
        return (int) (half >>> ((GROUPS / 2 - 1 - index % (GROUPS / 2)) * Short.SIZE)) & 0xffff;
    }

    // RFC 5952 §4.2: the longest run of at least two zero groups becomes "::", the first of equals.
    private static String grouped(long high, long low) {
        int runStart = -1;
        int runLength = 1;
        for (int i = 0, zeros = 0; i < GROUPS; i++) {
            zeros = group(high, low, i) == 0 ? zeros + 1 : 0;
            if (zeros > runLength) {
                runLength = zeros;
                runStart = i - zeros + 1;
            }
        }
        var text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == runStart) {
                text.append("::");
                i += runLength - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(group(high, low, i)));
            }
        }
        return text.toString();
    }

    /** Returns the form of URIs: {@code 10.0.0.1:80} or {@code [::1]:80}. */
    @Override
    public String toString() {
        return (address.indexOf(':') < 0 ? address : "[" + address + "]") + ":" + port;
    }
}
