package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.rule.CloseCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each fault at each moment, with TLS and without: the diagnosis of the core is what the user sees, once, through each
 * API, on both sides, and other connections of the loop go on. The outcomes are the test kit's table.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultContractTest {
    private static Loops loops;
    private static Bystander bystander;

    @BeforeAll
    static void begin() throws Exception {
        loops = Loops.of(1, "faults");
        bystander = new Bystander(loops);
    }

    @AfterAll
    static void end() {
        bystander.close();
        loops.close();
    }

    /** No channel and no timer is left, and the others on the loop go on. */
    @AfterEach
    void nothingElseHappened() throws Exception {
        bystander.assertUnharmed();
        bystander.awaitAlone();
    }

    static Stream<FaultRun> clients() {
        return FaultRun.all(Role.CLIENT);
    }

    static Stream<FaultRun> openClients() {
        return clients().filter(FaultRun::opens);
    }

    static Stream<FaultRun> servers() {
        return FaultRun.all(Role.SERVER);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aPullingClientIsToldTheDiagnosis(FaultRun run) throws Exception {
        try (var peer = run.listen()) {
            WebSocketBuilder builder = run.client(peer.port(), loops);
            if (!run.opens()) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(builder::connect)
                        .satisfies(run::verifyNotOpened);
                return;
            }
            WebSocket ws = builder.connect();
            if (run.fault().closesFirst()) {
                ws.close();
            }
            var thrown = receiveAll(ws);
            run.fault().verify(thrown.closed());
            assertThat(ws.closed().join()).isEqualTo(thrown.closed());
            assertThatExceptionOfType(ConnectionClosedException.class)
                    .isThrownBy(() -> ws.send("too late"))
                    .satisfies(e -> assertThat(e.closed()).isEqualTo(thrown.closed()));
            assertThat(ws.ping())
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOfSatisfying(
                            ConnectionClosedException.class,
                            e -> assertThat(e.closed()).isEqualTo(thrown.closed()));
            assertThat(ws.progress()).isEqualTo(thrown.closed().progress());
        }
    }

    private static ConnectionClosedException receiveAll(WebSocket ws) throws InterruptedException, IOException {
        while (true) {
            try {
                ws.receive();
            } catch (ConnectionClosedException e) {
                return e;
            }
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aClientsListenerIsToldTheDiagnosisOnce(FaultRun run) throws Exception {
        var listener = new Recorder(run.fault().closesFirst());
        try (var peer = run.listen()) {
            CompletableFuture<WebSocket> connecting =
                    run.client(peer.port(), loops).listener(listener).connectAsync();
            if (!run.opens()) {
                assertThat(connecting)
                        .failsWithin(Duration.ofSeconds(20))
                        .withThrowableOfType(ExecutionException.class)
                        .satisfies(e -> run.verifyNotOpened(e.getCause()));
                assertThat(listener.calls).isEmpty();
                return;
            }
            Closed closed = connecting.get().closed().get();
            listener.over.await();
            run.fault().verify(closed);
            assertThat(listener.closed).containsExactly(closed);
            assertThat(listener.calls).startsWith("open").endsWith("closed");
            assertThat(listener.calls.contains("stalled")).isEqualTo(run.fault().stalled());
        }
    }

    @ParameterizedTest
    @MethodSource("openClients")
    void iteratingEndsCleanlyOrThrowsTheDiagnosis(FaultRun run) throws Exception {
        try (var peer = run.listen()) {
            WebSocket ws = run.client(peer.port(), loops).connect();
            if (run.fault().closesFirst()) {
                ws.closeAsync(CloseCode.NORMAL_CLOSURE, "");
            }
            UncheckedIOException thrown = null;
            try {
                for (Message message : ws) {
                    assertThat(message).isNotNull();
                }
            } catch (UncheckedIOException e) {
                thrown = e;
            }
            Closed closed = ws.closed().get();
            run.fault().verify(closed);
            if (closed.isClean()) {
                assertThat(thrown).isNull();
            } else {
                assertThat(thrown).hasCauseInstanceOf(ConnectionClosedException.class);
                assertThat(((ConnectionClosedException) thrown.getCause()).closed())
                        .isEqualTo(closed);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServersHandlerIsToldTheDiagnosis(FaultRun run) throws Exception {
        var ends = new CompletableFuture<ConnectionClosedException>();
        Handler handler = ws -> {
            if (run.fault().closesFirst()) {
                ws.close();
            }
            ends.complete(receiveAll(ws));
        };
        try (var log = new LogLines("io.sansocket.server");
                var server = run.server(loops).handler(handler).start();
                var peer = run.connectTo(server)) {
            if (run.opens()) {
                run.fault().verify(ends.get().closed());
            } else {
                run.verifyNotOpened(log.await(text -> text.startsWith("x ")).getMessage());
            }
            peer.await(Duration.ofSeconds(20));
            assertThat(ends.isDone()).isEqualTo(run.opens());
            try (var next = run.client(server.port(), loops).connect()) {
                assertThat(next.response().status()).isEqualTo(101);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServersListenerIsToldTheDiagnosisOnce(FaultRun run) throws Exception {
        var listener = new Recorder(run.fault().closesFirst());
        try (var server = run.server(loops).listener(listener).start();
                var peer = run.connectTo(server)) {
            if (run.opens()) {
                listener.over.await();
                run.fault().verify(listener.closed.get(0));
                assertThat(listener.closed).hasSize(1);
                assertThat(listener.calls).startsWith("open").endsWith("closed");
                assertThat(listener.calls.contains("stalled"))
                        .isEqualTo(run.fault().stalled());
            }
            peer.await(Duration.ofSeconds(20));
            assertThat(listener.calls.isEmpty()).isEqualTo(!run.opens());
        }
    }

    /** Notes every call. */
    private static final class Recorder implements Listener {
        private final boolean closesFirst;
        final List<String> calls = Collections.synchronizedList(new ArrayList<>());
        final List<Closed> closed = Collections.synchronizedList(new ArrayList<>());
        final CountDownLatch over = new CountDownLatch(1);

        Recorder(boolean closesFirst) {
            this.closesFirst = closesFirst;
        }

        @Override
        public void onOpen(WebSocket connection) {
            calls.add("open");
            if (closesFirst) {
                connection.close();
            }
        }

        @Override
        public void onText(WebSocket connection, String text) {
            calls.add("text");
        }

        @Override
        public void onStalled(WebSocket connection, Progress progress) {
            calls.add("stalled");
        }

        @Override
        public void onClosed(WebSocket connection, Closed how) {
            calls.add("closed");
            closed.add(how);
            over.countDown();
        }
    }
}
