package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpTokens;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A host and a port as in a Host header (RFC 9110 §7.2, RFC 3986 §3.2).
 *
 * @param host the host in lower case, an IPv6 address with its brackets
 * @param port the port, or {@link #NO_PORT}
 */
record Authority(String host, int port) {
    static final int NO_PORT = -1;

    private static final int MAX_PORT = 65_535;
    private static final String NAME_MARKS = "-._~!$&'()*+,;=";

    /** Parses {@code uri-host [ ":" port ]}; null when it is none, or the host is empty. */
    static @Nullable Authority parse(String text) {
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : text.indexOf(':');
        if (hostEnd < 0) {
            hostEnd = text.length();
        }
        String host = text.substring(0, hostEnd);
        String rest = text.substring(hostEnd);
        // RFC 3986 §3.2.3: "port = *DIGIT", so an empty one is the default
        int port = rest.length() < 2 ? NO_PORT : port(rest.substring(1));
        boolean valid = isHost(host) && (rest.isEmpty() || rest.equals(":") || (rest.startsWith(":") && port >= 0));
        return valid ? new Authority(host.toLowerCase(Locale.ROOT), port) : null;
    }

    private static int port(String digits) {
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!HttpTokens.isDigit(digits.charAt(i))) {
                return NO_PORT;
            }
            port = Math.min(port * 10 + digits.charAt(i) - '0', MAX_PORT + 1);
        }
        return port <= MAX_PORT ? port : NO_PORT;
    }

    private static boolean isHost(String host) {
        if (host.startsWith("[")) {
            return Ipv6.isAddress(host.substring(1, host.length() - 1));
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '%' && i + 2 < host.length()) {
                if (!Ipv6.isHexDigit(host.charAt(i + 1)) || !Ipv6.isHexDigit(host.charAt(i + 2))) {
                    return false;
                }
            } else if (!isNameCharacter(c)) {
                return false;
            }
        }
        return !host.isEmpty();
    }

    private static boolean isNameCharacter(char c) {
        // RFC 3986 §3.2.2: "reg-name = *( unreserved / pct-encoded / sub-delims )"
        return HttpTokens.isLetter(c) || HttpTokens.isDigit(c) || NAME_MARKS.indexOf(c) >= 0;
    }

    /** Returns the port, or the default where there is none. */
    int portOr(int defaultPort) {
        return port == NO_PORT ? defaultPort : port;
    }
}
