package io.sansocket;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.testkit.Ledger;
import io.sansocket.testkit.LedgerMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many connections exchange messages of 0 to 1 MiB for a while, each open for some of them only, half of them compressed,
 * half of them with a handler and half with a listener. Every message must come back once, whole and in order, and nothing
 * may grow. Run by {@code .ci/soak}.
 */
final class Soak {
    /** Messages of a client under way at once: two, so that they could come in the wrong order. */
    private static final int WINDOW = 2;
    /** A connection is closed after so many messages at most, and the client opens the next. */
    private static final int LIFE = 100;
    /** The largest message is a mebibyte, which is the limit. */
    private static final int LARGEST = (1 << 20) - LedgerMessage.HEAD;

    /**
     * Messages are counted here, not time: a machine that has other things to do must not look like a peer that is gone. But
     * keepalive is as it comes, so that connections which are slow for long have their Pings and Pongs.
     */
    private static final Duration LONG = Duration.ofMinutes(2);

    private static final Timeouts TIMEOUTS =
            new Timeouts(LONG, LONG, Timeouts.DEFAULT.pingInterval(), Timeouts.DEFAULT.pong(), LONG);
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Ledger ledger = new Ledger(6455, LARGEST);
    private final Loops loops = Loops.of(Runtime.getRuntime().availableProcessors(), "soak-client");
    private final AtomicLong opened = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final WebSocketServer handling;
    private final WebSocketServer listening;

    private Soak() throws IOException {
        handling = server().handler(ws -> {
                    for (Message message : ws) {
                        ws.send(message);
                    }
                })
                .start();
        listening = server().listener(new Echo()).start();
    }

    private static ServerBuilder server() {
        return WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .timeouts(TIMEOUTS)
                .writeTimeout(LONG)
                .compression(PermessageDeflate.create());
    }

    /** Takes how long it lasts in seconds, and how many connections there are. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        int connections = Integer.parseInt(arguments[1]);
        System.exit(new Soak().run(seconds, connections) ? 0 : 1);
    }

    private boolean run(int seconds, int connections) throws Exception {
        List<Talker> talkers =
                IntStream.range(0, connections).mapToObj(i -> new Talker(i)).toList();
        talkers.forEach(Talker::connect);
        rest(talkers);
        Held start = Held.now("start");
        talk(talkers, seconds / 2.0);
        Held middle = Held.now("middle");
        talk(talkers, seconds / 2.0);
        Held end = Held.now("end");
        Ledger.Tally tally = ledger.settle();
        System.out.println(tally);
        System.out.printf(Locale.ROOT, "%,d connections opened, %,d faults%n", opened.get(), faults.get());
        boolean flat = end.isFlat(middle) && end.descriptors <= start.descriptors;
        System.out.println(flat ? "nothing has grown" : "something has grown");
        return tally.isPerfect() && faults.get() == 0 && flat;
    }

    private void talk(List<Talker> talkers, double seconds) {
        talkers.forEach(Talker::start);
        long end = System.nanoTime() + (long) (seconds * 1e9);
        waitUntil(() -> System.nanoTime() - end >= 0);
        talkers.forEach(Talker::stop);
        rest(talkers);
    }

    /** Waits until nothing is under way, each client has its connection, and the servers have no other. */
    private void rest(List<Talker> talkers) {
        long from = System.nanoTime();
        waitUntil(() -> {
            if (System.nanoTime() - from > PATIENCE_NANOS) {
                throw new IllegalStateException("after ten minutes something is still under way: " + ledger.tally());
            }
            return talkers.stream().allMatch(Talker::isAtRest)
                    && handling.connectionCount() + listening.connectionCount() == talkers.size();
        });
    }

    private static void waitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Sends back what comes. */
    private static final class Echo implements Listener {
        @Override
        public void onText(WebSocket connection, String text) {
            CompletableFuture<?> unused = connection.sendAsync(text);
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            CompletableFuture<?> unused = connection.sendAsync(data);
        }
    }

    /** A client that has a connection, and after it another one. */
    private final class Talker implements Listener {
        private final int number;
        private final SplittableRandom random;

        // Guarded by this.
        private WebSocket connection;
        private boolean talking;
        private int underWay;
        /** How many messages this connection will still take. */
        private int left;

        Talker(int number) {
            this.number = number;
            random = new SplittableRandom(number);
        }

        void connect() {
            WebSocketServer server = number % 2 == 0 ? handling : listening;
            WebSocketBuilder builder = WebSocket.builder("ws://127.0.0.1:" + server.port())
                    .loops(loops)
                    .timeouts(TIMEOUTS)
                    .writeTimeout(LONG)
                    .connectTimeout(LONG)
                    .listener(this);
            if (number % 4 < 2) {
                builder.compression(PermessageDeflate.create());
            }
            CompletableFuture<?> unused = builder.connectAsync().whenComplete((open, fault) -> note(fault));
        }

        private void note(Throwable fault) {
            if (fault != null && faults.incrementAndGet() <= 10) {
                System.out.println("client " + number + ": " + fault);
            }
        }

        synchronized void start() {
            talking = true;
            talk();
        }

        synchronized void stop() {
            talking = false;
        }

        synchronized boolean isAtRest() {
            return connection != null && underWay == 0;
        }

        private void talk() {
            while (connection != null && talking && left > 0 && underWay < WINDOW) {
                left--;
                underWay++;
                LedgerMessage message = ledger.next(number);
                CompletableFuture<?> sent =
                        message.isText() ? connection.sendAsync(message.text()) : connection.sendAsync(message.bytes());
                CompletableFuture<?> unused = sent.whenComplete((nothing, fault) -> note(fault));
            }
            if (connection != null && left == 0 && underWay == 0) {
                WebSocket done = connection;
                connection = null;
                done.closeAsync(1000, "");
            }
        }

        @Override
        public synchronized void onOpen(WebSocket open) {
            opened.incrementAndGet();
            connection = open;
            left = 1 + random.nextInt(LIFE);
            talk();
        }

        @Override
        public void onText(WebSocket open, String text) {
            ledger.arrived(text);
            arrived();
        }

        @Override
        public void onBinary(WebSocket open, ByteBuffer data) {
            ledger.arrived(data);
            arrived();
        }

        private synchronized void arrived() {
            underWay--;
            talk();
        }

        @Override
        public synchronized void onClosed(WebSocket open, Closed closed) {
            if (connection != null || !closed.isClean()) {
                note(new IOException(closed.toString()));
                connection = null;
                underWay = 0;
            }
            connect();
        }
    }

    /** What a process may run out of, while nothing is under way. */
    private record Held(long heap, int threads, long descriptors) {
        static Held now(String when) throws IOException {
            Runtime runtime = Runtime.getRuntime();
            long heap = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                heap = Math.min(heap, runtime.totalMemory() - runtime.freeMemory());
            }
            Path open = Path.of("/proc/self/fd");
            long descriptors = 0;
            if (Files.isDirectory(open)) {
                try (Stream<Path> all = Files.list(open)) {
                    descriptors = all.count();
                }
            }
            int threads = Thread.getAllStackTraces().size();
            System.out.printf(
                    Locale.ROOT,
                    "%-6s  %,12d bytes of heap, %d threads, %d descriptors%n",
                    when,
                    heap,
                    threads,
                    descriptors);
            return new Held(heap, threads, descriptors);
        }

        /** Allows 5 % more heap and a mebibyte, and threads of a pool that waits for work. */
        boolean isFlat(Held before) {
            return heap <= before.heap + before.heap / 20 + (1 << 20)
                    && threads <= before.threads + before.threads / 10 + 2;
        }
    }
}
