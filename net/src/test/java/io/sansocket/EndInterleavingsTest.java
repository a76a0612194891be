package io.sansocket;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jetbrains.lincheck.Lincheck;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A connection that ends while threads of the application use it for the first time, in every order that a model checker
 * comes up with: what waits in both directions is made by whoever needs it first, or must not be needed any more.
 */
class EndInterleavingsTest {
    private static final int ORDERS = 20;

    /** A connection without a channel: what happens on its loop happens here. */
    private static MeetingPoint connection() {
        return new MeetingPoint(Traffic.DEFAULT) {
            @Override
            void receive(boolean wanted) {}
        };
    }

    /** A message of one thread, and what it was told of it. */
    private static final class Sender extends Thread {
        private final MeetingPoint connection;
        private final boolean mayWait;
        final CompletableFuture<@Nullable Void> sent = new CompletableFuture<>();
        final Outgoing message;
        boolean refused;

        Sender(MeetingPoint connection, int number, boolean mayWait) {
            this.connection = connection;
            this.mayWait = mayWait;
            message = new Outgoing(Message.of(Integer.toString(number)), null, sent);
        }

        @Override
        public void run() {
            try {
                connection.outbox().put(message, mayWait);
            } catch (ConnectionClosedException e) {
                refused = true;
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** What a connection does on its loop: sends what waits, if anything does, and ends. */
    private static void sendAndEnd(MeetingPoint connection, ConnectionClosedException how, Queue<Outgoing> out) {
        Outbox outbox = connection.outboxIfAny();
        Outgoing next = outbox == null ? null : outbox.poll();
        if (next != null) {
            out.add(next);
        }
        connection.tellEnd(how, connection.noteEnd(how));
    }

    /** Two who send, one who closes and receives, and the loop: nobody waits for ever, and each message has one fate. */
    private static void end(ConnectionClosedException how) {
        MeetingPoint connection = connection();
        List<Sender> senders = List.of(new Sender(connection, 1, true), new Sender(connection, 2, false));
        var told = new ConcurrentLinkedQueue<Throwable>();
        var closer = new Thread(() -> {
            connection.outbox().close();
            CompletableFuture<Message> unused =
                    connection.boxes().messages.takeLater().whenComplete((message, end) -> told.add(end));
        });
        var out = new ConcurrentLinkedQueue<Outgoing>();
        senders.forEach(Thread::start);
        closer.start();
        sendAndEnd(connection, how, out);
        senders.forEach(EndInterleavingsTest::join);
        join(closer);

        for (Sender sender : senders) {
            boolean unsent = connection.unsent().contains(sender.message.message());
            int fates = (out.contains(sender.message) ? 1 : 0) + (unsent ? 1 : 0) + (sender.refused ? 1 : 0);
            require(fates == 1, sender.message + " has " + fates + " fates");
            require(unsent == sender.sent.isCompletedExceptionally(), sender.message + " is unsent: " + unsent);
        }
        require(told.size() == 1, told.size() + " of 1 receivers know of the end");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The checker cannot run AssertJ. */
    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new AssertionError(otherwise);
        }
    }

    @Test
    void whoUsesAConnectionWhileItEndsIsTold() {
        // To word it takes the checker more steps than all the rest, so it is made outside.
        ConnectionClosedException how = Ends.some();
        Lincheck.runConcurrentTest(ORDERS, () -> end(how));
    }
}
