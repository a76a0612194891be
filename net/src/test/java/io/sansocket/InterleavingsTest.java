package io.sansocket;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.protocol.FragmentKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What threads of the application and the loop do at once, in every order that a model checker comes up with: it runs them
 * one step at a time, and switches between them where they touch what they share.
 */
class InterleavingsTest {
    /** Orders that are tried for each scenario. */
    private static final int ORDERS = 300;

    /** To word it takes the checker more steps than all the rest, so it is made outside of what it runs. */
    private final ConnectionClosedException how = Ends.some();

    private static ModelCheckingOptions options() {
        return new ModelCheckingOptions()
                .iterations(3)
                .invocationsPerIteration(ORDERS / 2)
                .threads(2)
                .actorsBefore(1)
                .actorsPerThread(3)
                .actorsAfter(1);
    }

    @Test
    void anOutboxDoesOneThingAfterTheOther() {
        options().check(OutboxModel.class);
    }

    @Test
    void anInboxDoesOneThingAfterTheOther() {
        options().check(InboxModel.class);
    }

    /** What is queued for the loop's thread, and what tells it. */
    interface HandOver {
        /** Puts a message in, and tells whether the loop must be told. */
        boolean put(int message) throws IOException, InterruptedException;

        /** Takes the next message, or 0 when there is none; then the loop must be told of the next. */
        int poll();
    }

    private static HandOver of(Outbox outbox) {
        return new HandOver() {
            @Override
            public boolean put(int message) throws IOException, InterruptedException {
                return outbox.put(OutboxModel.message(message), true) == Outbox.Admission.QUEUED_FIRST;
            }

            @Override
            public int poll() {
                Outgoing next = outbox.poll();
                return next == null ? 0 : Integer.parseInt(OutboxModel.text(next));
            }
        };
    }

    /** The race that the outbox's lock is there against: between finding nothing and saying so a message is put in. */
    private static HandOver planted() {
        Queue<Integer> queue = new ConcurrentLinkedQueue<>();
        var announced = new AtomicBoolean();
        return new HandOver() {
            @Override
            public boolean put(int message) {
                queue.add(message);
                return announced.compareAndSet(false, true);
            }

            @Override
            public int poll() {
                @Nullable Integer next = queue.poll();
                if (next == null) {
                    announced.set(false);
                    return 0;
                }
                return next;
            }
        };
    }

    private static Outbox roomy() {
        return new Outbox(Traffic.DEFAULT);
    }

    /** Room for one message. */
    private static Outbox narrow() {
        return new Outbox(Traffic.DEFAULT.withOutbox(65, OverflowPolicy.BLOCK));
    }

    /** A sender, and a loop that looks when it is told: what is left when both have done must have been announced. */
    private static void handOver(HandOver between) {
        var told = new AtomicInteger();
        List<Integer> came = new ArrayList<>();
        var sender = new Thread(() -> {
            put(between, 1, told);
            put(between, 2, told);
        });
        sender.start();
        takeIfTold(between, told, came);
        join(sender);
        while (told.get() > 0) {
            takeIfTold(between, told, came);
        }
        requireBoth(came);
    }

    private static void put(HandOver between, int message, AtomicInteger told) {
        try {
            if (between.put(message)) {
                told.incrementAndGet();
            }
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void takeIfTold(HandOver between, AtomicInteger told, List<Integer> came) {
        if (told.get() > 0) {
            told.decrementAndGet();
            for (int next = between.poll(); next != 0; next = between.poll()) {
                came.add(next);
            }
        }
    }

    /** Messages 1 and 2, once each. (The checker cannot run AssertJ.) */
    private static void requireBoth(Collection<Integer> messages) {
        if (messages.size() != 2 || !messages.containsAll(List.of(1, 2))) {
            throw new AssertionError("messages 1 and 2 became " + messages);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsQueuedIsAlwaysAnnounced() {
        Lincheck.runConcurrentTest(ORDERS, () -> handOver(of(roomy())));
    }

    @Test
    void aPlantedRaceIsFound() {
        assertThatExceptionOfType(LincheckAssertionError.class)
                .isThrownBy(() -> Lincheck.runConcurrentTest(ORDERS, () -> handOver(planted())));
    }

    /** What became of messages, each noted by who learned it. */
    private static final class Fates {
        final Queue<Integer> out = new ConcurrentLinkedQueue<>();
        final Queue<Integer> unsent = new ConcurrentLinkedQueue<>();
        final Queue<Integer> refused = new ConcurrentLinkedQueue<>();

        List<Integer> all() {
            var all = new ArrayList<>(out);
            all.addAll(unsent);
            all.addAll(refused);
            return all;
        }
    }

    private static Thread sender(Outbox outbox, int message, boolean mayWait, Fates fates) {
        return new Thread(() -> {
            try {
                outbox.put(OutboxModel.message(message), mayWait);
            } catch (ConnectionClosedException e) {
                fates.refused.add(message);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** As the loop does: what was put in goes out, until the peer resets the connection or a deadline passes. */
    private static void loop(Outbox outbox, int turns, ConnectionClosedException how, Fates fates) {
        for (int turn = 0; turn < turns; turn++) {
            Outgoing next = outbox.poll();
            if (next != null) {
                fates.out.add(Integer.parseInt(OutboxModel.text(next)));
            }
        }
        outbox.end(how).left().forEach(left -> fates.unsent.add(Integer.parseInt(OutboxModel.text(left))));
    }

    /** Two senders, one who closes, and the end: nobody waits for ever, and each message has one fate. */
    private static void end(boolean mayWait, ConnectionClosedException how) {
        Outbox outbox = narrow();
        var fates = new Fates();
        List<Thread> threads = List.of(
                sender(outbox, 1, mayWait, fates), sender(outbox, 2, mayWait, fates), new Thread(outbox::close));
        threads.forEach(Thread::start);
        loop(outbox, 1, how, fates);
        threads.forEach(InterleavingsTest::join);
        requireBoth(fates.all());
    }

    @Test
    void eachMessageOfWhoWaitsGoesOutOrIsUnsentOrRefused() {
        Lincheck.runConcurrentTest(ORDERS / 2, () -> end(true, how));
    }

    @Test
    void eachMessageOfWhoDoesNotWaitGoesOutOrIsUnsentOrRefused() {
        Lincheck.runConcurrentTest(ORDERS / 2, () -> end(false, how));
    }

    /** Two who send a message in fragments each: the second has its turn, and the fragments are not mixed. */
    private static void turns() {
        Outbox outbox = roomy();
        List<Thread> writers = List.of(writer(outbox, 1), writer(outbox, 2));
        writers.forEach(Thread::start);
        writers.forEach(InterleavingsTest::join);
        List<String> out = new ArrayList<>();
        for (Outgoing next = outbox.poll(); next != null; next = outbox.poll()) {
            out.add(OutboxModel.text(next));
        }
        if (!out.equals(List.of("1", "1", "2", "2")) && !out.equals(List.of("2", "2", "1", "1"))) {
            throw new AssertionError("fragments of two messages became " + out);
        }
    }

    private static Thread writer(Outbox outbox, int number) {
        Message text = Message.of(Integer.toString(number));
        return new Thread(() -> {
            Object stream = new Object();
            try {
                outbox.beginStream(stream, true);
                outbox.put(new Outgoing(text, FragmentKind.MORE, null), true);
                outbox.put(new Outgoing(text, FragmentKind.FINAL, null), true);
                outbox.endStream(stream);
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whoWaitsToSendInFragmentsHasItsTurn() {
        Lincheck.runConcurrentTest(ORDERS / 6, InterleavingsTest::turns);
    }

    /** A message in fragments that is never ended, who waits for his turn behind it, who closes, and the end. */
    private static void noTurn(ConnectionClosedException how) {
        Outbox outbox = roomy();
        begin(outbox);
        var told = new AtomicBoolean();
        List<Thread> threads = List.of(new Thread(() -> told.set(!begin(outbox))), new Thread(outbox::close));
        threads.forEach(Thread::start);
        outbox.end(how);
        threads.forEach(InterleavingsTest::join);
        if (!told.get()) {
            throw new AssertionError("two messages are sent in fragments at once");
        }
    }

    /** Begins to send a message in fragments, unless the connection ends before. */
    private static boolean begin(Outbox outbox) {
        try {
            outbox.beginStream(new Object(), true);
            return true;
        } catch (ConnectionClosedException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoWaitsToSendInFragmentsIsToldOfTheEnd() {
        Lincheck.runConcurrentTest(ORDERS / 6, () -> noTurn(how));
    }

    /** A loop that reads until the inbox is full, and takers: when they have taken all, it has been told to read on. */
    private static void readOn() {
        var told = new AtomicInteger();
        Inbox<Integer> inbox = new Inbox<>(100, 2, MemoryBudget.of(1000), told::incrementAndGet);
        List<Thread> takers = List.of(taker(inbox), taker(inbox));
        takers.forEach(Thread::start);
        boolean first = inbox.put(1, 1);
        boolean reading = inbox.put(2, 1) && first;
        takers.forEach(InterleavingsTest::join);
        if (!reading && told.get() != 1) {
            throw new AssertionError("nobody reads on: told " + told + " times");
        }
    }

    private static Thread taker(Inbox<Integer> inbox) {
        return new Thread(() -> {
            try {
                inbox.take();
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whoTakesWhatFilledTheInboxTellsTheLoop() {
        Lincheck.runConcurrentTest(ORDERS, InterleavingsTest::readOn);
    }
}
