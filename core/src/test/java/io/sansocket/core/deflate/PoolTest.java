package io.sansocket.core.deflate;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.ExtensionDataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Who holds memory outside the heap, and when it is given back. */
class PoolTest {
    private final List<Counted> made = new ArrayList<>();
    private final Pool<Counted> pool = new Pool<>(
            Counted.class,
            () -> {
                made.add(new Counted());
                return made.get(made.size() - 1);
            },
            2);

    private static final class Counted implements Pool.Coder {
        private int resets;
        private int ends;

        @Override
        public void reset() {
            resets++;
        }

        @Override
        public void end() {
            ends++;
        }
    }

    @Test
    void whatIsGivenBackIsResetAndTakenAgain() {
        Counted first = pool.take();
        pool.giveBack(first);
        assertThat(first.resets).isEqualTo(1);
        assertThat(pool.take()).isSameAs(first);
        assertThat(pool.take()).isNotSameAs(first);
        assertThat(first.ends).isZero();
    }

    @Test
    void whatFindsNoRoomIsEnded() {
        List<Counted> taken = List.of(pool.take(), pool.take(), pool.take());
        taken.forEach(pool::giveBack);
        assertThat(taken).extracting(it -> it.ends).containsExactly(0, 0, 1);
        assertThat(List.of(pool.take(), pool.take())).containsExactlyElementsOf(taken.subList(0, 2));
    }

    @Test
    void threadsNeverShareACoder() throws Exception {
        Pool<Counted> shared = new Pool<>(Counted.class, Counted::new, 3);
        List<Thread> threads = new ArrayList<>();
        var broken = new java.util.concurrent.atomic.AtomicInteger();
        for (int i = 0; i < 4; i++) {
            threads.add(new Thread(() -> {
                for (int n = 0; n < 20_000; n++) {
                    Counted mine = shared.take();
                    int before = mine.resets;
                    mine.resets = before + 1;
                    Thread.onSpinWait();
                    if (mine.resets != before + 1 || mine.ends > 0) {
                        broken.incrementAndGet();
                    }
                    shared.giveBack(mine);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(broken).hasValue(0);
    }

    private final List<InflateCoder> inflaters = new ArrayList<>();
    private final List<DeflateCoder> deflaters = new ArrayList<>();

    private MessageInflater inflater(boolean takeover, int bound) {
        return new MessageInflater(
                new Pool<>(
                        InflateCoder.class,
                        () -> {
                            inflaters.add(new InflateCoder());
                            return inflaters.get(inflaters.size() - 1);
                        },
                        bound),
                new DeflateContext(15, takeover));
    }

    private MessageDeflater deflater(boolean takeover, int bound) {
        return new MessageDeflater(
                new Pool<>(
                        DeflateCoder.class,
                        () -> {
                            deflaters.add(new DeflateCoder(1));
                            return deflaters.get(deflaters.size() - 1);
                        },
                        bound),
                new DeflateContext(15, takeover));
    }

    @Test
    void nothingIsMadeBeforeTheFirstMessageNorAfterIt() throws Exception {
        for (boolean takeover : new boolean[] {true, false}) {
            inflaters.clear();
            deflaters.clear();
            MessageDeflater out = deflater(takeover, 1);
            MessageInflater in = inflater(takeover, 1);
            out.release();
            in.release();
            assertThat(deflaters).isEmpty();
            assertThat(inflaters).isEmpty();
            for (int i = 0; i < 10; i++) {
                roundTrip(out, in);
            }
            out.release();
            out.release();
            in.release();
            assertThat(deflaters).hasSize(1);
            assertThat(inflaters).hasSize(1);
        }
    }

    @Test
    void anInflaterIsHeldDuringAMessageOnlyAndADeflaterUntilRelease() throws Exception {
        MessageDeflater out = deflater(true, 0);
        MessageInflater in = inflater(true, 0);
        roundTrip(out, in);
        assertThat(isEnded(inflaters.get(0))).isTrue();
        assertThat(isEnded(deflaters.get(0))).isFalse();
        out.release();
        assertThat(isEnded(deflaters.get(0))).isTrue();
        in.decode(ByteBuffer.wrap(new byte[] {(byte) 0xF2}), false, bytes -> true);
        assertThat(isEnded(inflaters.get(1))).isFalse();
        in.release();
        assertThat(isEnded(inflaters.get(1))).isTrue();
    }

    @Test
    void anExtensionReleasesBothDirections() throws Exception {
        var extension = new DeflateExtension(
                Ends.offer("permessage-deflate"), DeflateOptions.DEFAULT, deflater(true, 0), inflater(true, 0));
        Ends.encode(extension, "Hello");
        extension.decode(ByteBuffer.wrap(new byte[] {(byte) 0xF2}), false, bytes -> true);
        extension.release();
        assertThat(isEnded(deflaters.get(0))).isTrue();
        assertThat(isEnded(inflaters.get(0))).isTrue();
    }

    @Test
    void anInflaterGivenBackInsideAMessageForgetsIt() throws Exception {
        MessageInflater in = inflater(true, 1);
        in.decode(ByteBuffer.wrap(hex("f2 48")), false, bytes -> true);
        in.release();
        var decoded = new StringBuilder();
        in.decode(ByteBuffer.wrap(hex("f2 48 cd c9 c9 07 00")), true, bytes -> {
            decoded.append(StandardCharsets.UTF_8.decode(bytes));
            return true;
        });
        assertThat(decoded).hasToString("Hello");
        assertThat(inflaters).hasSize(1);
    }

    private static void roundTrip(MessageDeflater out, MessageInflater in) throws ExtensionDataException {
        List<byte[]> wire = new ArrayList<>();
        out.encode(ByteBuffer.wrap(Ends.json(new Random(1), 500)), true, bytes -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            return wire.add(copy);
        });
        for (byte[] part : wire) {
            in.decode(ByteBuffer.wrap(part), false, bytes -> true);
        }
        in.decode(ByteBuffer.allocate(0), true, bytes -> true);
    }

    // JDK 17 throws the one of an ended coder, JDK 25 the other.
    private static boolean isEnded(DeflateCoder coder) {
        try {
            coder.zlib.getTotalIn();
            return false;
        } catch (NullPointerException | IllegalStateException e) {
            return true;
        }
    }

    private static boolean isEnded(InflateCoder coder) {
        try {
            coder.zlib.getRemaining();
            coder.zlib.getBytesWritten();
            return false;
        } catch (NullPointerException | IllegalStateException e) {
            return true;
        }
    }
}
