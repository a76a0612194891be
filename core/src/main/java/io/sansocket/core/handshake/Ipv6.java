package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpTokens;

/** The grammar of an IPv6 address (RFC 3986 §3.2.2): eight groups, or fewer around one "::", IPv4 at the end. */
final class Ipv6 {
    private static final int GROUPS = 8;
    private static final int MAX_DIGITS = 4;
    private static final int MAX_OCTET = 255;
    private static final int OCTETS = 4;
    private static final int HEX = 16;

    private Ipv6() {}

    static boolean isAddress(String text) {
        boolean elided = text.startsWith("::");
        int groups = 0;
        int at = elided ? 2 : 0;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && isHexDigit(text.charAt(end))) {
                end++;
            }
            if (end < text.length() && text.charAt(end) == '.') {
                return isIpv4(text.substring(at)) && fits(groups + 2, elided);
            }
            if (end == at || end > at + MAX_DIGITS) {
                return false;
            }
            groups++;
            at = end;
            if (at < text.length()) {
                boolean elision = text.startsWith("::", at);
                at += elision ? 2 : 1;
                // A single colon must be followed by a group, and "::" comes once.
                if (text.charAt(end) != ':' || (elision ? elided : at == text.length())) {
                    return false;
                }
                elided |= elision;
            }
        }
        return fits(groups, elided);
    }

    private static boolean fits(int groups, boolean elided) {
        return elided ? groups < GROUPS : groups == GROUPS;
    }

    private static boolean isIpv4(String text) {
        int octets = 1;
        int value = -1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && value >= 0) {
                octets++;
                value = -1;
            } else if (HttpTokens.isDigit(c) && value != 0) {
                value = Math.max(value, 0) * 10 + c - '0';
            } else {
                return false;
            }
            if (value > MAX_OCTET) {
                return false;
            }
        }
        return octets == OCTETS && value >= 0;
    }

    static boolean isHexDigit(char c) {
        return c < 0x80 && Character.digit(c, HEX) >= 0;
    }
}
