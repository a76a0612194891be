package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.testkit.FaultyPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How loudly a server tells of connections that never were open, and what a server that runs has been told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerSideTest {
    private static final String REQUEST = """
            GET / HTTP/1.1\r
            Host: localhost\r
            User-Agent: health check\r
            \r
            """;

    private static ServerBuilder server() {
        return WebSocketServer.builder().port("127.0.0.1", 0).handler(WebSocket::receive);
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    private static boolean isBadEnd(String line) {
        return line.startsWith("x ");
    }

    private static boolean isRefusal(String line) {
        return line.startsWith("= ") && line.contains(" refused");
    }

    private static void assertNothingLouder(LogLines log, LogRecord line, Level level) {
        assertThat(line.getLevel()).isEqualTo(level);
        assertThat(log.records())
                .allSatisfy(each -> assertThat(each.getLevel().intValue()).isLessThanOrEqualTo(level.intValue()));
    }

    @Test
    void aStrangerWhoSaysNothingIsNoWarning() throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server().start()) {
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
                    .close();

            LogRecord line = log.await(ServerSideTest::isBadEnd);
            assertNothingLouder(log, line, Level.FINE);
            assertThat(line.getMessage()).contains("closed abnormally: handshake-incomplete at offset 0: ");
        }
    }

    @Test
    void aStrangerWhoSaysNothingForTooLongIsNoWarning() throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server().timeouts(Timeouts.DEFAULT.withHandshake(Duration.ofMillis(50)))
                        .start();
                var peer = FaultyPeer.connectTo(
                        "127.0.0.1",
                        server.port(),
                        FaultyPeer.script().readUntilEnd().fin())) {
            peer.await(Duration.ofSeconds(20));

            LogRecord line = log.await(ServerSideTest::isBadEnd);
            assertNothingLouder(log, line, Level.FINE);
            assertThat(line.getMessage()).contains("handshake-timeout at offset 0: ");
        }
    }

    @Test
    void aHandshakeThatIsCutOffIsAWarning() throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server().start();
                var peer = FaultyPeer.connectTo(
                        "127.0.0.1",
                        server.port(),
                        FaultyPeer.script().raw("GET / ").fin())) {
            peer.await(Duration.ofSeconds(20));

            LogRecord line = log.await(ServerSideTest::isBadEnd);
            assertThat(line.getLevel()).isEqualTo(Level.WARNING);
            assertThat(line.getMessage()).contains("handshake-incomplete at offset 6: ");
        }
    }

    @Test
    void aHandshakeThatBreaksARuleIsAWarning() throws Exception {
        String upgrade = REQUEST.replace("User-Agent: health check", "Connection: Upgrade\r\nUpgrade: websocket");
        try (var log = new LogLines("io.sansocket.server");
                var server = server().start();
                var peer = FaultyPeer.connectTo(
                        "127.0.0.1",
                        server.port(),
                        FaultyPeer.script().raw(upgrade).readUntilEnd().fin())) {
            peer.await(Duration.ofSeconds(20));

            LogRecord line = log.await(ServerSideTest::isBadEnd);
            assertThat(line.getLevel()).isEqualTo(Level.WARNING);
            assertThat(line.getMessage()).contains("handshake-key at offset ");
        }
    }

    @Test
    void aRequestThatAsksForNoWebSocketIsNoWarning() throws Exception {
        for (String request : new String[] {
            REQUEST, REQUEST.replace("GET", "POST"), REQUEST.replace("HTTP/1.1", "HTTP/1.0"),
        }) {
            try (var log = new LogLines("io.sansocket.server");
                    var server = server().start();
                    var peer = FaultyPeer.connectTo(
                            "127.0.0.1",
                            server.port(),
                            FaultyPeer.script().raw(request).readUntilEnd().fin())) {
                peer.await(Duration.ofSeconds(20));

                LogRecord line = log.await(ServerSideTest::isRefusal);
                assertNothingLouder(log, line, Level.INFO);
                assertThat(line.getMessage()).contains("the opening handshake was refused: handshake-");
            }
        }
    }

    private static String lineOfRefusal(ServerBuilder builder) throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = builder.start()) {
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(() -> to(server).origin("https://evil.example").connect());

            LogRecord line = log.await(ServerSideTest::isRefusal);
            assertNothingLouder(log, line, Level.INFO);
            return line.getMessage();
        }
    }

    @Test
    void whatThisEndRefusesOnPurposeIsNoWarning() throws Exception {
        assertThat(lineOfRefusal(server().origins(OriginPolicy.any())
                        .onHandshake(request -> HandshakeDecision.refuse(401, "Unauthorized"))))
                .endsWith(": the opening handshake was refused with 401");
        assertThat(lineOfRefusal(server()))
                .contains(": the opening handshake was refused: handshake-origin at offset ")
                .contains("Origin is \"https://evil.example\"");
        assertThat(lineOfRefusal(server().origins(OriginPolicy.any()).hosts("chat.example")))
                .endsWith(": the opening handshake was refused with 421");
    }

    @Test
    void whatConnectThrowsIsNotLoggedAsWell() throws Exception {
        try (var log = new LogLines("io.sansocket.client");
                var server = server().onHandshake(request -> HandshakeDecision.refuse(401, "Unauthorized"))
                        .start();
                var peer = FaultyPeer.listen(FaultyPeer.script().fin())) {
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(() -> to(server).connect());
            assertNothingLouder(log, log.await(ServerSideTest::isBadEnd), Level.FINE);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> WebSocket.builder(peer.uri()).connect());
            assertNothingLouder(log, log.await(text -> text.contains("handshake-incomplete")), Level.FINE);
        }
    }

    @Test
    void whatIsChosenAfterTheStartChangesTheNextServerAndNotThisOne() throws Exception {
        ServerBuilder builder = server().handler(ws -> ws.send(ws.receiveText()));
        try (var server = builder.start()) {
            builder.streamMessages();
            try (var ws = to(server).connect()) {
                ws.send("whole");
                assertThat(ws.receiveText()).isEqualTo("whole");
            }
        }
    }
}
