package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.Script;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
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

    @Test
    void thereIsOneSubscriber() throws Exception {
        try (var peer = FaultyPeer.listen(ONE_TWO.stall())) {
            var ws = WebSocket.connect(peer.uri());
            Flow.Publisher<Message> messages = ws.messages();
            messages.subscribe(new Subscriber(1));
            var second = new Subscriber(1);
            messages.subscribe(second);

            assertThat(second.end.join()).isInstanceOf(IllegalStateException.class);
            second.subscription.join().cancel();
            assertThat(second.told).isEmpty();
            ws.closeAsync(1000, "");
        }
    }
}
