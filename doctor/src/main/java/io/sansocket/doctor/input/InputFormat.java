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

    /** As many bytes as it takes to call a text that breaks off hex all the same, and to say where it breaks off. */
    private static final int ENOUGH_BYTES = 3;

    /**
     * Tells hex text from raw bytes: hex is text that stands for bytes, at least at its beginning. No text is frames, for
     * the first bit of a printable character is 0 and the next three are never all 0.
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
        int count = 0;
        try {
            for (int n = stream.read(); n >= 0; n = stream.read()) {
                count++;
            }
        } catch (HexException e) {
            return (e.isAtEnd() && sample.length == SAMPLE) || (count >= ENOUGH_BYTES && isText(sample));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count > 0 || (sample.length > 0 && isText(sample));
    }

    private static boolean isText(byte[] sample) {
        for (byte b : sample) {
            boolean text = (b >= ' ' && b <= '~') || b == '\n' || b == '\r' || b == '\t';
            if (!text) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
