package io.sansocket.core.http;

import io.sansocket.core.rule.Rule;

/** A fault of the peer before its place in the stream is known. */
record Fault(Rule rule, String message) {
    static Fault syntax(String message) {
        return new Fault(Rule.HANDSHAKE_HEADER_SYNTAX, message);
    }

    /** Names a byte so that it can be read in any log: {@code byte 0x41 ("A")}. */
    static String named(int b) {
        String hex = "byte 0x" + Character.forDigit(b >> 4, 16) + Character.forDigit(b & 0xF, 16);
        return HttpTokens.isVisible(b) ? hex + " (" + (char) b + ")" : hex;
    }
}
