package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.testkit.FaultyPeer;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ways to receive, and what happens to who does not. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReceivingTest {
    /** Sends numbers until its peer closes. */
    private static WebSocketServer counting(int count) throws Exception {
        return WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .handler(ws -> {
                    for (int i = 0; i < count; i++) {
                        ws.send(Integer.toString(i));
                    }
                })
                .start();
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    @Test
    void iterationEndsWhenTheHandlerHasReturned() throws Exception {
        try (var server = counting(1000);
                var ws = to(server).connect()) {
            int next = 0;
            for (Message message : ws) {
                assertThat(message).isEqualTo(Message.of(Integer.toString(next++)));
            }
            assertThat(next).isEqualTo(1000);
            assertThat(ws.closed().get().isClean()).isTrue();
        }
    }

    @Test
    void iterationThrowsWhenThePeerGivesAReasonToClose() throws Exception {
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .handler(ws -> {
                            ws.send("half of it");
                            ws.close(1011, "out of order");
                        })
                        .start();
                var ws = to(server).connect()) {
            Iterator<Message> messages = ws.iterator();
            assertThat(messages.next()).isEqualTo(Message.of("half of it"));
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(messages::hasNext)
                    .withCauseInstanceOf(ConnectionClosedException.class)
                    .withMessageContaining("1011 (internal error) \"out of order\"");
            assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(messages::next);
            assertThat(ws.closed().get().isClean()).isTrue();
        }
    }

    @Test
    void whoDoesNotReceiveHoldsThePeerBack() throws Exception {
        var sent = new java.util.concurrent.atomic.AtomicInteger();
        var stuck = new CompletableFuture<Thread>();
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .handler(ws -> {
                            stuck.complete(Thread.currentThread());
                            for (int i = 0; i < 64; i++) {
                                ws.send(ByteBuffer.allocate(1 << 20));
                                sent.incrementAndGet();
                            }
                        })
                        .start();
                var ws = to(server).connect()) {
            Thread sender = stuck.get();
            while (sender.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertThat(sent.get()).isLessThan(64);
            for (int i = 0; i < 64; i++) {
                assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.allocate(1 << 20)));
            }
        }
    }

    @Test
    void receivingCanTimeOutAndLosesNothing() throws Exception {
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ws.receive()));
                var ws = to(server).connect()) {
            assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> ws.receive(Duration.ofMillis(50)));
            ws.send("late");

            assertThat(ws.receive(Duration.ofSeconds(20))).isEqualTo(Message.of("late"));
        }
    }

    @Test
    void aReceiverCanBeInterruptedAndLosesNothing() throws Exception {
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ws.receive()));
                var ws = to(server).connect()) {
            var interrupted = new CompletableFuture<Boolean>();
            var receiver = new Thread(() -> {
                try {
                    ws.receive();
                } catch (Exception e) {
                    interrupted.complete(e instanceof InterruptedException);
                }
            });
            receiver.start();
            while (receiver.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            receiver.interrupt();
            assertThat(interrupted.get()).isTrue();
            ws.send("still here");

            assertThat(ws.receiveText()).isEqualTo("still here");
        }
    }

    @Test
    void aBinaryMessageIsNotLostWhenATextIsAskedFor() throws Exception {
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ByteBuffer.wrap(new byte[3])));
                var ws = to(server).connect()) {
            assertThatIllegalStateException().isThrownBy(ws::receiveText).withMessageContaining("binary, of 3 bytes");
            assertThat(ws.receive()).isEqualTo(Message.of(ByteBuffer.wrap(new byte[3])));
        }
    }

    @Test
    void asynchronousReceivesAreServedInTheirOrder() throws Exception {
        try (var server = counting(3);
                var ws = to(server).connect()) {
            var first = ws.receiveAsync();
            var second = ws.receiveAsync();
            var third = ws.receiveAsync();
            var fourth = ws.receiveAsync();

            assertThat(first.get()).isEqualTo(Message.of("0"));
            assertThat(second.get()).isEqualTo(Message.of("1"));
            assertThat(third.get()).isEqualTo(Message.of("2"));
            assertThat(fourth).failsWithin(Duration.ofSeconds(20));
        }
    }

    @Test
    void whoGaveUpReceivingAsynchronouslyTakesNoMessage() throws Exception {
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ws.receive()));
                var ws = to(server).connect()) {
            ws.receiveAsync().cancel(false);
            assertThat(ws.receiveAsync().orTimeout(1, TimeUnit.MILLISECONDS)).failsWithin(Duration.ofSeconds(20));
            ws.send("still here");

            assertThat(ws.receiveText()).isEqualTo("still here");
        }
    }

    @Test
    void aSubscriberWhoCancelsWhileItWaitsTakesNoMessage() throws Exception {
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ws.receive()));
                var ws = to(server).connect()) {
            var subscribed = new CompletableFuture<Flow.Subscription>();
            var told = Collections.synchronizedList(new ArrayList<>());
            ws.messages().subscribe(new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscribed.complete(given);
                }

                @Override
                public void onNext(Message message) {
                    told.add(message);
                }

                @Override
                public void onError(Throwable cause) {
                    told.add(cause);
                }

                @Override
                public void onComplete() {
                    told.add("complete");
                }
            });
            Flow.Subscription subscription = subscribed.join();
            subscription.request(5);
            subscription.cancel();
            ws.send("still here");

            assertThat(ws.receiveText()).isEqualTo("still here");
            assertThat(told).isEmpty();
        }
    }

    @Test
    void aLargeMessageComesAsAStream() throws Exception {
        int size = 8 << 20;
        try (var server = WebSocketServer.serve(0, ws -> ws.send(ByteBuffer.allocate(size)));
                var ws = to(server)
                        .streamMessages()
                        .limits(io.sansocket.core.protocol.Limits.CLIENT.withMessageLimits(size, size))
                        .connect()) {
            long received = 0;
            boolean last = false;
            while (!last) {
                var fragment = (Fragment.Binary) ws.receiveFragment();
                received += fragment.data().remaining();
                last = fragment.last();
            }
            assertThat(received).isEqualTo(size);
        }
    }

    @Test
    void aStreamIsReadAsItComesAndWhatIsLeftIsPassedOver() throws Exception {
        String text = "grün ".repeat(10_000);
        byte[] data = new byte[100_000];
        java.util.Arrays.fill(data, (byte) 9);
        try (var server = WebSocketServer.serve(0, ws -> {
                    ws.send(text);
                    ws.send(text);
                    ws.send(data);
                });
                var ws = to(server).streamMessages().connect()) {
            try (IncomingMessage first = ws.receiveStream()) {
                assertThat(first.isText()).isTrue();
                assertThat(new java.io.BufferedReader(first.reader()).readLine())
                        .isEqualTo(text);
                assertThat(first.reader().read()).isEqualTo(-1);
            }
            try (IncomingMessage second = ws.receiveStream()) {
                assertThat(second.reader().read()).isEqualTo('g');
                assertThatIllegalStateException().isThrownBy(second::inputStream);
            }
            try (IncomingMessage third = ws.receiveStream()) {
                assertThat(third.isText()).isFalse();
                assertThatIllegalStateException().isThrownBy(third::reader);
                assertThat(third.inputStream().read()).isEqualTo(9);
                assertThat(third.inputStream().readAllBytes()).hasSize(99_999).containsOnly(9);
            }
        }
    }

    @Test
    void aSubscriberGetsWhatItAsksFor() throws Exception {
        try (var server = counting(100);
                var ws = to(server).connect()) {
            var got = new ArrayList<Message>();
            var done = new CountDownLatch(1);
            var error = new CompletableFuture<Throwable>();
            ws.messages().subscribe(new Flow.Subscriber<>() {
                private Flow.Subscription subscription;

                @Override
                public void onSubscribe(Flow.Subscription given) {
                    subscription = given;
                    given.request(1);
                }

                @Override
                public void onNext(Message message) {
                    got.add(message);
                    subscription.request(1);
                }

                @Override
                public void onError(Throwable cause) {
                    error.complete(cause);
                    done.countDown();
                }

                @Override
                public void onComplete() {
                    done.countDown();
                }
            });

            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(error).isNotDone();
            assertThat(got).hasSize(100).first().isEqualTo(Message.of("0"));
        }
    }

    @Test
    void aListenersConnectionIsNotReceivedFrom() throws Exception {
        try (var server = counting(0);
                var ws = to(server).listener(new Listener() {}).connect()) {
            assertThatIllegalStateException().isThrownBy(ws::receive).withMessageContaining("listener");
        }
    }

    @Test
    void whatCameBeforeTheCutIsReceivedFirst() throws Exception {
        try (var peer = FaultyPeer.listen(
                FaultyPeer.script().handshake().text("one").text("two").fin())) {
            WebSocket ws = WebSocket.connect(peer.uri());
            List<String> texts = new ArrayList<>();
            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> {
                while (true) {
                    texts.add(ws.receiveText());
                }
            });
            assertThat(texts).containsExactly("one", "two");
        }
    }

    @Test
    void whoIsToldOfTheEndMayUseTheConnectionWithAnotherThreadsHelp() throws Exception {
        try (var server = counting(0);
                var ws = to(server).connect()) {
            CompletableFuture<Boolean> helped = ws.receiveAsync()
                    .handle((message, end) -> CompletableFuture.supplyAsync(ws::attributes)
                            .thenApply(attributes -> true)
                            .completeOnTimeout(false, 20, TimeUnit.SECONDS)
                            .join());

            assertThat(helped).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(true);
        }
    }
}
