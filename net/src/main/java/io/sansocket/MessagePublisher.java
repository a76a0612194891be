package io.sansocket;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a connection for one subscriber, as many as it asks for, as the rules of Reactive Streams have it, which
 * are cited by their numbers.
 */
final class MessagePublisher implements Flow.Publisher<Message> {
    private final WebSocket connection;
    private final AtomicBoolean taken = new AtomicBoolean();

    MessagePublisher(WebSocket connection) {
        this.connection = connection;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Message> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber"); // §1.9
        var subscription = new Subscription(connection, subscriber);
        if (!taken.compareAndSet(false, true)) {
            subscription.refuse(new IllegalStateException("a connection's messages have one subscriber"));
            subscription.begin();
            return;
        }
        subscription.begin();
        CompletableFuture<Void> unused = connection.closed().thenRun(subscription::work);
    }

    /**
     * Receives while something is asked for.
     *
     * <p>Theory of operation. Whoever has news, which is who asks for more, a message that has come, or the end, calls
     * {@link #work}. The first to do so signals for all of them until there are no more news; the others leave at once. So
     * signals never overlap (§1.3), and who asks for more from {@code onNext} is not called deeper and deeper (§3.3).
     */
    private static final class Subscription implements Flow.Subscription {
        private final WebSocket connection;
        private final Flow.Subscriber<? super Message> subscriber;
        private final AtomicLong demand = new AtomicLong();
        /** How many have had news since somebody began to signal, who is the first of them; 0 while nobody does. */
        private final AtomicInteger news = new AtomicInteger(1);

        private volatile boolean cancelled;
        /** Why the subscriber is to get no more; null while it is not so. */
        private volatile @Nullable Throwable refusal;
        /** What the next message goes to; null while none is waited for. Set by who signals. */
        private volatile @Nullable CompletableFuture<Message> next;
        /** Whether the subscriber was told that nothing comes any more. For who signals. */
        private boolean done;

        Subscription(WebSocket connection, Flow.Subscriber<? super Message> subscriber) {
            this.connection = connection;
            this.subscriber = subscriber;
        }

        /** Shows the subscriber its subscription, and after that what it asked for meanwhile. */
        void begin() {
            tell(() -> subscriber.onSubscribe(this));
            workOn();
        }

        @Override
        public void request(long count) {
            if (count < 1) {
                refuse(new IllegalArgumentException("request(" + count + "): Reactive Streams §3.9 wants at least 1"));
            } else {
                demand.accumulateAndGet(count, Subscription::sum);
            }
            work();
        }

        /** No end of demand stays none (§3.17). */
        private static long sum(long a, long b) {
            return Long.MAX_VALUE - a < b ? Long.MAX_VALUE : a + b;
        }

        @Override
        public void cancel() {
            cancelled = true;
            takeNothing();
        }

        void refuse(Throwable why) {
            refusal = why;
            takeNothing();
        }

        /** Leaves the next message to whoever receives it then. */
        private void takeNothing() {
            CompletableFuture<Message> waiting = next;
            if (waiting != null) {
                waiting.cancel(false);
            }
        }

        private void work() {
            if (news.getAndIncrement() == 0) {
                workOn();
            }
        }

        private void workOn() {
            int heard = news.get();
            do {
                signal();
                heard = news.addAndGet(-heard);
            } while (heard != 0);
        }

        /** Signals all there is to signal. */
        private void signal() {
            while (!done) {
                if (next == null && !receive()) {
                    return;
                }
                CompletableFuture<Message> came = Objects.requireNonNull(next);
                if (!came.isDone()) {
                    return;
                }
                next = null;
                if (!came.isCancelled()) {
                    hand(came);
                }
            }
        }

        /** Asks for the next message, if one is wanted. */
        private boolean receive() {
            Throwable why = refusal;
            if (cancelled) {
                return false;
            } else if (why != null) {
                fail(why);
                return false;
            } else if (demand.get() == 0) {
                endWithoutDemand();
                return false;
            }
            CompletableFuture<Message> waiting;
            try {
                waiting = connection.receiveAsync();
            } catch (IllegalStateException e) {
                fail(e); // a listener receives, or messages come in pieces
                return false;
            }
            next = waiting;
            if (cancelled || refusal != null) {
                waiting.cancel(false); // whoever said so may not have seen what to cancel
            }
            if (!waiting.isDone()) {
                CompletableFuture<Message> unused = waiting.whenComplete((message, end) -> work());
            }
            return true;
        }

        /** The end comes unasked (§1.5, §1.4), but behind the messages that are left. */
        private void endWithoutDemand() {
            ConnectionClosedException over = connection.isOpen()
                    ? null
                    : connection.session().boxes().messages.over();
            if (over != null) {
                end(over);
            }
        }

        /**
         * Hands on what came. Also a message that came while the subscriber cancelled (§2.8 has it prepared for that): else
         * it would be lost.
         */
        private void hand(CompletableFuture<Message> came) {
            if (!came.isCompletedExceptionally()) {
                demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
                tell(() -> subscriber.onNext(came.join()));
            } else if (!cancelled) {
                end(came.handle((message, cause) -> cause).join());
            }
        }

        private void end(Throwable cause) {
            if (cause instanceof ConnectionClosedException closed
                    && closed.closed().isOrdinary()) {
                done = true;
                tell(subscriber::onComplete);
            } else {
                fail(cause);
            }
        }

        private void fail(Throwable cause) {
            done = true;
            tell(() -> subscriber.onError(cause));
        }

        /**
         * Signals. A subscriber that throws gets nothing more (§2.13), but to hear why, if it has not heard of an end; and the
         * application hears of it, as of all that its code throws.
         */
        private void tell(Runnable signal) {
            try {
                signal.run();
            } catch (RuntimeException | Error e) {
                connection.session().log.failed("a subscriber", "it gets no more messages", e);
                if (!done && !cancelled) {
                    fail(e);
                }
            }
        }
    }
}
