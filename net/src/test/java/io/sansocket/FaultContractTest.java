package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.testkit.Fault;
import io.sansocket.testkit.FaultCase;
import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.Moment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * For each fault at each moment: the diagnosis of the core is what the user sees, once, through each API, on both sides.
 * The outcomes are the test kit's table; the timeouts are short, and what they cut short is the same.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultContractTest {
    private static final Timeouts SHORT = new Timeouts(
            Duration.ofMillis(400),
            Duration.ofMillis(400),
            Duration.ofMillis(250),
            Duration.ofMillis(250),
            Duration.ofMillis(100));
    /** For peers that are slow and lawful: nothing must be cut short. */
    private static final Timeouts LONG = Timeouts.DEFAULT;

    static Stream<FaultCase> clients() {
        return FaultCase.all(Role.CLIENT).stream().filter(fault -> !fault.needsTls());
    }

    static Stream<FaultCase> servers() {
        return FaultCase.all(Role.SERVER).stream().filter(fault -> !fault.needsTls());
    }

    private static Timeouts timeouts(FaultCase fault) {
        return switch (fault.fault()) {
            case STALL, SWALLOW -> SHORT;
            default -> LONG;
        };
    }

    private static boolean opens(FaultCase fault) {
        return switch (fault.moment()) {
            case ACCEPT, TLS -> false;
            case HEAD -> fault.fault() == Fault.DRIBBLE;
            default -> true;
        };
    }

    @ParameterizedTest
    @MethodSource("clients")
    void aPullingClientIsToldTheDiagnosis(FaultCase fault) throws Exception {
        try (var peer = FaultyPeer.listen(fault.script())) {
            WebSocketBuilder builder = WebSocket.builder(peer.uri()).timeouts(timeouts(fault));
            if (!opens(fault)) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(builder::connect)
                        .satisfies(e -> verifyNotOpened(fault, e));
                return;
            }
            WebSocket ws = builder.connect();
            if (fault.closesFirst()) {
                ws.close();
            }
            var thrown = receiveAll(ws);
            fault.verify(thrown.closed());
            assertThat(ws.closed().join()).isEqualTo(thrown.closed());
            assertThatExceptionOfType(ConnectionClosedException.class)
                    .isThrownBy(() -> ws.send("too late"))
                    .satisfies(e -> assertThat(e.closed()).isEqualTo(thrown.closed()));
            assertThat(ws.ping()).failsWithin(Duration.ofSeconds(5));
            assertThat(ws.progress()).isEqualTo(thrown.closed().progress());
        }
    }

    /** A reset right behind the peer's accept may already be the answer to connecting. */
    private static void verifyNotOpened(FaultCase fault, Throwable thrown) {
        if (thrown instanceof ConnectException) {
            assertThat(fault.fault()).isEqualTo(Fault.RESET);
            assertThat(fault.moment()).isEqualTo(Moment.ACCEPT);
            return;
        }
        assertThat(thrown).isInstanceOf(ConnectionClosedException.class);
        Closed closed = ((ConnectionClosedException) thrown).closed();
        fault.verify(closed);
        assertThat(thrown).hasMessageContaining(closed.toString());
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
    void aClientsListenerIsToldTheDiagnosisOnce(FaultCase fault) throws Exception {
        var listener = new Recorder(fault.closesFirst());
        try (var peer = FaultyPeer.listen(fault.script())) {
            CompletableFuture<WebSocket> connecting = WebSocket.builder(peer.uri())
                    .timeouts(timeouts(fault))
                    .listener(listener)
                    .connectAsync();
            if (!opens(fault)) {
                assertThat(connecting)
                        .failsWithin(Duration.ofSeconds(20))
                        .withThrowableOfType(ExecutionException.class)
                        .satisfies(e -> verifyNotOpened(fault, e.getCause()));
                assertThat(listener.calls).isEmpty();
                return;
            }
            Closed closed = connecting.get().closed().get();
            listener.over.await();
            fault.verify(closed);
            assertThat(listener.closed).containsExactly(closed);
            assertThat(listener.calls).startsWith("open").endsWith("closed");
            assertThat(listener.calls.contains("stalled")).isEqualTo(fault.stalled());
        }
    }

    @ParameterizedTest
    @MethodSource("clients")
    void iteratingEndsCleanlyOrThrowsTheDiagnosis(FaultCase fault) throws Exception {
        if (!opens(fault)) {
            return;
        }
        try (var peer = FaultyPeer.listen(fault.script())) {
            WebSocket ws =
                    WebSocket.builder(peer.uri()).timeouts(timeouts(fault)).connect();
            if (fault.closesFirst()) {
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
            fault.verify(closed);
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
    void aServersHandlerIsToldTheDiagnosis(FaultCase fault) throws Exception {
        var ends = new CompletableFuture<ConnectionClosedException>();
        Handler handler = ws -> {
            if (fault.closesFirst()) {
                ws.close();
            }
            ends.complete(receiveAll(ws));
        };
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .timeouts(timeouts(fault))
                        .handler(handler)
                        .start();
                var peer = FaultyPeer.connectTo("127.0.0.1", server.port(), fault.script())) {
            if (opens(fault)) {
                fault.verify(ends.get().closed());
            }
            peer.await(Duration.ofSeconds(20));
            assertStillServes(server);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aServersListenerIsToldTheDiagnosisOnce(FaultCase fault) throws Exception {
        var listener = new Recorder(fault.closesFirst());
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .timeouts(timeouts(fault))
                        .listener(listener)
                        .start();
                var peer = FaultyPeer.connectTo("127.0.0.1", server.port(), fault.script())) {
            if (opens(fault)) {
                listener.over.await();
                fault.verify(listener.closed.get(0));
                assertThat(listener.closed).hasSize(1);
                assertThat(listener.calls).startsWith("open").endsWith("closed");
                assertThat(listener.calls.contains("stalled")).isEqualTo(fault.stalled());
            }
            peer.await(Duration.ofSeconds(20));
        }
    }

    private static void assertStillServes(WebSocketServer server) throws Exception {
        try (var ws = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            assertThat(ws.response().status()).isEqualTo(101);
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
