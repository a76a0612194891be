package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.testkit.FaultyPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server lets in, how it refuses, and how it goes down. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerTest {
    private static final Handler ECHO = ws -> {
        for (Message message : ws) {
            ws.send(message);
        }
    };

    private static ServerBuilder server() {
        return WebSocketServer.builder().port("127.0.0.1", 0).handler(ECHO);
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port() + "/chat?room=1");
    }

    private static void assertRefused(WebSocketBuilder client, int status) {
        assertThatExceptionOfType(HandshakeRefusedException.class)
                .isThrownBy(client::connect)
                .satisfies(e -> assertThat(e.response().status()).isEqualTo(status));
    }

    @Test
    void aHandshakeCanBeRefusedWithAnyResponse() throws Exception {
        var response = HttpResponse.of(401, "Unauthorized", HttpHeaders.of("WWW-Authenticate", "Basic"))
                .withBody("who are you?");
        try (var server = server().onHandshake(request -> HandshakeDecision.refuse(response))
                .start()) {
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(to(server)::connect)
                    .satisfies(e -> assertThat(StandardCharsets.UTF_8
                                    .decode(e.response().body())
                                    .toString())
                            .isEqualTo("who are you?"))
                    .satisfies(e -> assertThat(e.response().headers().first("WWW-Authenticate"))
                            .isEqualTo("Basic"));
        }
    }

    @Test
    void theDeciderSeesTheRequestAndAddsHeaders() throws Exception {
        try (var server = server().onHandshake(request -> HandshakeDecision.accept("b")
                                .withHeader("X-Path", request.request().target()))
                        .start();
                var ws = to(server).subprotocols("a", "b").connect()) {
            assertThat(ws.subprotocol()).contains("b");
            assertThat(ws.response().headers().first("X-Path")).isEqualTo("/chat?room=1");
        }
    }

    @Test
    void theServersFirstSubprotocolThatIsOfferedIsAgreedTo() throws Exception {
        try (var server = server().subprotocols("x", "y", "z").start();
                var both = to(server).subprotocols("z", "y").connect();
                var none = to(server).subprotocols("other").connect()) {
            assertThat(both.subprotocol()).contains("y");
            assertThat(none.subprotocol()).isEmpty();
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedUnlessTheyAreAllowed() throws Exception {
        try (var strict = server().start();
                var open =
                        server().origins(OriginPolicy.of("https://app.example")).start()) {
            assertRefused(to(strict).origin("https://evil.example"), 403);
            assertRefused(to(open).origin("https://evil.example"), 403);
            to(strict).origin("http://127.0.0.1:" + strict.port()).connect().close();
            to(open).origin("https://app.example").connect().close();
        }
    }

    @Test
    void otherHostsAreRefusedWhereHostsAreNamed() throws Exception {
        try (var server = server().hosts("chat.example", "LOCALHOST:99").start()) {
            assertRefused(to(server), 421);
            WebSocket.builder("ws://localhost:" + server.port())
                    .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                    .connect()
                    .close();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreRefused() throws Exception {
        try (var server = server().maxConnections(1).start()) {
            WebSocket first = to(server).connect();
            assertRefused(to(server), 503);
            first.close();
            first.closed().get();
            while (server.connectionCount() > 0) {
                Thread.onSpinWait();
            }
            to(server).connect().close();
        }
    }

    /** Those that never ask to be opened would else be without number. */
    @Test
    void whereAsManyAgainAreInTheirHandshakeOthersWaitUntilOneHasEnded() throws Exception {
        try (var server = server().maxConnections(1).start();
                var first = to(server).connect()) {
            var silent = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
            CompletableFuture<WebSocket> third = to(server).connectAsync();
            // A fourth that is answered would have been accepted behind the third.
            CompletableFuture<WebSocket> fourth = to(server).connectAsync();
            first.send("still served");
            assertThat(first.receiveText()).isEqualTo("still served");
            assertThat(third).isNotDone();
            assertThat(fourth).isNotDone();

            silent.close();
            for (CompletableFuture<WebSocket> refused : List.of(third, fourth)) {
                assertThat(refused)
                        .failsWithin(Duration.ofSeconds(30))
                        .withThrowableOfType(ExecutionException.class)
                        .withCauseInstanceOf(HandshakeRefusedException.class);
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().maxConnections(0))
                .withMessage("0 connections are too few for a server, at least 1 is needed");
    }

    @Test
    void thatNoMoreAreAcceptedIsLoggedEachTimeItComesToThat() throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server().maxConnections(2).start()) {
            var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            for (int times = 1; times <= 2; times++) {
                long expected = times;
                List<SocketChannel> silent = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    silent.add(SocketChannel.open(address));
                }
                await().until(() -> log.records().stream()
                                .filter(line -> line.getMessage().contains("no more are accepted"))
                                .count()
                        == expected);
                for (SocketChannel each : silent) {
                    each.close();
                }
                // Served alone, and so accepted when there was room again.
                await().until(() -> log.records().stream()
                                .filter(line -> line.getMessage().contains("closed abnormally"))
                                .count()
                        == 5 * expected);
                to(server).connect().close();
            }
        }
    }

    @Test
    void aContextThatMakesNoEngineCostsAConnectionEachAndNotTheServer() throws Exception {
        int many = 10;
        var context = BrokenContext.of(Certificates.context(Certificates.LOCALHOST, "TLSv1.3"));
        try (var server = server().maxConnections(1).tls(Tls.of(context)).start()) {
            for (int i = 0; i < many; i++) {
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> WebSocket.builder("wss://127.0.0.1:" + server.port())
                                .tls(Certificates.trusts(Certificates.CA))
                                .connect());
            }
            assertThat(context.asked).hasValue(many);
        }
    }

    @Test
    void aHandlerThatReturnsClosesWith1000() throws Exception {
        try (var server = server().handler(ws -> {}).start();
                var ws = to(server).connect()) {
            assertThat(ws.closed().get().received().code()).isEqualTo(1000);
        }
    }

    @Test
    void aHandlerThatThrowsClosesWith1011() throws Exception {
        try (var server = server().handler(ws -> {
                            throw new IOException("planted");
                        })
                        .start();
                var ws = to(server).connect()) {
            assertThat(ws.closed().get().received().code()).isEqualTo(1011);
        }
    }

    @Test
    void aListenerThatThrowsHarmsItsConnectionOnly() throws Exception {
        Listener listener = new Listener() {
            @Override
            public void onText(WebSocket connection, String text) {
                if (text.equals("throw")) {
                    throw new IllegalStateException("planted");
                }
                connection.sendAsync(text);
            }
        };
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .listener(listener)
                        .start();
                var bad = to(server).connect();
                var good = to(server).connect()) {
            bad.send("throw");
            assertThat(bad.closed().get().received().code()).isEqualTo(1011);
            good.send("hello");
            assertThat(good.receiveText()).isEqualTo("hello");
        }
    }

    @Test
    void aListenerCanSendWhatItIsShownToManyConnections() throws Exception {
        var all = java.util.concurrent.ConcurrentHashMap.<WebSocket>newKeySet();
        var open = new CountDownLatch(5);
        Listener broadcast = new Listener() {
            @Override
            public void onOpen(WebSocket connection) {
                all.add(connection);
                open.countDown();
            }

            @Override
            public void onBinary(WebSocket connection, ByteBuffer data) {
                for (WebSocket each : all) {
                    each.sendAsync(data);
                }
            }
        };
        try (var server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .listener(broadcast)
                .start()) {
            List<WebSocket> clients = List.of(
                    to(server).connect(),
                    to(server).connect(),
                    to(server).connect(),
                    to(server).connect(),
                    to(server).connect());
            open.await();
            for (int size : new int[] {1, 5000, 20_000, 200_000}) {
                byte[] data = new byte[size];
                java.util.Arrays.fill(data, (byte) size);
                for (int i = 0; i < 10; i++) {
                    clients.get(i % 5).send(data);
                }
                for (WebSocket client : clients) {
                    for (int i = 0; i < 10; i++) {
                        assertThat(client.receive()).isEqualTo(Message.of(ByteBuffer.wrap(data)));
                    }
                }
            }
            clients.forEach(WebSocket::close);
        }
    }

    @Test
    void closingTheServerClosesConnectionsWith1001() throws Exception {
        var server = server().start();
        var ws = to(server).connect();
        assertThat(server.shutdown(Duration.ofSeconds(10))).isEmpty();

        assertThat(ws.closed().get().received().code()).isEqualTo(1001);
        assertThat(ws.closed().get().isClean()).isTrue();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> to(server).connect());
        server.join();
        server.close();
    }

    @Test
    void aConnectionThatDoesNotCloseIsCutAndReported() throws Exception {
        try (var server = server().start();
                var deaf = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))) {
            deaf.write(StandardCharsets.US_ASCII.encode("""
                    GET / HTTP/1.1\r
                    Host: localhost\r
                    Upgrade: websocket\r
                    Connection: Upgrade\r
                    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                    Sec-WebSocket-Version: 13\r
                    \r
                    """));
            while (server.connectionCount() == 0) {
                Thread.onSpinWait();
            }
            assertThat(server.shutdown(Duration.ofMillis(100))).hasSize(1);
        }
    }

    @Test
    void whoIsInterruptedWhileTheServerShutsDownCutsAtOnce() throws Exception {
        var server = server().start();
        try (var peer = FaultyPeer.connectTo(
                "127.0.0.1", server.port(), FaultyPeer.script().handshake().stall())) {
            peer.await(Duration.ofSeconds(20));
            while (server.connectionCount() == 0) {
                Thread.onSpinWait();
            }
            Thread.currentThread().interrupt();

            assertThat(server.shutdown(Duration.ofDays(1))).hasSize(1);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void whoAsksWhileTheServerShutsDownIsRefusedWith503() throws Exception {
        var closing = new CompletableFuture<Void>();
        try (var loops = Loops.of(1, "closing");
                var server = server().loops(loops).start();
                var peer = FaultyPeer.connectTo(
                        "127.0.0.1",
                        server.port(),
                        FaultyPeer.script()
                                .raw("GET / ")
                                .call(closing::join)
                                .raw("""
                                HTTP/1.1\r
                                Host: localhost\r
                                Upgrade: websocket\r
                                Connection: Upgrade\r
                                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                                Sec-WebSocket-Version: 13\r
                                \r
                                """)
                                .readUntilEnd()
                                .fin())) {
            int listening = 1;
            await().until(() -> loops.registrations().get(0) > listening);
            var closer = new Thread(server::close);
            closer.start();
            await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);
            closing.complete(null);

            peer.await(Duration.ofSeconds(20));
            assertThat(new String(peer.received(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 503 ");
            closer.join();
        }
    }

    @Test
    void aListenerCanCloseItsServer() throws Exception {
        var running = new CompletableFuture<WebSocketServer>();
        var refused = new CompletableFuture<Throwable>();
        var server = WebSocketServer.builder()
                .listener(new Listener() {
                    @Override
                    public void onText(WebSocket connection, String text) {
                        try {
                            running.join().shutdown(Duration.ZERO);
                        } catch (IllegalStateException e) {
                            refused.complete(e);
                        }
                        running.join().close();
                    }
                })
                .start();
        running.complete(server);
        var ws = to(server).connect();
        ws.send("stop");

        server.join();
        assertThat(ws.closed().get().received().code()).isEqualTo(1001);
        assertThat(refused.get()).hasMessageContaining("an event loop must not wait");
    }

    @Test
    void aServerWhoseLoopsHaveEndedCanBeClosed() throws Exception {
        Loops loops = Loops.of(2, "given");
        var server = server().loops(loops).start();
        var ws = to(server).connect();
        loops.close();
        assertThat(ws.closed().get().isClean()).isFalse();

        assertThat(server.shutdown(Duration.ofSeconds(10))).isEmpty();
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server().loops(loops).start())
                .withMessageContaining("a server cannot be started")
                .withStackTraceContaining("the event loop has ended");
    }

    @Test
    void loopsMayBeClosedByOneOfThem() throws Exception {
        Loops loops = Loops.of(1, "self");
        var loop = loops.next();
        loop.execute(loops::close);

        loop.join();
    }

    @Test
    void itServesOverAUnixDomainSocket(@TempDir Path folder) throws Exception {
        var address = UnixDomainSocketAddress.of(folder.resolve("s"));
        try (var server =
                        WebSocketServer.builder().address(address).handler(ECHO).start();
                var ws = WebSocket.builder("ws://localhost/").address(address).connect()) {
            assertThat(server.port()).isEqualTo(-1);
            ws.send("local");
            assertThat(ws.receiveText()).isEqualTo("local");
        }
    }

    @Test
    void itServesOnAGivenChannelAndClientsUseOne() throws Exception {
        var listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        try (var server = WebSocketServer.builder()
                        .channel(listening)
                        .handler(ECHO)
                        .start();
                var ws = to(server)
                        .channel(SocketChannel.open(listening.getLocalAddress()))
                        .connect()) {
            ws.send("mine");
            assertThat(ws.receiveText()).isEqualTo("mine");
        }
        assertThat(listening.isOpen()).isFalse();
    }

    @Test
    void compressionIsAgreedWhenBothWantIt() throws Exception {
        var deflate = PermessageDeflate.create();
        try (var server = server().compression(deflate).start();
                var with = to(server).compression(deflate).connect();
                var without = to(server).connect()) {
            assertThat(with.extensions()).hasSize(1);
            assertThat(without.extensions()).isEmpty();
            String text = "all work and no play ".repeat(1000);
            with.send(text);
            without.send(text);
            assertThat(with.receiveText()).isEqualTo(text);
            assertThat(without.receiveText()).isEqualTo(text);
        }
    }

    @Test
    void aServerNeedsAHandlerOrAListener() {
        assertThatIllegalStateException()
                .isThrownBy(() -> WebSocketServer.builder().port(0).start());
        assertThatIllegalStateException()
                .isThrownBy(() -> server().listener(new Listener() {}).start());
    }

    @Test
    void attributesAndAddressesAreThere() throws Exception {
        var served = new CompletableFuture<WebSocket>();
        try (var server = server().handler(ws -> {
                            ws.attributes().put("user", "ann");
                            served.complete(ws);
                            ws.receive();
                        })
                        .start();
                var ws = to(server).connect()) {
            WebSocket other = served.get();
            assertThat(other.attributes()).containsEntry("user", "ann");
            assertThat(other.remoteAddress()).isEqualTo(ws.localAddress());
            assertThat(ws.remoteAddress()).isEqualTo(other.localAddress());
            assertThat(ws).hasToString("WebSocket to 127.0.0.1:" + server.port() + ", open");
            assertThat(server.connections()).containsExactly(other);
        }
    }
}
