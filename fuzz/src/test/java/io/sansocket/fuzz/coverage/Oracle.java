package io.sansocket.fuzz.coverage;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** What a target knows to hold whatever the input: a claim that does not is a finding. */
final class Oracle {
    private Oracle() {}

    static void check(boolean holds, String claim) {
        if (!holds) {
            throw new AssertionError(claim);
        }
    }

    static void same(Object expected, Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + " differ:\n  " + expected + "\n  " + actual);
        }
    }

    /** Encodes a text that must be one. */
    static byte[] utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        check(text.equals(new String(bytes, StandardCharsets.UTF_8)), "a text has no half of a surrogate pair");
        return bytes;
    }
}
