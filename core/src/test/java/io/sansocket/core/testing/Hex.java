package io.sansocket.core.testing;

import java.util.HexFormat;

/** Bytes written as hex, so that a gloss can stand beside them: {@code hex("8a 00") // fin, pong, length 0}. */
public final class Hex {
    private static final HexFormat SPACED = HexFormat.ofDelimiter(" ");

    private Hex() {}

    /** Returns the bytes of all parts, one after the other; spaces mean nothing. */
    public static byte[] hex(String... parts) {
        return HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    }

    /** Returns the bytes in the form {@link #hex} reads, for example {@code 8a 00}. */
    public static String toHex(byte[] bytes) {
        return SPACED.formatHex(bytes);
    }
}
