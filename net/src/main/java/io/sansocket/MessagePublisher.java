package io.sansocket;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The messages of a connection for one subscriber, as many as it asks for. */
final class MessagePublisher implements Flow.Publisher<Message> {
    private final WebSocket connection;
    private final AtomicBoolean taken = new AtomicBoolean();

    MessagePublisher(WebSocket connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        if (!taken.compareAndSet(false, true)) {
            subscriber.onSubscribe(new Nothing());
            subscriber.onError(new IllegalStateException("a connection's messages have one subscriber"));
            return;
        }
        var subscription = new Subscription(connection, subscriber);
        subscriber.onSubscribe(subscription);
    }

    /** What somebody gets who comes too late. */
    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long count) {}

        @Override
        public void cancel() {}
    }

    /** Receives while something is asked for; one thread at a time does, whoever comes first. */
    private static final class Subscription implements Flow.Subscription {
        private final WebSocket connection;
        private final Flow.Subscriber<? super Message> subscriber;
        private final AtomicLong demand = new AtomicLong();
        /** Whether the subscriber was told that nothing comes any more. */
        private volatile boolean done;

        private volatile boolean cancelled;
        /** What the next message goes to; null before one was waited for. */
        private volatile @Nullable CompletableFuture<Message> waiting;

        Subscription(WebSocket connection, Flow.Subscriber<? super Message> subscriber) {
            this.connection = connection;
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            if (count < 1) {
                fail(new IllegalArgumentException("request(" + count + "): Reactive Streams §3.9 wants at least 1"));
            } else if (demand.getAndAccumulate(count, Subscription::sum) == 0) {
                receive();
            }
        }

        private static long sum(long a, long b) {
            return Long.MAX_VALUE - a < b ? Long.MAX_VALUE : a + b;
        }

        /** Goes on in a loop while messages are there, and from the message's arrival when none is: never deeper. */
        private void receive() {
            while (!done && !cancelled) {
                CompletableFuture<Message> next = connection.receiveAsync();
                if (!next.isDone()) {
                    waiting = next;
                    if (cancelled || done) {
                        next.cancel(false);
                    }
                    CompletableFuture<Message> unused = next.whenComplete((message, end) -> {
                        if (hand(message, end)) {
                            receive();
                        }
                    });
                    return;
                }
                Throwable end = next.isCompletedExceptionally()
                        ? next.handle((m, e) -> e).join()
                        : null;
                if (!hand(end == null ? next.join() : null, end)) {
                    return;
                }
            }
        }

        /**
         * Hands a message on, and tells whether another one is asked for. One that came while the subscriber cancelled is
         * handed on, too (Reactive Streams §2.8): else it would be lost.
         */
        private boolean hand(@Nullable Message message, @Nullable Throwable end) {
            if (done || (message == null && cancelled)) {
                return false;
            }
            if (message == null) {
                end(end);
                return false;
            }
            try {
                subscriber.onNext(message);
            } catch (RuntimeException e) {
                fail(e);
                return false;
            }
            long left = demand.updateAndGet(d -> d == Long.MAX_VALUE ? d : d - 1);
            return left > 0;
        }

        private void end(@Nullable Throwable cause) {
            if (cause instanceof ConnectionClosedException closed
                    && closed.closed().isOrdinary()) {
                done = true;
                subscriber.onComplete();
            } else {
                fail(cause == null ? new IllegalStateException("no message and no cause") : cause);
            }
        }

        private void fail(Throwable cause) {
            if (!done) {
                done = true;
                takeNothing();
                subscriber.onError(cause);
            }
        }

        /** Leaves the next message to whoever receives it then. */
        private void takeNothing() {
            CompletableFuture<Message> next = waiting;
            if (next != null) {
                next.cancel(false);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
            takeNothing();
        }
    }
}
