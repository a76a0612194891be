package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.StallPolicy;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.core.rule.Rule;
import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.PeerFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the builders' choices change, on both sides. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OptionsTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Timeouts IMPATIENT = new Timeouts(
            Timeouts.DEFAULT.handshake(),
            Timeouts.DEFAULT.close(),
            Timeouts.DEFAULT.pingInterval(),
            Timeouts.DEFAULT.pong(),
            Duration.ofMillis(50));

    private static ServerBuilder server() {
        return WebSocketServer.builder().port("127.0.0.1", 0).backlog(10);
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    /** Receives for ever. */
    private static void drain(WebSocket ws) throws Exception {
        while (true) {
            ws.receive();
        }
    }

    @Test
    void aMessageBeyondAServersLimitsClosesWith1009() throws Exception {
        try (var server = server().limits(Limits.SERVER.withMessageLimits(10, 10))
                        .handler(OptionsTest::drain)
                        .start();
                var ws = to(server).connect()) {
            ws.send("x".repeat(11));

            assertThat(ws.closed().join().received().code()).isEqualTo(1009);
        }
    }

    @Test
    void aServerCanReceiveMessagesInPieces() throws Exception {
        try (var server = server().streamMessages()
                        .handler(ws -> {
                            try (IncomingMessage message = ws.receiveStream()) {
                                byte[] data = message.inputStream().readAllBytes();
                                ws.send(Integer.toString(data.length));
                            }
                        })
                        .start();
                var ws = to(server).connect()) {
            ws.send(new byte[100_000]);

            assertThat(ws.receiveText()).isEqualTo("100000");
        }
    }

    @Test
    void aClientsHeadersReachTheServer() throws Exception {
        var seen = new CompletableFuture<String>();
        try (var server = server().onHandshake(request -> {
                            seen.complete(request.request().headers().first("Authorization"));
                            return HandshakeDecision.accept();
                        })
                        .handler(OptionsTest::drain)
                        .start();
                var ws = to(server).header("Authorization", "Bearer token").connect()) {
            assertThat(seen.join()).isEqualTo("Bearer token");
            assertThat(ws.request().headers().first("Authorization")).isEqualTo("Bearer token");
        }
    }

    @Test
    void theSchemesPortNeedNotBeSaid() throws Exception {
        try (var server = server().handler(OptionsTest::drain).start();
                var ws = WebSocket.builder("ws://localhost")
                        .address(server.address())
                        .connect()) {
            assertThat(ws.request().headers().first("Host")).isEqualTo("localhost");
        }
    }

    @Test
    void aClientOfWssTrustsWhomThePlatformTrustsUnlessToldOtherwise() throws Exception {
        try (var server = server().tls(Certificates.shows(Certificates.LOCALHOST))
                .handler(OptionsTest::drain)
                .start()) {
            assertThatExceptionOfType(SSLException.class)
                    .isThrownBy(() -> WebSocket.builder("wss://localhost")
                            .address(server.address())
                            .connect())
                    .withMessageStartingWith("TLS with localhost:443 failed: the server's certificate is not trusted");
        }
    }

    @Test
    void aClientsStalledFrameCanBeTheEnd() throws Exception {
        try (var peer = FaultyPeer.listen(FaultyPeer.script()
                .handshake()
                .truncate(PeerFrame.text("hello"), 2)
                .readUntilEnd()
                .fin())) {
            var ws = WebSocket.builder(peer.uri())
                    .stallPolicy(StallPolicy.FAIL)
                    .timeouts(IMPATIENT)
                    .connect();

            assertThat(ws.closed().join().rule()).isEqualTo(Rule.FRAME_STALLED);
        }
    }

    @Test
    void aServersStalledFrameCanBeTheEnd() throws Exception {
        var end = new CompletableFuture<ConnectionClosedException>();
        try (var server = server().stallPolicy(StallPolicy.FAIL)
                        .timeouts(IMPATIENT)
                        .handler(ws -> {
                            try {
                                drain(ws);
                            } catch (ConnectionClosedException e) {
                                end.complete(e);
                            }
                        })
                        .start();
                var peer = FaultyPeer.connectTo(
                        "127.0.0.1",
                        server.port(),
                        FaultyPeer.script()
                                .handshake()
                                .truncate(PeerFrame.text("hello"), 2)
                                .readUntilEnd()
                                .fin())) {
            peer.await(SOON);

            assertThat(end.join().closed().rule()).isEqualTo(Rule.FRAME_STALLED);
        }
    }

    /** Each side is held up by every message: none is lost, and none overtakes another. */
    @Test
    void receiveBuffersMayBeSmall() throws Exception {
        try (var server = server().receiveBuffer(1, 1)
                        .sendBuffer(1, OverflowPolicy.BLOCK)
                        .writeTimeout(SOON)
                        .handler(ws -> {
                            for (Message message : ws) {
                                ws.send(message);
                            }
                        })
                        .start();
                var ws = to(server).receiveBuffer(1, 1).connect()) {
            for (int i = 0; i < 100; i++) {
                ws.sendAsync(Message.of(Integer.toString(i)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(ws.receiveText()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void buffersHaveRoomForSomething() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().receiveBuffer(0, 1))
                .withMessage("the receive buffer in bytes is 0, it must be at least 1");
        assertThatIllegalArgumentException().isThrownBy(() -> server().receiveBuffer(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> server().sendBuffer(0, OverflowPolicy.FAIL));
        assertThatIllegalArgumentException().isThrownBy(() -> server().writeTimeout(Duration.ZERO));
    }

    @Test
    void portsAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> server().port(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().port(65_536))
                .withMessage("port 65536 is not in 0-65535");
    }

    @Test
    void anAddressThatIsTakenIsNamed() throws Exception {
        try (var server = server().handler(OptionsTest::drain).start()) {
            var taken = (InetSocketAddress) server.address();

            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> WebSocketServer.builder()
                            .address(taken)
                            .handler(OptionsTest::drain)
                            .start())
                    .withMessageStartingWith("cannot listen at 127.0.0.1:" + taken.getPort() + ": ");
        }
    }

    @Test
    void aHandlerRunsWhereItIsToldTo() throws Exception {
        var where = new CompletableFuture<String>();
        Executor threads = task -> new Thread(task, "given").start();
        try (var server = server().executor(threads)
                        .handler(ws -> where.complete(Thread.currentThread().getName()))
                        .start();
                var ws = to(server).connect()) {
            assertThat(where.join()).isEqualTo("given");
            assertThat(ws.closed().join().received().code()).isEqualTo(1000);
        }
    }

    @Test
    void aConnectionForWhichThereIsNoThreadIsClosedWith1011() throws Exception {
        Executor full = task -> {
            throw new RejectedExecutionException("planted");
        };
        try (var log = new LogLines("io.sansocket.server");
                var server = server().executor(full).handler(OptionsTest::drain).start();
                var ws = to(server).connect()) {
            assertThat(ws.closed().join().received().code()).isEqualTo(1011);
            var line = log.await(text -> text.contains("the executor failed"));
            assertThat(line.getLevel()).isEqualTo(Level.SEVERE);
        }
    }

    @Test
    void aServerThatCannotWaitCutsItsConnections() throws Exception {
        var server =
                server().drainTimeout(Duration.ZERO).handler(OptionsTest::drain).start();
        try (var peer = FaultyPeer.connectTo(
                "127.0.0.1", server.port(), FaultyPeer.script().handshake().stall())) {
            peer.await(SOON);
            server.close();
        }
        assertThat(server.connections()).isEmpty();
        assertThat(server.connectionCount()).isZero();
    }

    @Test
    void whatIsShownInPlaceIsKeptByCopying() throws Exception {
        var kept = new CompletableFuture<ByteBuffer>();
        try (var server = server().listener(new Listener() {
                            @Override
                            public void onBinary(WebSocket connection, ByteBuffer data) {
                                kept.complete(ByteBuffer.allocate(data.remaining())
                                        .put(data)
                                        .flip());
                            }
                        })
                        .start();
                var ws = to(server).connect()) {
            ws.send(new byte[] {1, 2, 3});

            assertThat(kept.join()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'ws://host.example/a b', 'not a URI: Illegal character in path at index 19: \"ws://host.example/a b\"'",
        "'ws://host.example/a b?token=secret', 'not a URI: Illegal character in path at index 19'",
        "'ws://host.example/?token=secret word', 'not a URI: Illegal character in query at index 31'",
        "'ws://user:secret@host.example/a b', 'not a URI: Illegal character in path at index 31'",
        "'ws://', 'not a URI: Expected authority at index 5: \"ws://\"'",
        "'ws://user:secret@host.example/', 'a WebSocket URI has no user: \"ws://.../\"'",
        "'http://host.example/?token=secret', 'not a ws or wss URI: \"http://.../\"'",
    })
    void whatIsNoUriIsToldWithoutWhatMayBeSecretInIt(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WebSocket.builder(text))
                .withMessage(message)
                .withNoCause();
    }
}
