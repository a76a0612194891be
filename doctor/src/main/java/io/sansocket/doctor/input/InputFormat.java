package io.sansocket.doctor.input;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/**
 * What an input is.
 *
 * @since 0.1
 */
public enum InputFormat {
    /** A capture file of the pcap kind, possibly gzipped. */
    PCAP,
    /** A capture file of the pcapng kind, possibly gzipped. */
    PCAPNG,
    /** One direction's bytes. */
    RAW,
    /** One direction's bytes as hex text. */
    HEX;

    /** How many bytes a guess looks at. */
    public static final int SAMPLE = 4 * 1024;

    private static final int FEWEST_DIGITS = 2;

    /**
     * Tells hex text from raw bytes: hex is text whose first line with anything in it consists of digits and separators.
     *
     * @param in a stream at its start that supports {@link InputStream#mark}; put back to where it was
     * @throws IOException when the stream cannot be read
     */
    public static InputFormat hexOrRaw(InputStream in) throws IOException {
        in.mark(SAMPLE);
        byte[] sample = in.readNBytes(SAMPLE);
        in.reset();
        return isHex(sample) ? HEX : RAW;
    }

    private static boolean isHex(byte[] sample) {
        var stream = new HexStream(new ByteArrayInputStream(sample));
        int digits = 0;
        try {
            for (int n = stream.read(); n >= 0; n = stream.read()) {
                digits += 2;
            }
        } catch (HexException e) {
            // A sample may end inside of a byte, a whole text may not.
            return e.isAtEnd() && sample.length == SAMPLE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return digits >= FEWEST_DIGITS;
    }

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
