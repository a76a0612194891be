package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that nobody should make, or not there: each ends, and says what is wrong. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AwkwardCallsTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    /** A name with an underscore, which java.net.URI reads no host in, and with a part that is too long to be looked up. */
    private static final String NO_NAME = "my_" + "a".repeat(64) + ".invalid";

    private static ServerBuilder server() {
        return WebSocketServer.builder().port("127.0.0.1", 0).handler(ws -> {
            for (Message message : ws) {
                ws.send(message);
            }
        });
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    /** Makes a call on a client's loop, and returns what comes of it. */
    private static <T> T onALoop(WebSocketServer server, Callable<T> call) throws Exception {
        var result = new CompletableFuture<T>();
        try (var loops = Loops.of(1, "calls")) {
            var ws = to(server)
                    .loops(loops)
                    .listener(new Listener() {
                        @Override
                        public void onOpen(WebSocket connection) {
                            try {
                                result.complete(call.call());
                            } catch (Exception e) {
                                result.completeExceptionally(e);
                            }
                        }
                    })
                    .connect();
            try {
                return result.get();
            } catch (ExecutionException e) {
                throw (Exception) e.getCause();
            } finally {
                ws.close();
            }
        }
    }

    @Test
    void aHostThatUriCannotNameIsLookedUpAndIsNotLoopback() throws Exception {
        try (var somebody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> WebSocket.connect("ws://" + NO_NAME + ":" + somebody.getLocalPort()))
                    .withMessageContaining(NO_NAME);
        }
    }

    @Test
    void itIsConnectedToAndNamedWhereItsAddressIsGiven() throws Exception {
        try (var server = server().hosts("my_service:9999").start();
                var ws = WebSocket.builder("ws://my_service:9999/")
                        .address(server.address())
                        .connect()) {
            assertThat(ws.request().headers().all("Host")).containsExactly("my_service:9999");
        }
    }

    @Test
    void anAddressWithPartsLeftOutIsOne() throws Exception {
        try (var server = server().start();
                var ws = WebSocket.connect("ws://127.1:" + server.port())) {
            ws.send("a");
            assertThat(ws.receiveText()).isEqualTo("a");
        }
        try (var server = server().tls(Tls.of(Certificates.context(Certificates.LOCALHOST, "TLSv1.3")))
                .start()) {
            try (var ws = WebSocket.builder("wss://127.1:" + server.port())
                    .tls(Certificates.trusts(Certificates.CA))
                    .connect()) {
                assertThat(ws.tlsSession()).isPresent();
            }
        }
    }

    @Test
    void anAddressThatWasNotFoundIsNamed() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> WebSocket.builder("ws://localhost")
                        .address(InetSocketAddress.createUnresolved("typo.example", 80))
                        .connect())
                .withMessageContaining("no address is known for typo.example");
    }

    @Test
    void aContextThatMakesNoEngineFailsTheClientsConnect() throws Exception {
        try (var server = server().start()) {
            var context = BrokenContext.of(Certificates.context(Certificates.LOCALHOST, "TLSv1.3"));
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> WebSocket.builder("wss://127.0.0.1:" + server.port())
                            .tls(Tls.of(context))
                            .connect());
            assertThat(context.asked).hasValue(1);
        }
    }

    @Test
    void loopsThatHaveEndedConnectNobody() throws Exception {
        Loops loops = Loops.of(1, "ended");
        loops.close();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(
                        () -> WebSocket.builder("ws://127.0.0.1:9").loops(loops).connect())
                .withMessage("the event loop has ended");
    }

    @Test
    void aChannelThatIsNotConnectedIsNoConnection() throws Exception {
        SocketChannel channel = SocketChannel.open();
        assertThatExceptionOfType(SocketException.class)
                .isThrownBy(() ->
                        WebSocket.builder("ws://localhost").channel(channel).connect())
                .withMessage("the channel that was given is not connected");
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void aChannelThatIsNotBoundServesNobody() throws Exception {
        try (var channel = ServerSocketChannel.open()) {
            assertThatExceptionOfType(SocketException.class)
                    .isThrownBy(() -> server().channel(channel).start())
                    .withMessage("the channel that was given is not bound to an address");
        }
    }

    @Test
    void timeoutsMayBeForEverButNotNothing() throws Exception {
        try (var server = server().writeTimeout(FOREVER).start();
                var ws =
                        to(server).connectTimeout(FOREVER).writeTimeout(FOREVER).connect()) {
            ws.send("a");
            assertThat(ws.receive(FOREVER)).isEqualTo(new Message.Text("a"));
        }
        WebSocketBuilder client = WebSocket.builder("ws://localhost");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.connectTimeout(Duration.ZERO))
                .withMessage("the connect timeout is PT0S, it must be longer than 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client.writeTimeout(Duration.ofSeconds(-1)))
                .withMessage("the write timeout is PT-1S, it must be longer than 0");
        assertThatNullPointerException().isThrownBy(() -> client.connectTimeout(null));
    }

    @Test
    void aServerCanBeClosedAfterAShutdownThatCouldNotBe() throws Exception {
        var server = server().start();
        assertThatNullPointerException().isThrownBy(() -> server.shutdown(null));
        assertThat(server.shutdown(FOREVER)).isEmpty();
        server.close();
    }

    @Test
    void whoConnectsAndAsksNothingIsNotWaitedForWhenTheServerGoesDown() throws Exception {
        try (var server = server().start();
                var silent = SocketChannel.open(server.address());
                var ws = to(server).connect()) {
            assertThat(silent.isConnected()).isTrue();
            ws.send("a");
            assertThat(ws.receiveText()).isEqualTo("a"); // the silent one was accepted before
            assertThat(server.shutdown(FOREVER)).isEmpty();
        }
    }

    @Test
    void anEventLoopMustNotWait() throws Exception {
        try (var server = server().start()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> onALoop(server, () -> to(server).connect()))
                    .withMessage("an event loop must not wait for a connection: use connectAsync()");
            assertThatIllegalStateException()
                    .isThrownBy(() -> onALoop(server, () -> {
                        server.join();
                        return null;
                    }))
                    .withMessage("an event loop must not wait for the server to close");
            assertThatIllegalStateException()
                    .isThrownBy(() -> onALoop(server, () -> server().start()))
                    .withMessage("an event loop must not wait for a server to start");
            try (var other = to(server).connect()) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> onALoop(server, other::progress))
                        .withMessage("an event loop must not wait for another one: use progressAsync()");
                assertThat(onALoop(server, other::progressAsync).get()).isEqualTo(other.progress());
            }
        }
    }

    @Test
    void aServerThatCannotStartLeavesNothingBehind() throws Exception {
        Loops ended = Loops.of(1, "ended");
        ended.close();
        try (var channel = ServerSocketChannel.open().bind(null)) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> server().loops(ended).channel(channel).start())
                    .withMessage("a server cannot be started: the event loop has ended");
            assertThat(channel.isOpen()).isFalse();
        }
    }

    @Test
    void aServerKeepsTheJvmAliveAndOtherLoopsDoNot() throws Exception {
        try (var server = server().start();
                var loops = Loops.of(1, "daemons")) {
            assertThat(loops.registrations()).containsExactly(0);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("sansocket-server-" + server.port()))
                    .isNotEmpty()
                    .noneMatch(Thread::isDaemon);
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread.getName().startsWith("daemons-"))
                    .isNotEmpty()
                    .allMatch(Thread::isDaemon);
        }
    }

    @Test
    void whoHasThePongHasTheLatency() throws Exception {
        try (var server = server().start()) {
            for (int i = 0; i < 50; i++) {
                try (var ws = to(server).connect()) {
                    ws.ping().get();
                    assertThat(ws.latency()).isPresent();
                }
            }
        }
    }
}
