package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.engine.LoopProbe;
import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.PeerFrame;
import io.sansocket.testkit.Script;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a listener may do on the loop, what it is told, and what becomes of what it throws. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerTest {
    private static ServerBuilder server(Listener listener) {
        return WebSocketServer.builder().port("127.0.0.1", 0).listener(listener);
    }

    private static WebSocket connect(WebSocketServer server) throws Exception {
        return WebSocket.connect("ws://127.0.0.1:" + server.port());
    }

    /** On the loop no method waits, so none is interrupted. */
    private interface Sending {
        void run() throws Exception;
    }

    private static void now(Sending sending) {
        try {
            sending.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static final class Greeter implements Listener {
        @Override
        public void onOpen(WebSocket connection) {
            now(() -> {
                connection.send("text");
                connection.send(new byte[] {1});
                connection.send(ByteBuffer.wrap(new byte[] {2}));
                connection.send(Message.of("message"));
            });
        }

        @Override
        public void onText(WebSocket connection, String text) {
            now(() -> connection.send(text));
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            now(() -> connection.send(data));
        }
    }

    private static void assertGreeted(WebSocket ws) throws Exception {
        assertThat(ws.receive()).isEqualTo(Message.of("text"));
        assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.wrap(new byte[] {1})));
        assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.wrap(new byte[] {2})));
        assertThat(ws.receive()).isEqualTo(Message.of("message"));
        ws.send("one");
        ws.send(new byte[] {3});
        ws.send("two");
        assertThat(ws.receive()).isEqualTo(Message.of("one"));
        assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.wrap(new byte[] {3})));
        assertThat(ws.receive()).isEqualTo(Message.of("two"));
    }

    @Test
    void whatItSendsInEachWayGoesOutInOrder() throws Exception {
        try (var server = server(new Greeter()).start();
                var ws = connect(server)) {
            assertGreeted(ws);
        }
    }

    @Test
    void whatItSendsInEachWayIsLogged() throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server(new Greeter()).start();
                var ws = connect(server)) {
            assertGreeted(ws);

            log.await(text -> text.startsWith("> ") && text.endsWith(": text 3 characters \"two\""));
            assertThat(log.records())
                    .extracting(line -> line.getMessage().replaceFirst("127.0.0.1:\\d+: ", ""))
                    .contains("> binary 1 bytes 01", "< binary 1 bytes 03", "> binary 1 bytes 03")
                    .contains("< text 3 characters \"one\"")
                    .anyMatch(line -> line.startsWith("< GET \"/\" HTTP/1.1"))
                    .anyMatch(line -> line.startsWith("= open: "));
        }
    }

    @Test
    void itMaySendToConnectionsOfOtherLoops() throws Exception {
        var open = new LinkedBlockingQueue<WebSocket>();
        Listener toAll = new Listener() {
            @Override
            public void onOpen(WebSocket connection) {
                open.add(connection);
            }

            @Override
            public void onBinary(WebSocket connection, ByteBuffer data) {
                open.forEach(each -> now(() -> each.send(data)));
            }
        };
        try (var loops = Loops.of(2, "two");
                var server = server(toAll).loops(loops).start();
                var first = connect(server);
                var second = connect(server)) {
            while (server.connectionCount() < 2) {
                Thread.onSpinWait();
            }
            byte[] data = {1, 2, 3};
            first.send(data);

            assertThat(first.receive()).isEqualTo(Message.of(ByteBuffer.wrap(data)));
            assertThat(second.receive()).isEqualTo(Message.of(ByteBuffer.wrap(data)));
        }
    }

    @Test
    void itReceivesMessagesInPiecesWhereThatIsAskedFor() throws Exception {
        var pieces = new LinkedBlockingQueue<Fragment>();
        Listener listener = new Listener() {
            @Override
            public void onFragment(WebSocket connection, Fragment fragment) {
                pieces.add(fragment);
            }
        };
        Script script = FaultyPeer.script()
                .handshake()
                .fragment("one")
                .frame(PeerFrame.of(true, Opcode.CONTINUATION, (byte) '!'))
                .close(1000)
                .fin();
        try (var log = new LogLines("io.sansocket.client");
                var peer = FaultyPeer.listen(script)) {
            var ws = WebSocket.builder(peer.uri())
                    .streamMessages()
                    .listener(listener)
                    .connect();

            assertThat(ws.closed().join().isClean()).isTrue();
            assertThat(pieces).containsExactly(new Fragment.Text("one", false), new Fragment.Text("!", true));
            assertThat(log.records())
                    .extracting(line -> line.getMessage().replaceFirst("127.0.0.1:\\d+: ", ""))
                    .contains("< text fragment 3 characters \"one\"", "< text fragment 1 characters \"!\", the last");
        }
    }

    @Test
    void piecesAreLoggedInBothDirections() throws Exception {
        Script script = FaultyPeer.script()
                .handshake()
                .frame(PeerFrame.of(false, Opcode.BINARY, new byte[20]))
                .frame(PeerFrame.of(true, Opcode.CONTINUATION, (byte) 1))
                .frame(PeerFrame.of(true, Opcode.PONG, (byte) 2))
                .answerClose(1000)
                .fin();
        try (var log = new LogLines("io.sansocket.client");
                var peer = FaultyPeer.listen(script);
                var ws = WebSocket.builder(peer.uri()).streamMessages().connect()) {
            try (var out = ws.sendText()) {
                out.write("one");
            }
            try (var out = ws.sendBinary()) {
                out.write(1);
            }
            log.await(text -> text.startsWith("% ") && text.endsWith(": Pong received 1 bytes 02"));
            log.await(text -> text.endsWith("binary fragment 0 bytes "));

            assertThat(log.records())
                    .extracting(line -> line.getMessage().replaceFirst("127.0.0.1:\\d+: ", ""))
                    .contains("> text fragment 3 characters \"one\"", "> binary fragment 1 bytes 01")
                    .contains("< binary fragment 1 bytes 01, the last")
                    .anyMatch(line -> line.startsWith("< binary fragment 20 bytes 00 ") && line.endsWith(" …"));
        }
    }

    @Test
    void aRefusalIsLogged() throws Exception {
        try (var log = new LogLines("io.sansocket.client");
                var server = server(new Greeter())
                        .onHandshake(request -> HandshakeDecision.refuse(403, "Forbidden"))
                        .start()) {
            assertThatExceptionOfType(HandshakeRefusedException.class).isThrownBy(() -> connect(server));

            log.await(text -> text.startsWith("< ") && text.contains(" 403 "));
        }
    }

    @Test
    void itIsToldOfPingsAndOfPongsThatNobodyAskedFor() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        Listener listener = new Listener() {
            @Override
            public void onPing(WebSocket connection, ByteBuffer payload) {
                told.add("ping " + payload.remaining());
            }

            @Override
            public void onPong(WebSocket connection, ByteBuffer payload) {
                told.add("pong " + payload.remaining());
            }
        };
        try (var peer = FaultyPeer.listen(FaultyPeer.script()
                .handshake()
                .ping("hello")
                .frame(PeerFrame.of(true, Opcode.PONG, (byte) 1, (byte) 2))
                .answerClose(1000)
                .fin())) {
            var ws = WebSocket.builder(peer.uri()).listener(listener).connect();

            assertThat(told.take()).isEqualTo("ping 5");
            assertThat(told.take()).isEqualTo("pong 2");
            ws.close();
        }
    }

    @Test
    void whileItPausesNothingComesAndThePeerIsHeldBack() throws Exception {
        var texts = new LinkedBlockingQueue<String>();
        var open = new CompletableFuture<WebSocket>();
        Listener pausing = new Listener() {
            @Override
            public void onOpen(WebSocket connection) {
                open.complete(connection);
            }

            @Override
            public void onText(WebSocket connection, String text) {
                texts.add(text);
                connection.pause();
            }
        };
        try (var server = server(pausing).start();
                var ws = connect(server)) {
            for (int i = 0; i < 3; i++) {
                ws.send(Integer.toString(i));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(texts.take()).isEqualTo(Integer.toString(i));
                open.join().progress(); // a turn of the loop, in which nothing came
                assertThat(texts).isEmpty();
                open.join().resume();
            }
        }
    }

    @Test
    void whatItSendsWhenTheConnectionHasEndedComesTooLate() throws Exception {
        var late = new CompletableFuture<CompletableFuture<?>>();
        try (var server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .listener(new Listener() {
                    @Override
                    public void onClosed(WebSocket connection, Closed closed) {
                        try {
                            connection.send("too late");
                        } catch (ConnectionClosedException e) {
                            late.complete(connection.sendAsync("too late, too"));
                        } catch (IOException | InterruptedException e) {
                            late.completeExceptionally(e);
                        }
                    }
                })
                .start()) {
            WebSocket.connect("ws://127.0.0.1:" + server.port()).close();

            assertThat(late.get())
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableThat()
                    .withCauseInstanceOf(ConnectionClosedException.class);
        }
    }

    /** The Pongs wait unread, so their absence is no fault of the peer. */
    @Test
    void whileItPausesThePeerIsNotTakenToBeGone() throws Exception {
        var short100 = Duration.ofMillis(100);
        try (var loops = Loops.of(1, "paused");
                var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .loops(loops)
                        .timeouts(Timeouts.DEFAULT.withKeepalive(short100, short100))
                        .listener(new Listener() {
                            @Override
                            public void onOpen(WebSocket connection) {
                                connection.pause();
                            }
                        })
                        .start();
                var client = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            LoopProbe.awaitDeadlines(10, loops.next());

            assertThat(client.isOpen()).isTrue();
            assertThat(server.connections()).hasSize(1).allMatch(WebSocket::isOpen);
        }
    }

    @Test
    void itMustNotWaitForMessages() throws Exception {
        var thrown = new CompletableFuture<Throwable>();
        Listener echo = new Listener() {
            @Override
            public void onText(WebSocket connection, String text) {
                connection.sendAsync(text);
            }
        };
        try (var server = server(echo).start()) {
            var ws = connect(server);
            CompletableFuture<Message> unused = ws.receiveAsync().whenComplete((message, end) -> {
                try {
                    ws.receive();
                } catch (Exception e) {
                    thrown.complete(e);
                }
            });
            ws.send("hello");
            assertThat(thrown.get())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("use receiveAsync()");
            ws.close();
        }
    }

    @Test
    void messagesInPiecesAreNotReceivedWholeNorTheOtherWayRound() throws Exception {
        try (var server = server(new Greeter()).start();
                var whole = connect(server);
                var pieces = WebSocket.builder("ws://127.0.0.1:" + server.port())
                        .streamMessages()
                        .connect()) {
            assertThatIllegalStateException().isThrownBy(whole::receiveFragment).withMessageContaining("use receive()");
            assertThatIllegalStateException()
                    .isThrownBy(pieces::receive)
                    .withMessageContaining("use receiveFragment()");
        }
    }

    /** Throws from one of its methods. */
    private record Throwing(String where) implements Listener {
        private void at(String place) {
            if (place.equals(where)) {
                throw new IllegalStateException("planted");
            }
        }

        @Override
        public void onOpen(WebSocket connection) {
            at("onOpen");
        }

        @Override
        public void onText(WebSocket connection, String text) {
            at("onText");
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            at("onBinary");
        }

        @Override
        public void onPing(WebSocket connection, ByteBuffer payload) {
            at("onPing");
        }

        @Override
        public void onClosed(WebSocket connection, Closed closed) {
            at("onClosed");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"onOpen", "onText", "onBinary", "onPing", "onClosed"})
    void whatItThrowsIsLoggedAndClosesItsConnection(String where) throws Exception {
        Script script = FaultyPeer.script()
                .handshake()
                .text("text")
                .binary((byte) 1)
                .ping("ping")
                .readUntilClose()
                .close(1000)
                .fin();
        try (var log = new LogLines("io.sansocket.client");
                var peer = FaultyPeer.listen(script)) {
            var ws = WebSocket.builder(peer.uri()).listener(new Throwing(where)).connect();
            if (where.equals("onClosed")) {
                ws.close();
            }
            int code = ws.closed().join().sent().code();

            assertThat(code).isEqualTo(where.equals("onClosed") ? 1000 : 1011);
            var line = log.await(text -> text.contains("a listener failed"));
            assertThat(line.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(line.getThrown()).hasMessage("planted");
        }
    }

    @Test
    void aFrameThatStallsIsLogged() throws Exception {
        var timeouts = new Timeouts(
                Timeouts.DEFAULT.handshake(),
                Timeouts.DEFAULT.close(),
                Timeouts.DEFAULT.pingInterval(),
                Timeouts.DEFAULT.pong(),
                Duration.ofMillis(50));
        try (var log = new LogLines("io.sansocket.client");
                var peer = FaultyPeer.listen(FaultyPeer.script()
                        .handshake()
                        .truncate(PeerFrame.text("hello"), 2)
                        .stall())) {
            var ws = WebSocket.builder(peer.uri()).timeouts(timeouts).connect();

            var line = log.await(text -> text.contains("stalled: ")).getMessage();
            assertThat(line).startsWith("- ").contains("2 of 5 bytes");
            assertThat(ws.progress().missing()).isEqualTo(3);
            assertThat(ws).asString().startsWith("WebSocket to 127.0.0.1:").endsWith(", open");
            ws.closeAsync(1000, "");
        }
    }
}
