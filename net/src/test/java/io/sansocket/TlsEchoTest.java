package io.sansocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.pkitesting.CertificateBuilder.Algorithm;
import java.io.DataInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Client and server over TLS, with each other and with the platform's own peers, where nothing goes wrong. */
@Timeout(60)
class TlsEchoTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private WebSocketServer serve(Tls tls) throws Exception {
        var server = WebSocketServer.builder()
                .port(0)
                .tls(tls)
                .handler(ws -> {
                    for (Message message : ws) {
                        ws.send(message);
                    }
                })
                .start();
        open.add(server);
        return server;
    }

    private WebSocket connect(WebSocketServer server, Tls tls) throws Exception {
        var ws = WebSocket.builder("wss://localhost:" + server.port()).tls(tls).connect();
        open.add(0, ws);
        return ws;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bytesOfAnySizeComeBack(String protocol) throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        var ws = connect(server, Tls.of(Certificates.context(Certificates.CLIENT, protocol)));

        assertThat(ws.tlsSession().orElseThrow().getProtocol()).isEqualTo(protocol);
        for (int size : new int[] {0, 1, 125, 126, 16_383, 16_384, 16_385, 65_536, 1 << 20}) {
            byte[] data = new byte[size];
            Arrays.fill(data, (byte) size);
            ws.send(data);
            assertThat(ws.receive()).isEqualTo(new Message.Binary(ByteBuffer.wrap(data)));
        }
    }

    @Test
    void manyMessagesComeBackInOrder() throws Exception {
        int count = 20_000;
        var ws = connect(serve(Certificates.shows(Certificates.LOCALHOST)), Certificates.trusts(Certificates.CA));
        var sending = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < count; i++) {
                    ws.send(Integer.toString(i));
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        for (int i = 0; i < count; i++) {
            assertThat(ws.receiveText()).isEqualTo(Integer.toString(i));
        }
        sending.join();
    }

    /** More than the channels hold, in both directions at once: ciphertext waits at both ends. */
    @Test
    void whatTheChannelDoesNotTakeWaits() throws Exception {
        byte[] data = new byte[1 << 20];
        var ws = connect(serve(Certificates.shows(Certificates.LOCALHOST)), Certificates.trusts(Certificates.CA));
        List<CompletableFuture<?>> sent = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            data = data.clone();
            data[0] = (byte) i;
            sent.add(ws.sendAsync(ByteBuffer.wrap(data)));
        }
        for (int i = 0; i < 15; i++) {
            var message = (Message.Binary) ws.receive();
            assertThat(message.data().remaining()).isEqualTo(1 << 20);
            assertThat(message.data().get(0)).isEqualTo((byte) i);
        }
        CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new)).join();
    }

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"ecp256", "ecp384", "rsa2048", "ed25519"})
    void keysOfEachKindAreShown(Algorithm algorithm) throws Exception {
        var bundle = Certificates.server(Certificates.CA, "localhost", algorithm);
        var ws = connect(serve(Certificates.shows(bundle)), Certificates.trusts(Certificates.CA));

        assertThat(ws.tlsSession().orElseThrow().getPeerCertificates()[0]).isEqualTo(bundle.getCertificate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"one.example", "two.example"})
    void theKeyStoresCertificateForTheNameAskedForIsShown(String name) throws Exception {
        var one = Certificates.server(Certificates.CA, "one.example", Algorithm.ecp256);
        var two = Certificates.server(Certificates.CA, "two.example", Algorithm.ecp256);
        var server = serve(Tls.keyStore(Certificates.keyStore(one, two), Certificates.PASSWORD));

        var ws = WebSocket.builder("wss://" + name + ":" + server.port())
                .address(new java.net.InetSocketAddress("localhost", server.port()))
                .tls(Certificates.trusts(Certificates.CA))
                .connect();
        open.add(0, ws);
        assertThat(ws.tlsSession().orElseThrow().getPeerPrincipal().getName()).isEqualTo("CN=" + name);
    }

    @Test
    void theSecondConnectionResumesTheSession() throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        var tls = Certificates.trusts(Certificates.CA);
        var first = connect(server, tls);
        first.send("a ticket comes before the echo");
        first.receive();
        var second = connect(server, tls);

        assertThat(second.tlsSession().orElseThrow().getCreationTime())
                .isEqualTo(first.tlsSession().orElseThrow().getCreationTime());
    }

    @Test
    void closingIsCleanAndEndsWithCloseNotify() throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        var ws = connect(server, Certificates.trusts(Certificates.CA));
        ws.send("hello");
        ws.receive();
        var other = server.connections().iterator().next();
        ws.close(4000, "done");

        assertThat(ws.closed().join().isClean()).isTrue();
        assertThat(ws.closed().join().transportEnd()).hasToString("the peer ended the stream (FIN)");
        assertThat(other.closed().join().isClean()).isTrue();
        assertThat(other.closed().join().received().code()).isEqualTo(4000);
    }

    @Test
    void aConnectionWithoutTlsHasNoSession() throws Exception {
        var server = WebSocketServer.serve(0, ws -> ws.receive());
        open.add(server);
        try (var ws = WebSocket.connect("ws://localhost:" + server.port())) {
            assertThat(ws.tlsSession()).isEmpty();
        }
    }

    @Test
    void thePlatformsClientIsEchoed() throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        var received = new CompletableFuture<String>();
        var closed = new CompletableFuture<Integer>();
        var listener = new java.net.http.WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(java.net.http.WebSocket ws, CharSequence data, boolean last) {
                text.append(data);
                if (last) {
                    received.complete(text.toString());
                }
                ws.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(java.net.http.WebSocket ws, int code, String reason) {
                closed.complete(code);
                return null;
            }
        };
        var ws = HttpClient.newBuilder()
                .sslContext(Certificates.context(Certificates.CLIENT))
                .build()
                .newWebSocketBuilder()
                .buildAsync(URI.create("wss://localhost:" + server.port()), listener)
                .get();
        ws.sendText("x".repeat(100_000), true).get();
        assertThat(received.get()).isEqualTo("x".repeat(100_000));
        ws.sendClose(1000, "").get();
        assertThat(closed.get()).isEqualTo(1000);
    }

    @Test
    void aServerOfThePlatformsSocketsIsSpokenTo() throws Exception {
        try (var peer = TlsPeer.listen()) {
            var serving = peer.async(Certificates.context(Certificates.LOCALHOST), socket -> {
                TlsPeer.handshake(socket);
                socket.getOutputStream().write(TlsPeer.hex("81 05 68 65 6c 6c 6f")); // "hello"
                return new DataInputStream(socket.getInputStream()).readNBytes(6 + 5);
            });
            var ws = WebSocket.builder(peer.uri())
                    .tls(Certificates.trusts(Certificates.CA))
                    .connect();
            assertThat(ws.receiveText()).isEqualTo("hello");
            ws.send("world");

            assertThat(TlsPeer.unmask(serving.get())).isEqualTo("world");
        }
    }

    /** Each byte of what the peer sends is a segment of its own: records and frames arrive in pieces. */
    @Test
    void recordsMayComeByteByByte() throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        try (var relay = new DribblingRelay(server.port())) {
            var ws = WebSocket.builder("wss://localhost:" + relay.port())
                    .tls(Certificates.trusts(Certificates.CA))
                    .connect();
            String text = "y".repeat(3000);
            ws.send(text);
            assertThat(ws.receiveText()).isEqualTo(text);
            ws.close();
            assertThat(ws.closed().join().isClean()).isTrue();
        }
    }

    @Test
    void aPeerMayChangeItsKeysAndAskForOurs() throws Exception {
        var server = serve(Certificates.shows(Certificates.LOCALHOST));
        try (SSLSocket socket = TlsPeer.connect(server.port(), Certificates.context(Certificates.CLIENT))) {
            TlsPeer.upgrade(socket);
            for (int i = 0; i < 20; i++) {
                socket.startHandshake(); // in TLS 1.3 the platform sends a KeyUpdate, and asks for one
                socket.getOutputStream().write(TlsPeer.masked("round " + i));
                assertThat(new String(
                                new DataInputStream(socket.getInputStream()).readNBytes(2 + 6 + (i < 10 ? 1 : 2)),
                                UTF_8))
                        .endsWith("round " + i);
            }
        }
    }
}
