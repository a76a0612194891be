package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.protocol.Closed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener that answers a peer which does not take the answers: the peer is not read until it does. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnswersTest {
    private static final int MEBIBYTE = 1 << 20;
    /** More than the sockets' buffers and 16 times the send buffer hold. */
    private static final int TOTAL = 64 * MEBIBYTE;

    private static final Duration SOON = Duration.ofSeconds(60);

    private static final int[] SIZES = {20, 1024, 300_000, 125, 65_536};

    /** Echoes, and notes what could not be sent. */
    private static final class Echo implements Listener {
        final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            CompletableFuture<?> unused = connection.sendAsync(data).whenComplete((done, failure) -> {
                if (failure != null) {
                    failures.add(failure);
                }
            });
        }
    }

    private static byte[] message(int index) {
        return ByteBuffer.allocate(SIZES[index % SIZES.length]).putInt(0, index).array();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws", "wss"})
    void whoAsksFirstAndTakesTheAnswersLaterGetsAllOfThem(String scheme) throws Exception {
        boolean secure = scheme.equals("wss");
        var echo = new Echo();
        var server = WebSocketServer.builder().port("127.0.0.1", 0).listener(echo);
        if (secure) {
            server.tls(Certificates.shows(Certificates.LOCALHOST));
        }
        try (var running = server.start();
                var client = client(scheme + "://localhost:" + running.port(), secure)) {
            var sending = new Thread(() -> {
                try {
                    int sent = 0;
                    for (int i = 0; sent < TOTAL; i++) {
                        byte[] next = message(i);
                        client.send(next);
                        sent += next.length;
                    }
                } catch (Exception e) {
                    echo.failures.add(e);
                }
            });
            sending.start();
            WebSocket served = running.connections().iterator().next();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(served.progress().note())
                            .contains("nothing is read until the peer takes what it was answered")
                            .containsPattern("\\d+ bytes wait until the peer takes more"));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(client.progress().note())
                            .contains("nothing is read until messages are received from the full inbox")
                            .containsPattern("\\d+ bytes wait until the peer takes more"));

            int received = 0;
            for (int i = 0; received < TOTAL; i++) {
                byte[] expected = message(i);
                assertThat(client.receive(SOON)).isEqualTo(new Message.Binary(ByteBuffer.wrap(expected)));
                received += expected.length;
            }
            sending.join();
            assertThat(echo.failures).isEmpty();
        }
    }

    private static WebSocket client(String uri, boolean secure) throws Exception {
        WebSocketBuilder client = WebSocket.builder(uri);
        return secure ? client.tls(Certificates.trusts(Certificates.CA)).connect() : client.connect();
    }

    /** Sends much of its own accord, and a few bytes for each message that comes. */
    private static final class Streaming implements Listener {
        final CompletableFuture<?> all = new CompletableFuture<>();
        private int left = TOTAL / MEBIBYTE;

        @Override
        public void onOpen(WebSocket connection) {
            for (int i = 0; i < 12; i++) {
                connection.sendAsync(ByteBuffer.allocate(MEBIBYTE));
            }
            var rest = new Thread(() -> {
                try {
                    for (int i = 12; i < TOTAL / MEBIBYTE; i++) {
                        connection.send(new byte[MEBIBYTE]);
                    }
                } catch (IOException | InterruptedException e) {
                    all.completeExceptionally(e);
                }
            });
            rest.start();
        }

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            connection.sendAsync("ack");
            left--;
            if (left == 0) {
                all.complete(null);
            }
        }

        @Override
        public void onClosed(WebSocket connection, Closed closed) {
            all.completeExceptionally(new ConnectionClosedException(closed, null));
        }
    }

    @Test
    void twoEndsThatBothSendMuchAndAcknowledgeItDoNotWaitForEachOther() throws Exception {
        var there = new Streaming();
        var here = new Streaming();
        try (var server =
                WebSocketServer.builder().port("127.0.0.1", 0).listener(there).start()) {
            var client = WebSocket.builder("ws://127.0.0.1:" + server.port())
                    .listener(here)
                    .connect();

            assertThat(here.all).succeedsWithin(SOON);
            assertThat(there.all).succeedsWithin(SOON);
            client.close();
        }
    }

    /** A client that is behind must be able to say that it wants no more. */
    @Test
    void whoHasTakenItsAnswersIsReadThoughMoreIsSentThanItTakes() throws Exception {
        var cancelled = new AtomicBoolean();
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .listener(new Listener() {
                            @Override
                            public void onText(WebSocket connection, String text) {
                                if (text.equals("cancel")) {
                                    cancelled.set(true);
                                    return;
                                }
                                for (int i = 0; i < 12; i++) {
                                    connection.sendAsync(ByteBuffer.allocate(MEBIBYTE));
                                }
                                new Thread(() -> flood(connection)).start();
                            }

                            private void flood(WebSocket connection) {
                                try {
                                    while (!cancelled.get()) {
                                        connection.send(new byte[MEBIBYTE]);
                                    }
                                    connection.send("cancelled");
                                } catch (IOException | InterruptedException e) {
                                    Thread.currentThread().interrupt();
                                }
                            }
                        })
                        .start();
                var client = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            client.send("subscribe");
            WebSocket served = server.connections().iterator().next();
            await().atMost(SOON).until(() -> served.progress().note().contains("takes what it was answered"));
            client.send("cancel");
            Message last = client.receive(SOON);
            while (!last.equals(Message.of("cancelled"))) {
                last = client.receive(SOON);
            }
            assertThat(cancelled).isTrue();
        }
    }

    /** Else two ends that both send much of their own accord would wait for each other. */
    @Test
    void whoTakesNothingOfWhatItDidNotAskForIsStillRead() throws Exception {
        var opened = new CompletableFuture<WebSocket>();
        var heard = new CompletableFuture<String>();
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .listener(new Listener() {
                            @Override
                            public void onOpen(WebSocket connection) {
                                opened.complete(connection);
                            }

                            @Override
                            public void onText(WebSocket connection, String text) {
                                heard.complete(text);
                            }
                        })
                        .start();
                var client = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            CompletableFuture<?> last = null;
            for (int i = 0; i < 15; i++) {
                last = opened.get().sendAsync(ByteBuffer.allocate(MEBIBYTE));
            }
            client.send("still there?");

            assertThat(heard).succeedsWithin(SOON).isEqualTo("still there?");
            assertThat(last).isNotDone();
        }
    }
}
