package io.sansocket.core.http;

import io.sansocket.core.rule.Rule;
import org.jspecify.annotations.Nullable;

/**
 * The version of HTTP that a message declares (RFC 9112 §2.3).
 *
 * @param major the major version, one digit
 * @param minor the minor version, one digit
 * @since 0.1
 */
public record HttpVersion(int major, int minor) {
    /** The version every head we write has. */
    public static final HttpVersion HTTP_1_1 = new HttpVersion(1, 1);

    /** {@code HTTP/1.1} has this many characters, like every version. */
    static final int LENGTH = 8;

    private static final String PREFIX = "HTTP/";
    private static final int MAJOR_INDEX = PREFIX.length();
    private static final int DOT_INDEX = MAJOR_INDEX + 1;
    private static final int TLS_ALERT = 0x15;
    private static final int TLS_HANDSHAKE = 0x16;

    /**
     * Checks that both numbers have one digit.
     *
     * @throws IllegalArgumentException when one has not
     */
    public HttpVersion {
        if (major < 0 || major > 9 || minor < 0 || minor > 9) {
            throw new IllegalArgumentException(
                    "an HTTP version has one digit before and one behind the dot, not " + major + "." + minor);
        }
    }

    /** Tells whether this version is older than the other. */
    public boolean isBefore(HttpVersion other) {
        return major < other.major || (major == other.major && minor < other.minor);
    }

    /** Judges the byte at an index of a version; the major version must be 1, for another has another grammar. */
    static @Nullable Fault accept(int index, int b) {
        // RFC 9112 §2.3: "HTTP-version = HTTP-name "/" DIGIT "." DIGIT"
        if (index < MAJOR_INDEX) {
            return b == PREFIX.charAt(index) ? null : Fault.syntax(Fault.named(b) + " where HTTP/1.1 is expected");
        }
        if (index == DOT_INDEX) {
            return b == '.' ? null : Fault.syntax(Fault.named(b) + " in the HTTP version where \".\" is expected");
        }
        if (!HttpTokens.isDigit(b)) {
            return Fault.syntax(Fault.named(b) + " in the HTTP version where a digit is expected");
        }
        if (index == MAJOR_INDEX && b != '1') {
            return new Fault(Rule.HANDSHAKE_HTTP_VERSION, "HTTP major version " + (char) b + ", only 1 is understood");
        }
        return null;
    }

    /** Reads a version whose every byte was accepted. */
    static HttpVersion read(byte[] line, int from) {
        return new HttpVersion(line[from + MAJOR_INDEX] - '0', line[from + DOT_INDEX + 1] - '0');
    }

    /** Tells whether a first byte is that of a TLS record; plain HTTP on a TLS port is a common mistake. */
    static boolean looksLikeTls(int firstByte) {
        return firstByte == TLS_ALERT || firstByte == TLS_HANDSHAKE;
    }

    @Override
    public String toString() {
        return PREFIX + major + "." + minor;
    }
}
