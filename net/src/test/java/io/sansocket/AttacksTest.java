package io.sansocket;

import static io.sansocket.Attacker.frame;
import static io.sansocket.Attacker.header;
import static io.sansocket.Attacker.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.engine.EventLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What attackers make a server with default limits hold, in bytes of heap for each of them, while a well-behaved client is
 * served on the same loop. docs/hostile-input.md has the figures.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AttacksTest {
    private static final int ATTACKERS = 30;
    private static final int KIBIBYTE = 1024;
    /** What an attacker may cost beside what the settings let wait, and the precision of the measurement. */
    private static final long SMALL = 64 * KIBIBYTE;
    /** Written at once to each attacker's connection, in turn. */
    private static final int PIECE = 16 * KIBIBYTE;

    /** Echoes; but what comes to /attack may be left alone. */
    private static Handler handler(boolean receives) {
        return ws -> {
            if (!receives && ws.request().target().equals("/attack")) {
                ws.closed().join();
            }
            for (Message message : ws) {
                ws.send(message);
            }
        };
    }

    private static final Listener ECHO = new Listener() {
        @Override
        public void onText(WebSocket connection, String text) {
            CompletableFuture<?> unused = connection.sendAsync(text);
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            CompletableFuture<?> unused = connection.sendAsync(data);
        }
    };

    /**
     * An attack.
     *
     * @param attackers how many do it at once
     * @param bytes what each attacker sends once the handshake is done, and reads nothing
     * @param bound what it may make the server hold
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares attacks
    record Attack(String name, ServerBuilder server, int attackers, byte[] bytes, long bound) {
        Attack(String name, ServerBuilder server, byte[] bytes, long bound) {
            this(name, server, ATTACKERS, bytes, bound);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static ServerBuilder echo() {
        return WebSocketServer.builder().handler(handler(true));
    }

    private static ServerBuilder deaf() {
        return WebSocketServer.builder().handler(handler(false));
    }

    private static ServerBuilder listening() {
        return WebSocketServer.builder().listener(ECHO);
    }

    private static byte[] ofZeros(int first, int size) {
        return frame(first, new byte[size]);
    }

    private static byte[] sum(byte[]... parts) {
        return Stream.of(parts).reduce(new byte[0], (a, b) -> {
            byte[] both = Arrays.copyOf(a, a.length + b.length);
            System.arraycopy(b, 0, both, a.length, b.length);
            return both;
        });
    }

    /** A message that inflates to so many zeros. */
    private static byte[] bomb(int inflated) {
        var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(new byte[inflated]);
        byte[] out = new byte[inflated];
        int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return frame(0xC2, Arrays.copyOf(out, length - 4));
    }

    static List<Attack> attacks() {
        int mebibyte = 1 << 20;
        byte[] start = frame(0x01);
        byte[] empty = frame(0x00);
        byte[] small = times(4_000, ofZeros(0x82, KIBIBYTE));
        long outbox = Traffic.DEFAULT.outboxBytes();
        return List.of(
                new Attack("pings", echo(), times(200_000, frame(0x89)), SMALL),
                new Attack("full-pings", echo(), 10, times(60_000, ofZeros(0x89, 125)), SMALL),
                new Attack(
                        "full-pings-to-a-listener",
                        listening(),
                        10,
                        times(60_000, ofZeros(0x89, 125)),
                        EventLoop.BUFFER_SIZE),
                new Attack("empty-fragments", echo(), sum(start, times(16_000, empty)), SMALL),
                new Attack("empty-fragments-beyond-the-limit", echo(), sum(start, times(160_000, empty)), SMALL),
                new Attack("declared-limit", echo(), header(0x82, mebibyte, new byte[10]), SMALL),
                new Attack("declared-beyond-the-limit", echo(), header(0x82, 1L << 40, new byte[10]), SMALL),
                new Attack(
                        "bombs", echo().compression(PermessageDeflate.create()), times(20, bomb(4 * mebibyte)), SMALL),
                new Attack("handler-that-never-receives", deaf(), small, SMALL + Traffic.DEFAULT.inboxBytes()),
                new Attack("client-that-never-reads", echo(), 10, small, SMALL + EventLoop.BUFFER_SIZE + 2 * outbox),
                new Attack(
                        "client-that-never-reads-a-listener",
                        listening(),
                        4,
                        times(24_000, ofZeros(0x82, KIBIBYTE)),
                        SMALL + 2 * EventLoop.BUFFER_SIZE));
    }

    /** The handlers of the test before would be counted as held before the attack. */
    @BeforeEach
    void noOtherHandlerRuns() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("sansocket-handler")
                                && thread.getState() != Thread.State.TIMED_WAITING));
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void anAttackerMakesTheServerHoldLittle(Attack attack) throws Exception {
        try (var loops = Loops.of(1, "attacked");
                var server = attack.server.port("127.0.0.1", 0).loops(loops).start();
                var good = WebSocket.connect("ws://127.0.0.1:" + server.port());
                var attackers = new Attackers(attack.attackers, () -> Attacker.open(server.port()))) {
            serve(good);
            long before = heap();
            write(attackers.all, attack.bytes, good);
            for (int i = 0; i < 20; i++) {
                serve(good);
            }
            long held = (heap() - before) / attack.attackers;
            System.out.printf(
                    Locale.ROOT, "%-32s %,10d bytes each, %,9d held%n", attack.name, attack.bytes.length, held);
            assertThat(held).isLessThanOrEqualTo(attack.bound);
        }
    }

    /** Several attackers, to be closed together. */
    private static final class Attackers implements AutoCloseable {
        final List<Attacker> all = new ArrayList<>();

        Attackers(int count, Callable<Attacker> maker) throws Exception {
            for (int i = 0; i < count; i++) {
                all.add(maker.call());
            }
        }

        @Override
        public void close() throws IOException {
            for (Attacker attacker : all) {
                attacker.close();
            }
        }
    }

    /** Writes a piece to each in turn, and the next when all have had theirs; who takes no more has had enough. */
    private static void write(List<Attacker> attackers, byte[] bytes, WebSocket good) throws Exception {
        List<Attacker> left = new ArrayList<>(attackers);
        for (int from = 0; from < bytes.length && !left.isEmpty(); from += PIECE) {
            byte[] piece = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PIECE));
            left.removeIf(attacker -> !taken(attacker, piece));
            serve(good);
        }
    }

    private static boolean taken(Attacker attacker, byte[] piece) {
        try {
            return attacker.write(piece);
        } catch (IOException e) {
            return false; // it was cut
        }
    }

    private static void serve(WebSocket good) throws Exception {
        good.send("well-behaved");
        assertThat(good.receive(Duration.ofSeconds(30))).isEqualTo(Message.of("well-behaved"));
    }

    /** What is held once no collection finds more to free: what the test before has left may still be on its way out. */
    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int same = 0; same < 3; same++) {
            System.gc();
            long used = runtime.totalMemory() - runtime.freeMemory();
            if (used < least - KIBIBYTE) {
                same = 0;
            }
            least = Math.min(least, used);
        }
        return least;
    }

    @Test
    void whoDripsItsRequestIsCutAtTheDeadlineOfTheWhole() throws Exception {
        var timeouts = new Timeouts(
                Duration.ofMillis(500),
                Timeouts.DEFAULT.close(),
                Timeouts.DEFAULT.pingInterval(),
                Timeouts.DEFAULT.pong(),
                Timeouts.DEFAULT.progress());
        try (var server = echo().port("127.0.0.1", 0).timeouts(timeouts).start();
                var good = WebSocket.connect("ws://127.0.0.1:" + server.port());
                var attackers = new Attackers(ATTACKERS, () -> Attacker.connect(server.port()))) {
            byte[] drop = {'G'};
            // Each byte is in time for any deadline that a byte would move.
            for (List<Attacker> left = new ArrayList<>(attackers.all); !left.isEmpty(); ) {
                left.removeIf(attacker -> !taken(attacker, drop));
                serve(good);
            }
            attackers.all.forEach(Attacker::readToEnd);
        }
    }
}
