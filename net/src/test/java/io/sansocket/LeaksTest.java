package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.frame.Role;
import io.sansocket.testkit.Moment;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left behind by connections that ended, however they did, with TLS and without: nothing. */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaksTest {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /** The channel lingers for 2 s where this end closes first. */
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Over TLS: before it is up, in the middle of a message, and where both ends have something to say. */
    private static final Set<Moment> SECURE = EnumSet.of(Moment.TLS, Moment.PAYLOAD, Moment.CLOSE_SENT);

    private static List<FaultRun> runs(Role tested) {
        return FaultRun.all(tested)
                .filter(run -> !run.secure() || SECURE.contains(run.fault().moment()))
                .toList();
    }

    /** What a process may run out of. */
    private record Held(long descriptors, long threads, List<Integer> registrations) {
        /** Waits until what was there to warm up has gone, channels that linger among it. */
        static Held atRest(Loops loops) throws IOException {
            await().atMost(SOON).until(() -> loops.registrations().equals(List.of(0)));
            return now(loops);
        }

        static Held now(Loops loops) throws IOException {
            long descriptors = 0;
            if (Files.isDirectory(DESCRIPTORS)) {
                try (Stream<Path> open = Files.list(DESCRIPTORS)) {
                    descriptors = open.filter(Held::isOfAnEngine).count();
                }
            }
            long threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("leaks-"))
                    .count();
            return new Held(descriptors, threads, loops.registrations());
        }

        /** Sockets, and what selectors are made of; not the files that the platform opens when it needs them first. */
        private static boolean isOfAnEngine(Path descriptor) {
            try {
                String target = Files.readSymbolicLink(descriptor).toString();
                return target.startsWith("socket:") || target.startsWith("anon_inode:");
            } catch (IOException e) {
                return false; // it was the one that lists them
            }
        }
    }

    @Test
    void clientsLeaveNothingBehindWhateverTheirServersDo() throws Exception {
        try (var loops = Loops.of(1, "leaks-client")) {
            List<FaultRun> runs = runs(Role.CLIENT);
            faultToAClient(runs.get(0), loops, new ArrayList<>()); // loads classes, opens jars
            Held before = Held.atRest(loops);
            var ended = new ArrayList<WeakReference<WebSocket>>();
            for (FaultRun run : runs) {
                faultToAClient(run, loops, ended);
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(Held.now(loops)).isEqualTo(before));
            assertCollectable(ended);
        }
    }

    private static void faultToAClient(FaultRun run, Loops loops, List<WeakReference<WebSocket>> ended)
            throws Exception {
        try (var peer = run.listen()) {
            WebSocket ws = run.client(peer.port(), loops).connect();
            ended.add(new WeakReference<>(ws));
            if (run.fault().closesFirst()) {
                ws.close();
            }
            drain(ws);
        } catch (IOException e) {
            assertThat(e).isNotNull(); // it never opened
        }
    }

    private static void drain(WebSocket ws) throws InterruptedException, IOException {
        try {
            while (true) {
                ws.receive();
            }
        } catch (ConnectionClosedException e) {
            assertThat(ws.isOpen()).isFalse();
        }
    }

    @Test
    void aServerKeepsNothingWhateverItsClientsDo() throws Exception {
        try (var loops = Loops.of(1, "leaks-server")) {
            var ended = new ConcurrentLinkedQueue<WeakReference<WebSocket>>();
            List<FaultRun> runs = runs(Role.SERVER);
            faultToAServer(runs.get(0), loops, ended);
            Held before = Held.atRest(loops);
            for (FaultRun run : runs) {
                faultToAServer(run, loops, ended);
            }
            await().atMost(SOON).untilAsserted(() -> assertThat(Held.now(loops)).isEqualTo(before));
            assertCollectable(ended);
        }
    }

    private static void faultToAServer(FaultRun run, Loops loops, Collection<WeakReference<WebSocket>> ended)
            throws Exception {
        Handler handler = ws -> {
            ended.add(new WeakReference<>(ws));
            if (run.fault().closesFirst()) {
                ws.close();
            }
            drain(ws);
        };
        try (var server = run.server(loops).handler(handler).start();
                var peer = run.connectTo(server)) {
            peer.await(Duration.ofSeconds(20));
        }
    }

    private static void assertCollectable(Iterable<WeakReference<WebSocket>> ended) {
        await().atMost(SOON).untilAsserted(() -> {
            System.gc();
            assertThat(ended).isNotEmpty().allMatch(reference -> reference.refersTo(null));
        });
    }

    @Test
    void aServerThatIsClosedEndsItsThreads() throws Exception {
        var server = WebSocketServer.serve(0, LeaksTest::drain);
        String name = "-" + server.port() + "-";
        try (var ws = WebSocket.connect("ws://localhost:" + server.port())) {
            assertThat(ws.isOpen()).isTrue();
            server.close();
        }
        await().atMost(SOON)
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().contains(name)));
    }
}
