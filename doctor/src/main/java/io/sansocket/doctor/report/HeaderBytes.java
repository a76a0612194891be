package io.sansocket.doctor.report;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * The bytes of a frame's header, which never change.
 *
 * @since 0.1
 */
public final class HeaderBytes {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private final byte[] bytes;

    /** Copies the bytes. */
    public HeaderBytes(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    /** Returns how many there are. */
    public int length() {
        return bytes.length;
    }

    /** Returns one byte as a number from 0 to 255. */
    public int at(int index) {
        return bytes[index] & 0xFF;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HeaderBytes header && Arrays.equals(bytes, header.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Returns the bytes as hex: {@code 81 7e 00 ca}. */
    @Override
    public String toString() {
        return HEX.formatHex(bytes);
    }
}
