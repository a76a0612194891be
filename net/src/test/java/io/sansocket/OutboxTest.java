package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.protocol.FragmentKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What waits to be sent, at its limits. Each message counts 64 bytes more than it has; 1000 may wait. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutboxTest {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static Outbox outbox(OverflowPolicy overflow) {
        return new Outbox(Traffic.DEFAULT.withOutbox(1000, overflow));
    }

    private static Outgoing whole(int size, @Nullable CompletableFuture<@Nullable Void> sent) {
        return new Outgoing(Message.of("m".repeat(size - 64)), null, sent);
    }

    private static Outgoing fragment(int size, FragmentKind kind) {
        return new Outgoing(Message.of("f".repeat(size - 64)), kind, null);
    }

    /** Puts in with a thread that may wait, and returns once it does wait. */
    private static CompletableFuture<Outbox.Admission> putAndWait(Outbox outbox, Outgoing item) {
        var result = new CompletableFuture<Outbox.Admission>();
        var thread = new Thread(() -> {
            try {
                result.complete(outbox.put(item, true));
            } catch (IOException | InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await().atMost(SOON).until(() -> thread.getState() == Thread.State.WAITING);
        return result;
    }

    @Test
    void theWriterOfFragmentsGoesOnHoweverMuchWaitsBehindItsMessage() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(fragment(900, FragmentKind.MORE), true);
        outbox.put(whole(2000, null), false);
        var second = putAndWait(outbox, fragment(900, FragmentKind.FINAL));

        assertThat(outbox.poll()).isEqualTo(fragment(900, FragmentKind.MORE));

        assertThat(second).succeedsWithin(SOON);
        assertThat(outbox.poll()).isEqualTo(fragment(900, FragmentKind.FINAL));
        assertThat(outbox.poll()).isEqualTo(whole(2000, null));
        assertThat(outbox.poll()).isNull();
    }

    @ParameterizedTest
    @EnumSource(OverflowPolicy.class)
    void theEndOfAMessageThatWasSentInFragmentsNeedsNoRoom(OverflowPolicy policy) throws Exception {
        var outbox = outbox(policy);
        Outgoing end = fragment(64, FragmentKind.FINAL);
        outbox.put(fragment(2000, FragmentKind.MORE), false);

        assertThat(outbox.put(end, false)).isEqualTo(Outbox.Admission.QUEUED);

        assertThat(outbox.poll()).isEqualTo(fragment(2000, FragmentKind.MORE));
        assertThat(outbox.poll()).isEqualTo(end);
    }

    @Test
    void whoIsToldOfADroppedMessageMaySendWithAnotherThreadsHelp() throws Exception {
        var outbox = outbox(OverflowPolicy.DROP_OLDEST);
        var dropped = new CompletableFuture<@Nullable Void>();
        outbox.put(whole(900, dropped), false);
        var idle = new AtomicReference<CompletableFuture<Boolean>>();
        var told = dropped.handle((nothing, fault) -> {
            idle.set(CompletableFuture.supplyAsync(outbox::isIdle));
            return idle.get()
                    .completeOnTimeout(null, SOON.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        });

        outbox.put(whole(900, null), false);

        assertThat(told).isCompletedWithValue(false);
        assertThatExceptionOfType(java.util.concurrent.CompletionException.class)
                .isThrownBy(dropped::join)
                .havingCause()
                .isInstanceOf(SendQueueFullException.class)
                .withMessage(
                        "a message of 900 bytes was dropped for a newer one: the limit of what waits is 1000 bytes");
    }

    @Test
    void fragmentsAreNotDroppedButWaitForRoom() throws Exception {
        var outbox = outbox(OverflowPolicy.DROP_OLDEST);
        outbox.put(fragment(900, FragmentKind.MORE), true);
        var second = putAndWait(outbox, fragment(900, FragmentKind.FINAL));

        outbox.poll();

        assertThat(second).succeedsWithin(SOON);
    }

    @Test
    void whatCannotWaitForFragmentsToGoIsRefused() throws Exception {
        var outbox = outbox(OverflowPolicy.DROP_OLDEST);
        outbox.put(fragment(900, FragmentKind.MORE), false);

        assertThatExceptionOfType(SendQueueFullException.class)
                .isThrownBy(() -> outbox.put(fragment(900, FragmentKind.FINAL), false));
        assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> outbox.put(whole(900, null), true));
    }

    @Test
    void aMessageThatCannotWaitIsRefusedWithTheLimitThatItHits() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(whole(16_000, null), false);

        assertThatExceptionOfType(SendQueueFullException.class)
                .isThrownBy(() -> outbox.put(whole(100, null), false))
                .withMessage("a message of 100 bytes was not sent: 16000 bytes wait to be sent, the limit is 16000");
    }

    @Test
    void whoWaitsForRoomWhenTheApplicationClosesIsToldHowItEnds() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(whole(900, null), true);
        var second = putAndWait(outbox, whole(901, null));
        outbox.close();
        outbox.poll();
        outbox.poll();

        assertThat(outbox.end(Ends.some()).messages()).isEmpty();

        assertThat(second)
                .failsWithin(SOON)
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(ConnectionClosedException.class);
    }

    @Test
    void nothingIsDroppedWhereThatMakesNoRoom() throws Exception {
        var outbox = outbox(OverflowPolicy.DROP_OLDEST);
        outbox.put(whole(100, null), false);
        outbox.put(fragment(500, FragmentKind.MORE), false);
        outbox.put(whole(200, null), false);

        assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> outbox.put(whole(501, null), true));
        assertThatExceptionOfType(SendQueueFullException.class)
                .isThrownBy(() -> outbox.put(fragment(501, FragmentKind.MORE), false));
        outbox.put(fragment(500, FragmentKind.FINAL), false);

        assertThat(outbox.poll()).isEqualTo(fragment(500, FragmentKind.MORE));
        assertThat(outbox.poll()).isEqualTo(fragment(500, FragmentKind.FINAL));
        assertThat(outbox.poll()).isEqualTo(whole(200, null));
        assertThat(outbox.poll()).isNull();
    }

    @Test
    void whatComesTooLateIsKeptUpToTheLastLimit() throws Exception {
        var outbox = outbox(OverflowPolicy.CLOSE);
        outbox.put(whole(600, null), false);

        assertThat(outbox.put(whole(16_000, null), false)).isEqualTo(Outbox.Admission.OVERFLOW);
        assertThat(outbox.isIdle()).isFalse();
        assertThatExceptionOfType(SendQueueFullException.class)
                .isThrownBy(() -> outbox.put(whole(64, null), true))
                .withMessage(
                        "a message of 64 bytes was not sent, and the connection is closed with 1013: more than 1000"
                                + " bytes would wait");

        outbox.poll();
        assertThat(outbox.end(Ends.some()).messages())
                .containsExactly(whole(16_000, null).message());
    }

    @Test
    void whatComesTooLateForAnApplicationThatClosesIsBoundedToo() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.close();
        outbox.put(whole(16_000, null), false);

        assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> outbox.put(whole(64, null), false));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> outbox.put(fragment(64, FragmentKind.FINAL), false))
                .withMessage("a fragment was not sent: the connection is being closed");
        assertThat(outbox.end(Ends.some()).messages())
                .containsExactly(whole(16_000, null).message());
    }

    @Test
    void aMessageInFragmentsOfWhichNothingWentIsUnsentAsAWhole() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(binary(1, FragmentKind.MORE), false);
        outbox.put(binary(2, FragmentKind.FINAL), false);
        outbox.put(fragment(66, FragmentKind.MORE), false);
        outbox.put(whole(66, null), false);
        outbox.put(fragment(65, FragmentKind.FINAL), false);
        outbox.put(fragment(66, FragmentKind.MORE), false);

        assertThat(outbox.end(Ends.some()).messages())
                .containsExactly(
                        Message.of(ByteBuffer.wrap(new byte[] {1, 2})),
                        Message.of("fff"),
                        whole(66, null).message());
    }

    @Test
    void aMessageOfWhichAFragmentWentIsNotUnsent() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(fragment(66, FragmentKind.MORE), false);
        outbox.put(fragment(66, FragmentKind.MORE), false);
        outbox.put(fragment(66, FragmentKind.FINAL), false);
        outbox.put(whole(66, null), false);
        outbox.poll();
        outbox.takeBack(Objects.requireNonNull(outbox.poll()));

        assertThat(outbox.end(Ends.some()).messages())
                .containsExactly(whole(66, null).message());
    }

    @Test
    void whatIsTakenBackIsUnsentInItsPlace() throws Exception {
        var outbox = outbox(OverflowPolicy.BLOCK);
        outbox.put(fragment(66, FragmentKind.MORE), false);
        outbox.put(fragment(66, FragmentKind.FINAL), false);
        outbox.put(whole(67, null), false);
        outbox.takeBack(Objects.requireNonNull(outbox.poll()));

        assertThat(outbox.end(Ends.some()).messages())
                .containsExactly(Message.of("ffff"), whole(67, null).message());
    }

    private static Outgoing binary(int oneByte, FragmentKind kind) {
        return new Outgoing(Message.of(ByteBuffer.wrap(new byte[] {(byte) oneByte})), kind, null);
    }
}
