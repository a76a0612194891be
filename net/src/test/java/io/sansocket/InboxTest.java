package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets what came, where some have given up waiting for it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InboxTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final Set<Thread.State> WAITING = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final Inbox<String> inbox = new Inbox<>(100, 10, MemoryBudget.of(1000), () -> {});

    private void put(String... values) {
        for (String value : values) {
            assertThat(inbox.put(value, 1)).isTrue();
        }
    }

    /** Takes with a thread that waits, and returns once it does. */
    private static CompletableFuture<String> waiting(Callable<String> taker) {
        var result = new CompletableFuture<String>();
        var thread = new Thread(() -> {
            try {
                result.complete(taker.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().atMost(SOON).until(() -> WAITING.contains(thread.getState()));
        return result;
    }

    private String refuse() throws Exception {
        return inbox.take(value -> {
            throw new IllegalArgumentException(value);
        });
    }

    @Test
    void whoHasCancelledTakesNothing() throws Exception {
        var first = inbox.takeLater();
        var second = inbox.takeLater();
        var third = inbox.takeLater();
        first.cancel(false);
        third.cancel(false);

        put("one", "two");

        assertThat(second).isCompletedWithValue("one");
        assertThat(inbox.take()).isEqualTo("two");
    }

    @Test
    void whoHasTimedOutTakesNothing() throws Exception {
        var late = inbox.takeLater().orTimeout(1, TimeUnit.NANOSECONDS);
        assertThat(late).failsWithin(SOON).withThrowableThat().withCauseInstanceOf(TimeoutException.class);

        put("one");

        assertThat(inbox.take()).isEqualTo("one");
    }

    @Test
    void whatWasTakenCannotBeGivenUp() {
        var taken = inbox.takeLater();
        put("one");

        assertThat(taken.cancel(false)).isFalse();
        assertThat(taken).isCompletedWithValue("one");
    }

    @Test
    void thoseWhoGaveUpAreForgottenBeforeAnythingComes() {
        var stays = inbox.takeLater();
        List<WeakReference<CompletableFuture<String>>> gone = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            var later = inbox.takeLater();
            later.cancel(false);
            gone.add(new WeakReference<>(later));
        }
        var last = inbox.takeLater();

        await().atMost(SOON).untilAsserted(() -> {
            System.gc();
            assertThat(gone).allMatch(reference -> reference.refersTo(null));
        });
        put("one", "two");
        assertThat(stays).isCompletedWithValue("one");
        assertThat(last).isCompletedWithValue("two");
    }

    @Test
    void whatOneDoesNotWantIsForAnotherWhoWaits() {
        var first = waiting(this::refuse);
        var second = waiting(inbox::take);

        put("one"); // wakes the first

        assertThat(first).failsWithin(SOON);
        assertThat(second).succeedsWithin(SOON).isEqualTo("one");
    }

    @Test
    void whatOneOnlyLooksAtIsForAnotherWhoWaits() {
        var first = waiting(inbox::peek);
        var second = waiting(inbox::take);

        put("one");

        assertThat(first).succeedsWithin(SOON).isEqualTo("one");
        assertThat(second).succeedsWithin(SOON).isEqualTo("one");
    }

    @Test
    void whatIsNotWantedIsTheNextAllTheSame() throws Exception {
        put("one");

        assertThatIllegalArgumentException().isThrownBy(this::refuse).withMessage("one");
        assertThat(inbox.peek()).isEqualTo("one");
        assertThat(inbox.take()).isEqualTo("one");
    }

    @Test
    void whoTakesWithoutWaitingTellsThatThereIsRoomAgain() {
        var told = new AtomicInteger();
        var full = new Inbox<String>(100, 2, MemoryBudget.of(1000), told::incrementAndGet);
        assertThat(full.put("one", 1)).isTrue();
        assertThat(full.put("two", 1)).isFalse();

        assertThat(full.takeLater()).isCompletedWithValue("one");

        assertThat(told).hasValue(1);
        assertThat(full.takeLater()).isCompletedWithValue("two");
        assertThat(told).hasValue(1);
    }

    /** The loop reads no more once it was told that there is no room, but may still have something to put in. */
    @Test
    void whoWasToldThatThereIsNoRoomIsToldWhenThereIsWhateverComesBetween() {
        var told = new AtomicInteger();
        var full = new Inbox<String>(100, 10, MemoryBudget.of(1000), told::incrementAndGet);
        assertThat(full.put("one", 60)).isTrue();
        assertThat(full.put("two", 60)).isFalse();
        assertThat(full.takeLater()).isCompletedWithValue("one");
        assertThat(full.put("three", 10)).isFalse();
        assertThat(told).hasValue(0);

        assertThat(full.takeLater()).isCompletedWithValue("two");

        assertThat(told).hasValue(1);
        assertThat(full.put("four", 10)).isTrue();
    }

    @Test
    void atTheEndWhoWaitsIsToldAndWhatIsThereIsTaken() throws Exception {
        var later = inbox.takeLater();
        later.cancel(false);
        put("one");
        inbox.end(Ends.some());

        assertThat(inbox.take()).isEqualTo("one");
        assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(inbox::take);
        assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(inbox::peek);
        assertThat(inbox.takeLater()).isCompletedExceptionally();
    }
}
