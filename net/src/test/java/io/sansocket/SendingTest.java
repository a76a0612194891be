package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.testkit.FaultyPeer;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sending from several threads, in pieces, and to peers that do not keep up. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SendingTest {
    private static final int MEBIBYTE = 1 << 20;

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

    private static WebSocket connect(WebSocketServer server) throws Exception {
        return WebSocket.connect("ws://127.0.0.1:" + server.port());
    }

    /** A peer that opens and then reads nothing: its window fills up. */
    private static FaultyPeer deaf() throws Exception {
        return FaultyPeer.listen(FaultyPeer.script().handshake().stall());
    }

    @Test
    void messagesOfManyThreadsNeverInterleave() throws Exception {
        int threads = 16;
        int each = 200;
        try (var server = echo();
                var ws = connect(server)) {
            List<Thread> senders = IntStream.range(0, threads)
                    .mapToObj(sender -> new Thread(() -> send(ws, sender, each)))
                    .toList();
            senders.forEach(Thread::start);
            int[] next = new int[threads];
            for (int i = 0; i < threads * each; i++) {
                String text = ws.receiveText();
                int sender = text.charAt(0) - 'a';
                assertThat(text).isEqualTo(line(sender, next[sender]++));
            }
            for (Thread sender : senders) {
                sender.join();
            }
            assertThat(next).containsOnly(each);
        }
    }

    private static String line(int sender, int number) {
        return (char) ('a' + sender) + Integer.toString(number).repeat(1 + number % 50);
    }

    private static void send(WebSocket ws, int sender, int count) {
        try {
            for (int i = 0; i < count; i++) {
                if (i % 10 == 0) {
                    try (Writer out = ws.sendText()) {
                        for (char c : line(sender, i).toCharArray()) {
                            out.write(c);
                        }
                    }
                } else if (i % 3 == 0) {
                    ws.sendAsync(line(sender, i));
                } else {
                    ws.send(line(sender, i));
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aStreamIsOneMessageInFragments() throws Exception {
        try (var server = echo();
                var ws = connect(server)) {
            byte[] expected = new byte[100_000];
            Arrays.fill(expected, (byte) 7);
            try (var out = ws.sendBinary()) {
                for (int i = 0; i < 10; i++) {
                    out.write(expected, i * 10_000, 10_000);
                }
            }
            assertThat(ws.receive()).isEqualTo(new Message.Binary(ByteBuffer.wrap(expected)));
        }
    }

    @Test
    void halfASurrogatePairIsTheCallersFault() throws Exception {
        try (var server = echo();
                var ws = connect(server)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ws.send("half \ud83d"))
                    .withMessageContaining("U+D83D alone at index 5");
            assertThat(ws.sendAsync("half \ud83d")).failsWithin(Duration.ofSeconds(5));
            ws.send("whole \ud83d\ude00");

            assertThat(ws.receiveText()).isEqualTo("whole \ud83d\ude00");
        }
    }

    @Test
    void aSentMessageCompletesWhenItIsWritten() throws Exception {
        try (var server = echo();
                var ws = connect(server)) {
            assertThat(ws.sendAsync("hello")).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void aBlockedSenderCanBeInterruptedAndLeavesNoHalfMessage() throws Exception {
        try (var peer = deaf()) {
            WebSocket ws = WebSocket.builder(peer.uri())
                    .sendBuffer(MEBIBYTE, OverflowPolicy.BLOCK)
                    .connect();
            var blocked = new CountDownLatch(1);
            var interrupted = new CompletableFuture<Boolean>();
            var sender = new Thread(() -> {
                try {
                    while (true) {
                        blocked.countDown();
                        ws.send(new byte[MEBIBYTE]);
                    }
                } catch (InterruptedException e) {
                    interrupted.complete(true);
                } catch (Exception e) {
                    interrupted.completeExceptionally(e);
                }
            });
            sender.start();
            blocked.await();
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            sender.interrupt();

            assertThat(interrupted.get()).isTrue();
            assertThat(ws.isOpen()).isTrue();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void aPeerThatTakesNothingIsGivenUpAfterTheWriteTimeout() throws Exception {
        try (var peer = deaf()) {
            WebSocket ws = WebSocket.builder(peer.uri())
                    .writeTimeout(Duration.ofMillis(300))
                    .connect();
            assertThatExceptionOfType(ConnectionClosedException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            ws.send(new byte[MEBIBYTE]);
                        }
                    })
                    .withStackTraceContaining("the peer took no byte for")
                    .withStackTraceContaining("the limit is 300 ms");
            assertThat(ws.unsent()).isNotEmpty().allMatch(Message.Binary.class::isInstance);
        }
    }

    @Test
    void byThePolicyFailNothingIsQueuedWhenThereIsNoRoom() throws Exception {
        try (var peer = deaf()) {
            WebSocket ws = WebSocket.builder(peer.uri())
                    .sendBuffer(MEBIBYTE, OverflowPolicy.FAIL)
                    .connect();
            assertThatExceptionOfType(SendQueueFullException.class)
                    .isThrownBy(() -> {
                        while (true) {
                            ws.send(new byte[MEBIBYTE / 4]);
                        }
                    })
                    .withMessageContaining("the limit is 1048576");
            assertThat(ws.isOpen()).isTrue();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void byThePolicyDropOldestTheOldestIsDropped() throws Exception {
        try (var peer = deaf()) {
            WebSocket ws = WebSocket.builder(peer.uri())
                    .sendBuffer(MEBIBYTE, OverflowPolicy.DROP_OLDEST)
                    .connect();
            var sent = new ArrayList<CompletableFuture<Void>>();
            do {
                sent.add(ws.sendAsync(ByteBuffer.allocate(MEBIBYTE / 4)));
            } while (sent.stream().noneMatch(CompletableFuture::isCompletedExceptionally));
            int first = IntStream.range(0, sent.size())
                    .filter(i -> sent.get(i).isCompletedExceptionally())
                    .findFirst()
                    .orElseThrow();
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> sent.get(first).get())
                    .withCauseInstanceOf(SendQueueFullException.class);
            assertThat(sent.get(sent.size() - 1)).isNotCompletedExceptionally();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void byThePolicyCloseTheConnectionIsClosedWith1013() throws Exception {
        try (var peer = FaultyPeer.listen(FaultyPeer.script().handshake().stall())) {
            WebSocket ws = WebSocket.builder(peer.uri())
                    .sendBuffer(MEBIBYTE, OverflowPolicy.CLOSE)
                    .writeTimeout(Duration.ofMillis(300))
                    .connect();
            var closed = ws.closed();
            while (!closed.isDone()) {
                ws.sendAsync(ByteBuffer.allocate(MEBIBYTE / 4));
            }
            assertThat(closed.get().sent().code()).isEqualTo(1013);
        }
    }

    @Test
    void byThePolicyCloseWhatDoesNotFitAndAllThatFollowsIsToldAndUnsent() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(2500, OverflowPolicy.CLOSE))) {
            WebSocket ws = ends.client;
            List<Message> fitting = List.of(Message.of("1".repeat(1000)), Message.of("2".repeat(1000)));
            var sent = fitting.stream().map(ws::sendAsync).toList();
            Message large = Message.of("3".repeat(1000));
            assertThat(ws.sendAsync(large))
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(SendQueueFullException.class)
                    .withMessageContaining(
                            "a message of 1064 bytes was not sent, and the connection is closed with 1013:"
                                    + " more than 2500 bytes would wait");
            assertThat(ws.sendAsync("small")).failsWithin(Duration.ZERO);
            assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> ws.send("waits"));
            ends.release();

            assertThat(ends.received()).isEqualTo(fitting);
            assertThat(sent).allSatisfy(future -> assertThat(future).succeedsWithin(Duration.ofSeconds(20)));
            assertThat(ends.serversEnd().received().code()).isEqualTo(1013);
            assertThat(ws.closed().get().sent().code()).isEqualTo(1013);
            assertThat(ws.unsent()).containsExactly(large, Message.of("small"), Message.of("waits"));
        }
    }
}
