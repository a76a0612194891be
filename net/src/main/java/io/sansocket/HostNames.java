package io.sansocket;

import io.sansocket.core.rule.Excerpt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hosts as Host headers name them (RFC 9110 §7.2), compared without port, case, and ways to write an IPv6 address. */
final class HostNames {
    private static final int MAX_PORT = 65_535;
    /** A name or an IPv4 address, or an IPv6 address, and a port. */
    private static final Pattern HOST =
            Pattern.compile("(?:[A-Za-z0-9._-]+|(\\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*]))(?::([0-9]{0,9}))?");

    private HostNames() {}

    /**
     * Returns what a host is compared by, which somebody has written who should be told of a mistake.
     *
     * @throws IllegalArgumentException if no Host header says that
     */
    static String checked(String host) {
        Matcher parts = HOST.matcher(host);
        if (host.indexOf('[') < 0 && host.indexOf(':') != host.lastIndexOf(':')) {
            throw new IllegalArgumentException("host " + Excerpt.of(host)
                    + " has several colons: an IPv6 address stands in brackets, as in [::1]");
        }
        if (!parts.matches() || (parts.group(1) != null && !isAddress(parts.group(1)))) {
            throw new IllegalArgumentException(
                    "host " + Excerpt.of(host) + " is not what a Host header says: a name or "
                            + "an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)");
        }
        String port = parts.group(2);
        if (port != null && !port.isEmpty() && Integer.parseInt(port) > MAX_PORT) {
            throw new IllegalArgumentException(
                    "host " + Excerpt.of(host) + " has port " + port + ", the greatest is " + MAX_PORT);
        }
        return normalized(host);
    }

    private static boolean isAddress(String literal) {
        return !inFull(literal).isEmpty();
    }

    /** Returns what a host is compared by, of a Host header that keeps to the grammar. */
    static String normalized(String host) {
        int colon = host.lastIndexOf(':');
        String name = colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
        // RFC 4291 §2.2: "the use of "::" indicates one or more groups of 16 bits of zeros", and zeros may lead: one
        // address has many names.
        return name.startsWith("[") ? inFull(name) : name.toLowerCase(Locale.ROOT);
    }

    /** Writes an IPv6 address in brackets with all its groups; returns an empty text where it is none. */
    private static String inFull(String literal) {
        if (literal.indexOf(':') < 0) {
            return ""; // what follows would look such a thing up as a name
        }
        try {
            return "[" + InetAddress.getByName(literal).getHostAddress() + "]";
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
