package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that are written in fragments: they arrive whole or not at all, and whoever waits for one is told. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FragmentedMessageTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    /** Half of what a U+1F600 is in UTF-16. */
    private static final String HALF = "\ud83d";

    /** Three fragments of 2,000 do not fit where 3,000 may wait. */
    private static void writeThree(WebSocket ws) throws Exception {
        try (var out = ws.sendText()) {
            out.write("a".repeat(2000));
            out.write("b".repeat(2000));
            out.write("c".repeat(2000));
        }
    }

    @ParameterizedTest
    @CsvSource({"CLOSE, 1013", "FAIL, 1011"})
    void aMessageOfWhichAFragmentIsRefusedNeverArrives(OverflowPolicy policy, int code) throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(3000, policy))) {
            assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> writeThree(ends.client));
            ends.release();

            assertThat(ends.client.closed().get().sent().code()).isEqualTo(code);
            assertThat(ends.received()).isEmpty();
            assertThat(ends.serversEnd().received().code()).isEqualTo(code);
        }
    }

    @Test
    void whatWasSentBeforeABrokenMessageArrives() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(3000, OverflowPolicy.FAIL))) {
            ends.client.send("before");
            assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> writeThree(ends.client));
            var after = ends.client.sendAsync("after");
            ends.release();

            assertThat(ends.received()).containsExactly(Message.of("before"));
            assertThat(after).failsWithin(SOON);
            assertThat(ends.client.unsent()).contains(Message.of("after"));
        }
    }

    @Test
    void aMessageWhoseWriterIsInterruptedNeverArrives() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(() -> {
                try (var out = ends.client.sendBinary()) {
                    out.write(new byte[100]);
                    Thread.currentThread().interrupt();
                    out.write(new byte[100]);
                }
            });
            assertThat(Thread.interrupted()).isTrue();

            assertThat(ends.received()).isEmpty();
            assertThat(ends.client.closed().get().sent().code()).isEqualTo(1011);
        }
    }

    @Test
    void aMessageWhoseFirstFragmentIsRefusedDoesNoHarm() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(3000, OverflowPolicy.FAIL))) {
            ends.client.send("before" + "x".repeat(2500));
            assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> writeThree(ends.client));
            ends.client.sendAsync("after");
            ends.release();
            ends.client.close();

            assertThat(ends.received()).hasSize(2).endsWith(Message.of("after"));
            assertThat(ends.serversEnd().received().code()).isEqualTo(1000);
        }
    }

    @Test
    void afterAFragmentThatIsRefusedNoneIsTaken() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(3000, OverflowPolicy.FAIL))) {
            var out = ends.client.sendText();
            out.write("a".repeat(2000));
            Throwable refusal = catchThrowable(() -> out.write("b".repeat(2000)));
            assertThatIOException()
                    .isThrownBy(() -> out.write("fits"))
                    .withMessage("the message is broken off: a fragment of it was not sent")
                    .withCause(refusal);
            out.close();
            out.close();
            ends.release();

            assertThat(ends.received()).isEmpty();
        }
    }

    @Test
    void aWriteOfWhatDoesNotExistBreaksTheMessage() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> {
                try (var out = ends.client.sendText()) {
                    out.write("begun");
                    out.write("short", 3, 9);
                }
            });
            assertThat(ends.received()).isEmpty();
        }
        try (var ends = TwoEnds.open(builder -> builder)) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> {
                try (var out = ends.client.sendBinary()) {
                    out.write(1);
                    out.write(new byte[5], 3, 9);
                }
            });
            assertThat(ends.received()).isEmpty();
        }
    }

    @Test
    void whatBreaksForWantOfMemoryIsBrokenToo() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            FragmentedMessage message = FragmentedMessage.begin(ends.client.session());
            message.put(() -> Message.of("begun"));
            assertThatExceptionOfType(OutOfMemoryError.class)
                    .isThrownBy(() -> message.put(() -> {
                        throw new OutOfMemoryError("planted");
                    }));
            message.end(() -> Message.of(""));
            assertThat(ends.client.closed().get().sent().code()).isEqualTo(1011);
        }
    }

    @Test
    void noOtherMessageGoesOnWhereOneWasBrokenOff() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder.sendBuffer(3000, OverflowPolicy.FAIL))) {
            assertThatExceptionOfType(SendQueueFullException.class).isThrownBy(() -> writeThree(ends.client));
            var next = new CompletableFuture<Throwable>();
            start(() -> next.complete(catchThrowable(() -> {
                try (var out = ends.client.sendText()) {
                    out.write("next");
                }
            })));
            ends.release();

            assertThat(next).succeedsWithin(SOON).isInstanceOf(ConnectionClosedException.class);
            assertThat(ends.received()).isEmpty();
        }
    }

    @Test
    void halfASurrogatePairAtTheEndIsTheWritersFault() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            var out = ends.client.sendText();
            out.write("x" + HALF);
            assertThatIllegalArgumentException()
                    .isThrownBy(out::close)
                    .withMessageContaining("U+D83D alone at index 1");

            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(() -> ends.client.send("after"));
            assertThat(ends.client.closed().get().sent().code()).isEqualTo(1011);
            assertThat(ends.received()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"y, D83D, 1", "\ud83d, D83D, 1", "\ude00\ude00, DE00, 3"})
    void halfASurrogatePairInTheMiddleIsTheWritersFault(String second, String which, int index) throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> {
                        try (var out = ends.client.sendText()) {
                            out.write("x" + HALF);
                            out.write(second);
                        }
                    })
                    .withMessageContaining("U+" + which + " alone at index " + index);

            assertThat(ends.client.closed().get().sent().code()).isEqualTo(1011);
            assertThat(ends.received()).isEmpty();
        }
    }

    @Test
    void aSurrogatePairMayLieAcrossTwoWrites() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            try (var out = ends.client.sendText()) {
                for (char c : "\ud83d\ude00, \ud83d\ude00".toCharArray()) {
                    out.write(c);
                }
                out.write("\ud83d\ude00");
            }
            ends.client.close();
            assertThat(ends.received()).containsExactly(Message.of("\ud83d\ude00, \ud83d\ude00\ud83d\ude00"));
        }
    }

    /** What no caller could be told of: the loop must go on, the connection must not. */
    @Test
    void whatTheProtocolRefusesEndsTheConnectionAndIsTold() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder)) {
            var sent = new CompletableFuture<Void>();
            Session session = ends.client.session();
            session.outbox().put(new Outgoing(Message.of(HALF), null, sent), true);
            var behind = ends.client.sendAsync("behind");
            session.onLoop(session::pump, null);
            ends.release();

            assertThat(sent).failsWithin(SOON);
            assertThat(behind).failsWithin(SOON);
            assertThat(ends.client.closed().get().sent().code()).isEqualTo(1011);
            assertThat(ends.client.unsent()).containsExactly(Message.of(HALF), Message.of("behind"));
        }
    }

    @Test
    void aListenerThatBeginsASecondMessageIsToldThatItMustNotWait() throws Exception {
        var told = new CompletableFuture<Throwable>();
        try (var ends = TwoEnds.of(ws -> {
            try (var first = ws.sendText()) {
                first.write("first");
                told.complete(catchThrowable(ws::sendText));
            } catch (IOException | InterruptedException e) {
                told.completeExceptionally(e);
            }
        })) {
            assertThat(told)
                    .succeedsWithin(SOON)
                    .isInstanceOf(IllegalStateException.class)
                    .extracting(Throwable::getMessage)
                    .asString()
                    .contains("an event loop must not wait");
            ends.client.close();
            assertThat(ends.received()).containsExactly(Message.of("first"));
        }
    }

    /** Runs something on another thread, and returns that thread once it waits. */
    private static Thread waiting(Runnable action) {
        Thread thread = start(action);
        await().atMost(SOON).until(() -> thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private static Thread start(Runnable action) {
        var thread = new Thread(action);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @Test
    void whoWaitsToBeginAMessageIsToldOfTheEnd() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            ends.client.sendText().write("never ends");
            var told = new CompletableFuture<Throwable>();
            waiting(() -> told.complete(catchThrowable(ends.client::sendText)));
            ends.client.closeAsync(1000, "");

            assertThat(told).succeedsWithin(SOON).isInstanceOf(ConnectionClosedException.class);
            assertThatExceptionOfType(ConnectionClosedException.class).isThrownBy(ends.client::sendBinary);
        }
    }

    @Test
    void whoWaitsToBeginAMessageCanBeInterrupted() throws Exception {
        try (var ends = TwoEnds.open(builder -> builder)) {
            var first = ends.client.sendText();
            var told = new CompletableFuture<Throwable>();
            Thread waiting = waiting(() -> told.complete(catchThrowable(ends.client::sendText)));
            waiting.interrupt();

            assertThat(told).succeedsWithin(SOON).isInstanceOf(InterruptedException.class);
            first.close();
            ends.client.sendText().close();
        }
    }

    @ParameterizedTest
    @CsvSource({"BLOCK", "FAIL", "DROP_OLDEST", "CLOSE"})
    void byEveryPolicyASecondMessageWaitsForTheFirst(OverflowPolicy policy) throws Exception {
        try (var ends = TwoEnds.open(builder -> builder.sendBuffer(3000, policy))) {
            var first = ends.client.sendText();
            first.write("first");
            var second = new CompletableFuture<MessageWriter>();
            waiting(() -> {
                try {
                    second.complete(ends.client.sendText());
                } catch (IOException | InterruptedException e) {
                    second.completeExceptionally(e);
                }
            });
            first.close();

            assertThat(second).succeedsWithin(SOON);
            second.get().write("second");
            second.get().close();
            ends.client.close();
            assertThat(ends.received()).containsExactly(Message.of("first"), Message.of("second"));
        }
    }

    @Test
    void aMessageThatAListenerBeginsHoldsOthersBackToo() throws Exception {
        var begun = new CompletableFuture<MessageOutputStream>();
        try (var ends = TwoEnds.of(ws -> {
            try {
                MessageOutputStream out = ws.sendBinary();
                out.write(1);
                ws.send("of the loop");
                begun.complete(out);
            } catch (IOException | InterruptedException e) {
                begun.completeExceptionally(e);
            }
        })) {
            MessageOutputStream out = begun.get();
            ends.client.sendAsync("of another thread");
            out.write(2);
            out.close();
            ends.client.close();

            assertThat(ends.received())
                    .containsExactly(
                            Message.of(ByteBuffer.wrap(new byte[] {1, 2})),
                            Message.of("of the loop"),
                            Message.of("of another thread"));
        }
    }

    @Test
    void aWriterWhoIsInterruptedWhileTheConnectionClosesIsTold() throws Exception {
        try (var ends = TwoEnds.held(builder -> builder)) {
            var out = ends.client.sendText();
            out.write("begun");
            ends.client.session().outbox().close();
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(out::close);
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
