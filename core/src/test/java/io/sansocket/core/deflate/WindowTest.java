package io.sansocket.core.deflate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last bytes of a direction, however many came at a time. */
class WindowTest {
    @ParameterizedTest
    @ValueSource(ints = {512, 4_096, 32_768})
    void anInflaterMayReferToTheLastBytesAndToAllOfThem(int size) throws DataFormatException {
        for (int most : new int[] {1, size / 40, size / 3, size, 3 * size}) {
            Random random = new Random(size + most);
            var window = new Window(size);
            var all = new ByteArrayOutputStream();
            check(window, new byte[0], size);
            for (int i = 0; i < 40; i++) {
                byte[] more = new byte[i % 10 == 0 ? 0 : 1 + random.nextInt(most)];
                random.nextBytes(more);
                all.writeBytes(more);
                window.add(more, more.length);
                check(window, all.toByteArray(), size);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 512})
    void oneThatIsJustFullHasAllOfIt(int piece) throws DataFormatException {
        byte[] noise = new byte[512];
        new Random(piece).nextBytes(noise);
        var window = new Window(noise.length);
        for (int at = 0; at < noise.length; at += piece) {
            window.add(Arrays.copyOfRange(noise, at, at + piece), piece);
        }
        check(window, noise, noise.length);
    }

    @Test
    void itGrowsWhenTheNextBytesDoNotFitAndOnceItIsNoLongerSmallToItsSize() {
        var window = new Window(512);
        assertThat(window.retained()).isZero();
        window.add(new byte[2], 2);
        assertThat(window.retained()).isEqualTo(4 * 2);
        window.add(new byte[6], 6);
        assertThat(window.retained()).isEqualTo(8);
        window.add(new byte[0], 0);
        assertThat(window.retained()).isEqualTo(8);
        var exact = new Window(512);
        exact.add(new byte[8], 8);
        assertThat(exact.retained()).isEqualTo(512 / 16);
        var beyond = new Window(512);
        beyond.add(new byte[9], 9);
        assertThat(beyond.retained()).isEqualTo(512);
    }

    /** Repeats the last bytes, which are noise: without them before its eyes an inflater cannot. */
    private static void check(Window window, byte[] all, int size) throws DataFormatException {
        byte[] last = Arrays.copyOfRange(all, Math.max(0, all.length - size), all.length);
        byte[] data = new byte[last.length + 1_000];
        Deflater deflater = new Deflater(1, true);
        deflater.setDictionary(last);
        deflater.setInput(last);
        deflater.finish();
        int length = deflater.deflate(data);
        deflater.end();
        Inflater inflater = new Inflater(true);
        window.prime(inflater);
        inflater.setInput(data, 0, length);
        byte[] found = new byte[last.length];
        inflater.inflate(found);
        inflater.end();
        assertThat(found).isEqualTo(last);
    }
}
