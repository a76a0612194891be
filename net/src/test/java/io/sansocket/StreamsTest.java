package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.sansocket.testkit.FaultyPeer;
import java.io.BufferedReader;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages as the platform's streams, readers, writers and iterators, at their edges. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamsTest {
    private static WebSocketServer echo() throws Exception {
        return WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .handler(ws -> {
                    for (Message message : ws) {
                        ws.send(message);
                    }
                })
                .start();
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    @Test
    void aWriterTakesStringsPartsOfThemAndNothing() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            try (var out = ws.sendText()) {
                out.write("");
                out.write(new char[0]);
                out.write("one, ");
                out.write("and two, and", 4, 5);
                out.flush();
                out.write('3');
            }
            try (var empty = ws.sendText()) {
                assertThat(empty).isNotNull();
            }
            assertThat(ws.receiveText()).isEqualTo("one, two, 3");
            assertThat(ws.receiveText()).isEmpty();
        }
    }

    @Test
    void aStreamTakesSingleBytesAndNothing() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            var out = ws.sendBinary();
            out.write(1);
            out.write(new byte[0]);
            out.write(258);
            out.write(new byte[] {0, 3, 4, 0}, 1, 2);
            out.close();
            out.close();

            assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
            assertThatIOException().isThrownBy(() -> out.write(3)).withMessage("the message has been ended");
        }
    }

    @Test
    void aWriterWhoIsInterruptedStaysSo() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            var out = ws.sendText();
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> out.write("not sent"));
            assertThat(Thread.interrupted()).isTrue();
            out.close();
            try (var next = ws.sendText()) {
                next.write("sent");
            }
            assertThat(ws.receiveText()).isEqualTo("sent");
        }
    }

    /** Without its last fragment the message would never end, and the next be a part of it. */
    @Test
    void aMessageIsEndedAlsoByAThreadThatIsInterrupted() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            var out = ws.sendText();
            out.write("first");
            Thread.currentThread().interrupt();
            out.close();
            assertThat(Thread.interrupted()).isTrue();

            ws.send("whole");
            try (var next = ws.sendText()) {
                next.write("second");
            }
            assertThat(ws.receiveText()).isEqualTo("first");
            assertThat(ws.receiveText()).isEqualTo("whole");
            assertThat(ws.receiveText()).isEqualTo("second");
        }
    }

    @Test
    void aMessageThatIsReadToItsEndGivesNothingMore() throws Exception {
        try (var server = echo();
                var ws = to(server).streamMessages().connect()) {
            ws.send(new byte[] {1, 2});
            ws.send("text");
            try (IncomingMessage message = ws.receiveStream();
                    var in = message.inputStream()) {
                assertThat(in.readAllBytes()).containsExactly(1, 2);
                assertThat(in.read()).isEqualTo(-1);
                assertThat(in.read(new byte[0], 0, 0)).isZero();
            }
            try (IncomingMessage message = ws.receiveStream();
                    var reader = message.reader()) {
                assertThat(reader.read()).isEqualTo('t');
                assertThat(reader.read(new char[0], 0, 0)).isZero();
            }
            ws.send("next");
            try (IncomingMessage message = ws.receiveStream()) {
                assertThat(new BufferedReader(message.reader()).readLine()).isEqualTo("next");
            }
        }
    }

    @Test
    void aReaderWhoIsInterruptedStaysSo() throws Exception {
        try (var peer = FaultyPeer.listen(
                FaultyPeer.script().handshake().fragment("begun").stall())) {
            var ws = WebSocket.builder(peer.uri()).streamMessages().connect();
            IncomingMessage message = ws.receiveStream();
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(message::close);
            assertThat(Thread.interrupted()).isTrue();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void anIteratorNeedNotBeAskedWhetherThereIsMore() throws Exception {
        try (var peer = FaultyPeer.listen(FaultyPeer.script()
                .handshake()
                .text("one")
                .close(1000)
                .readUntilClose()
                .fin())) {
            Iterator<Message> messages = WebSocket.connect(peer.uri()).iterator();

            assertThat(messages.next()).isEqualTo(Message.of("one"));
            assertThatExceptionOfType(NoSuchElementException.class)
                    .isThrownBy(messages::next)
                    .withCauseInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void anIteratorTellsOfAnAbnormalEnd() throws Exception {
        try (var peer =
                FaultyPeer.listen(FaultyPeer.script().handshake().text("one").fin())) {
            Iterator<Message> messages = WebSocket.connect(peer.uri()).iterator();

            assertThat(messages.next()).isEqualTo(Message.of("one"));
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(messages::next)
                    .withCauseInstanceOf(ConnectionClosedException.class);
        }
    }

    @Test
    void anIteratorThatIsInterruptedStaysSo() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            Iterator<Message> messages = ws.iterator();
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(messages::hasNext);
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(messages::next)
                    .withCauseInstanceOf(InterruptedIOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void theLastPongsTimeIsKept() throws Exception {
        try (var server = echo();
                var ws = to(server).connect()) {
            assertThat(ws.latency()).isEmpty();
            ws.ping().join();
            CompletableFuture<Duration> second = ws.ping(); // behind the turn in which the first came back
            second.join();

            assertThat(ws.latency()).isPresent();
        }
    }

    @Test
    void aPingBehindTheCloseFrameFailsWhenTheConnectionHasEnded() throws Exception {
        try (var peer = FaultyPeer.listen(
                FaultyPeer.script().handshake().readUntilClose().close(1000).fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closeAsync(1000, "");

            assertThat(ws.ping())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(ConnectionClosedException.class);
            assertThat(ws.isOpen()).isFalse();
        }
    }

    @Test
    void aConnectionWhoseLoopHasEndedIsStillAnswered() throws Exception {
        try (var server = echo()) {
            Loops loops = Loops.of(1, "ends");
            var ws = to(server).loops(loops).connect();
            loops.close();

            assertThat(ws.closed().join().isClean()).isFalse();
            assertThat(ws.ping())
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(ConnectionClosedException.class);
            assertThat(ws.progress()).isEqualTo(ws.closed().join().progress());
            assertThat(ws).asString().doesNotEndWith(", open");
            ws.close();
        }
    }
}
