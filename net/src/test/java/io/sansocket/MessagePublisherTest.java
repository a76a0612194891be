package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages as Reactive Streams have them: what is asked for, then one end. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessagePublisherTest {
    private static final Script ONE_TWO =
            FaultyPeer.script().handshake().text("one").text("two");

    /** Notes what it is told; its first request is of so many. */
    private static class Subscriber implements Flow.Subscriber<Message> {
        final List<Object> told = Collections.synchronizedList(new ArrayList<>());
        final CompletableFuture<Object> end = new CompletableFuture<>();
        final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
        private final long first;

        Subscriber(long first) {
            this.first = first;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
            given.request(first);
        }

        @Override
        public void onNext(Message message) {
            told.add(((Message.Text) message).text());
        }

        @Override
        public void onError(Throwable cause) {
            end.complete(cause);
        }

        @Override
        public void onComplete() {
            end.complete("complete");
        }
    }

    private static void read(Script script, Subscriber subscriber) throws Exception {
        try (var peer = FaultyPeer.listen(script)) {
            var ws = WebSocket.connect(peer.uri());
            ws.messages().subscribe(subscriber);
            subscriber.end.join();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void aCleanEndCompletes() throws Exception {
        var all = new Subscriber(Long.MAX_VALUE);
        read(ONE_TWO.close(1000).readUntilClose().fin(), all);

        assertThat(all.told).containsExactly("one", "two");
        assertThat(all.end).isCompletedWithValue("complete");
    }

    @Test
    void anAbnormalEndIsAnError() throws Exception {
        var all = new Subscriber(Long.MAX_VALUE);
        read(ONE_TWO.fin(), all);

        assertThat(all.told).containsExactly("one", "two");
        assertThat(all.end.join()).isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void whatIsThereAlreadyIsHandedOnAtOnce() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.close(1000).readUntilClose().fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var all = new Subscriber(1);
            ws.messages().subscribe(all);

            assertThat(all.told).containsExactly("one");
            all.subscription.join().request(Long.MAX_VALUE);
            assertThat(all.told).containsExactly("one", "two");
            assertThat(all.end).isCompletedWithValue("complete");
        }
    }

    @Test
    void requestsAddUp() throws Exception {
        try (var peer = FaultyPeer.listen(
                ONE_TWO.text("three").close(1000).readUntilClose().fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var all = new Subscriber(1) {
                @Override
                public void onNext(Message message) {
                    super.onNext(message);
                    if (told.size() == 1) {
                        subscription.join().request(Long.MAX_VALUE - 1);
                        subscription.join().request(Long.MAX_VALUE);
                    }
                }
            };
            ws.messages().subscribe(all);

            assertThat(all.told).containsExactly("one", "two", "three");
            assertThat(all.end).isCompletedWithValue("complete");
        }
    }

    @Test
    void toAskForNothingIsAnErrorAndTheLastWord() throws Exception {
        var none = new Subscriber(0);
        read(ONE_TWO.stall(), none);

        assertThat(none.end.join()).isInstanceOf(IllegalArgumentException.class);
        none.subscription.join().request(1);
        assertThat(none.told).isEmpty();
    }

    @Test
    void whoThrowsIsToldSoAndGetsNoMore() throws Exception {
        var thrower = new Subscriber(Long.MAX_VALUE) {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                throw new IllegalStateException("planted");
            }
        };
        read(ONE_TWO.stall(), thrower);

        assertThat(thrower.end.join())
                .isInstanceOf(IllegalStateException.class)
                .hasToString("java.lang.IllegalStateException: planted");
        assertThat(thrower.told).containsExactly("one");
    }

    @Test
    void whoCancelsGetsNoMore() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.close(1000).readUntilClose().fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var canceller = new Subscriber(Long.MAX_VALUE) {
                @Override
                public void onNext(Message message) {
                    super.onNext(message);
                    subscription.join().cancel();
                }
            };
            ws.messages().subscribe(canceller);

            assertThat(canceller.told).containsExactly("one");
            assertThat(canceller.end).isNotDone();
            assertThat(ws.receiveText()).isEqualTo("two");
        }
    }

    /** Asks for nothing, until it is told to. */
    private static class Idle extends Subscriber {
        Idle() {
            super(0);
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription.complete(given);
        }
    }

    @Test
    void theEndComesUnasked() throws Exception {
        var idle = new Idle();
        read(FaultyPeer.script().handshake().close(1000).readUntilClose().fin(), idle);
        assertThat(idle.end).isCompletedWithValue("complete");
    }

    @Test
    void butNotBeforeTheMessagesThatAreLeft() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.close(1000).readUntilClose().fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var idle = new Idle();
            ws.messages().subscribe(idle);

            assertThat(idle.end).isNotDone();
            idle.subscription.join().request(1);
            assertThat(idle.end).isNotDone();
            idle.subscription.join().request(1);
            assertThat(idle.told).containsExactly("one", "two");
            assertThat(idle.end).isCompletedWithValue("complete");
        }
    }

    @Test
    void thereIsOneSubscriberHoweverOftenThePublisherIsAskedFor() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.stall())) {
            var ws = WebSocket.connect(peer.uri());
            ws.messages().subscribe(new Subscriber(1));
            var second = new Subscriber(1);
            ws.messages().subscribe(second);

            assertThat(second.end.join())
                    .isInstanceOf(IllegalStateException.class)
                    .hasToString("java.lang.IllegalStateException: a connection's messages have one subscriber");
            second.subscription.join().request(1);
            second.subscription.join().cancel();
            assertThat(second.told).isEmpty();
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void nobodyIsNoSubscriberAndTakesNobodysPlace() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.fin())) {
            Flow.Publisher<Message> messages = WebSocket.connect(peer.uri()).messages();
            assertThatNullPointerException().isThrownBy(() -> messages.subscribe(null));
            var first = new Subscriber(Long.MAX_VALUE);
            messages.subscribe(first);
            first.end.join();

            assertThat(first.told).containsExactly("one", "two");
        }
    }

    @Test
    void whereAListenerReceivesTheSubscriberIsToldSo() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.stall())) {
            var ws = WebSocket.builder(peer.uri()).listener(new Listener() {}).connect();
            var subscriber = new Subscriber(1);
            ws.messages().subscribe(subscriber);

            assertThat(subscriber.end.join())
                    .hasToString("java.lang.IllegalStateException: a listener receives this connection's messages");
            ws.closeAsync(1000, "");
        }
    }

    @Test
    void anErrorOfTheSubscriberIsToldToItAndLogged() throws Exception {
        var thrower = new Subscriber(Long.MAX_VALUE) {
            @Override
            public void onNext(Message message) {
                super.onNext(message);
                throw new AssertionError("planted");
            }
        };
        try (var log = new LogLines("io.sansocket.client")) {
            read(ONE_TWO.stall(), thrower);

            assertThat(thrower.end.join()).hasToString("java.lang.AssertionError: planted");
            assertThat(thrower.told).containsExactly("one");
            var line = log.await(text -> text.contains("a subscriber failed, it gets no more messages"));
            assertThat(line.getLevel()).isEqualTo(Level.SEVERE);
            assertThat(line.getThrown()).hasToString("java.lang.AssertionError: planted");
        }
    }

    @Test
    void anEndThatTheSubscriberDoesNotTakeIsLogged() throws Exception {
        try (var log = new LogLines("io.sansocket.client");
                var peer =
                        FaultyPeer.listen(ONE_TWO.close(1000).readUntilClose().fin())) {
            WebSocket.connect(peer.uri()).messages().subscribe(new Subscriber(Long.MAX_VALUE) {
                @Override
                public void onComplete() {
                    throw new IllegalStateException("planted");
                }
            });
            log.await(text -> text.contains("a subscriber failed"));
        }
    }

    @Test
    void nothingComesBeforeTheSubscriberKnowsItsSubscription() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var hasty = new Subscriber(Long.MAX_VALUE) {
                @Override
                public void onSubscribe(Flow.Subscription given) {
                    super.onSubscribe(given);
                    told.add("subscribed");
                }
            };
            ws.messages().subscribe(hasty);

            assertThat(hasty.told).containsExactly("subscribed", "one", "two");
        }
    }

    @Test
    void whoAsksForNothingWhileItIsServedHearsOfItBehindThat() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.fin())) {
            var ws = WebSocket.connect(peer.uri());
            ws.closed().join();
            var confused = new Subscriber(Long.MAX_VALUE) {
                @Override
                public void onNext(Message message) {
                    subscription.join().request(-1);
                    assertThat(end).isNotDone();
                    super.onNext(message);
                }
            };
            ws.messages().subscribe(confused);

            assertThat(confused.end.join()).isInstanceOf(IllegalArgumentException.class);
            assertThat(confused.told).containsExactly("one");
            assertThat(ws.receiveText()).isEqualTo("two");
        }
    }

    @Test
    void afterItsEndNothingThatASubscriberDoesIsAnError() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.fin())) {
            var ws = WebSocket.connect(peer.uri());
            var idle = new Idle();
            ws.messages().subscribe(idle);
            Flow.Subscription subscription = idle.subscription.join();
            subscription.cancel();
            subscription.cancel();
            subscription.request(1);
            subscription.request(-1);

            assertThat(idle.told).isEmpty();
            assertThat(idle.end).isNotDone();
            assertThat(ws.receiveText()).isEqualTo("one");
        }
    }

    @Test
    void whoCancelsWhileItWaitsLeavesTheMessageToOthers() throws Exception {
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .handler(ws -> ws.send(ws.receive()))
                        .start();
                var ws = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            var waiting = new Subscriber(1);
            ws.messages().subscribe(waiting);
            waiting.subscription.join().cancel();
            ws.send("x");

            assertThat(ws.receiveText()).isEqualTo("x");
            ws.closed().join();
            assertThat(waiting.told).isEmpty();
            assertThat(waiting.end).isNotDone();
        }
    }

    @Test
    void signalsNeverOverlap() throws Exception {
        int count = 20_000;
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .handler(ws -> {
                            for (int i = 0; i < count; i++) {
                                ws.send(String.valueOf(i));
                            }
                        })
                        .start();
                var ws = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            var inside = new AtomicInteger();
            var overlaps = new AtomicInteger();
            var all = new Idle() {
                @Override
                public void onNext(Message message) {
                    if (inside.incrementAndGet() != 1) {
                        overlaps.incrementAndGet();
                    }
                    super.onNext(message);
                    inside.decrementAndGet();
                }
            };
            ws.messages().subscribe(all);
            Flow.Subscription subscription = all.subscription.join();
            var askers = Stream.generate(() -> new Thread(() -> {
                        for (int i = 0; i <= count && !all.end.isDone(); i++) {
                            subscription.request(1);
                        }
                    }))
                    .limit(3)
                    .toList();
            askers.forEach(Thread::start);

            assertThat(all.end.join()).isEqualTo("complete");
            assertThat(overlaps).hasValue(0);
            assertThat(all.told)
                    .isEqualTo(
                            IntStream.range(0, count).mapToObj(String::valueOf).toList());
            for (Thread asker : askers) {
                asker.join();
            }
        }
    }
}
