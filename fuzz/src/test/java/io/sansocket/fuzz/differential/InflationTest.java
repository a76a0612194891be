package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

class InflationTest {
    private static final Deflate LARGEST = new Deflate(true, Deflate.MAX_WINDOW_BITS);
    private static final int LIMIT = 100_000;

    private static Inflation inflate(byte[] data) {
        return new Inflation(data, new byte[0], LARGEST, LARGEST.window(), LIMIT);
    }

    private static byte[] hex(String text) {
        return HexFormat.ofDelimiter(" ").parseHex(text);
    }

    @Test
    void nothingIsBetweenBlocks() {
        assertThat(inflate(new byte[0]).state()).isEqualTo(Inflation.State.BETWEEN_BLOCKS);
    }

    @Test
    void theExamplesOfTheRfcAreHello() {
        // RFC 7692 §7.2.3.1, §7.2.3.3, §7.2.3.4, with the four bytes that the sender took off
        for (String example : new String[] {
            "f2 48 cd c9 c9 07 00 00 00 ff ff",
            "00 05 00 fa ff 48 65 6c 6c 6f 00 00 00 ff ff",
            "f3 48 cd c9 c9 07 00 00 00 00 ff ff"
        }) {
            Inflation inflation = inflate(hex(example));

            assertThat(inflation.state()).isEqualTo(Inflation.State.BETWEEN_BLOCKS);
            assertThat(new String(inflation.output(), java.nio.charset.StandardCharsets.US_ASCII))
                    .isEqualTo("Hello");
        }
    }

    @Test
    void aReferenceBehindTheBeginningIsBroken() {
        // RFC 7692 §7.2.3.2: the second Hello refers to the first
        Inflation inflation = inflate(hex("f2 00 11 00 00"));

        assertThat(inflation.state()).isEqualTo(Inflation.State.BROKEN);
        assertThat(inflation.reachesBeyondWindow()).isTrue();
    }

    @Test
    void whatZlibCompressesComesBackAtEveryLevelAndStrategy() {
        var content = new Content(new Random(5));
        for (int round = 0; round < 300; round++) {
            byte[] message = round % 2 == 0 ? content.text(round * 7) : content.binary(round * 7);
            var deflater = new Deflater(round % 10, true);
            deflater.setStrategy(round % 3);
            var data = new ByteArrayOutputStream();
            Compressor.deflate(deflater, message, Deflater.SYNC_FLUSH, data);
            deflater.end();

            Inflation inflation = inflate(data.toByteArray());

            assertThat(inflation.state()).isEqualTo(Inflation.State.BETWEEN_BLOCKS);
            assertThat(inflation.output()).isEqualTo(message);
        }
    }

    @Test
    void brokenDataStopsWhereZlibStops() {
        var random = new Random(8);
        var content = new Content(random);
        int broken = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] data = content.bytes(1 + random.nextInt(60));
            if (round % 2 == 0) {
                data[0] = (byte) ((data[0] & ~7) | 4); // a block with codes of its own, RFC 1951 §3.2.7
                for (int i = 1; i < data.length; i++) {
                    data[i] &= (byte) random.nextInt(); // with many zeros, as sparse codes have them
                }
            }
            broken += stopsWhereZlibStops(data) ? 1 : 0;
        }
        assertThat(broken).isGreaterThan(10_000);
    }

    /** Compares with zlib, but for data with a final block, behind which zlib stops; tells whether it is broken. */
    private static boolean stopsWhereZlibStops(byte[] data) {
        var inflater = new Inflater(true);
        inflater.setInput(data);
        byte[] output = new byte[LIMIT];
        boolean fault = false;
        try {
            inflater.inflate(output);
        } catch (DataFormatException e) {
            fault = true;
        }
        int length = (int) inflater.getBytesWritten();
        if (!inflater.finished()) {
            Inflation inflation = inflate(data);

            String shown = HexFormat.of().formatHex(data);
            assertThat(inflation.state() == Inflation.State.BROKEN).as(shown).isEqualTo(fault);
            assertThat(inflation.output()).as(shown).isEqualTo(Arrays.copyOf(output, length));
        }
        inflater.end();
        return fault;
    }
}
