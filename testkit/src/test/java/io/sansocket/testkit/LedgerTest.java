package io.sansocket.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.core.protocol.Event;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static void arrive(Ledger ledger, LedgerMessage message) {
        if (message.isText()) {
            ledger.arrived(message.text());
        } else {
            ledger.arrived(message.bytes());
        }
    }

    private static List<LedgerMessage> make(Ledger ledger, int count) {
        List<LedgerMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(ledger.next(3));
        }
        return messages;
    }

    @Test
    void nothingSentIsPerfect() {
        assertThat(new Ledger(1, 0).settle()).isEqualTo(new Ledger.Tally(0, 0, 0, 0, 0, 0, 0));
        assertThat(new Ledger(1, 0).settle().isPerfect()).isTrue();
    }

    @Test
    void whatArrivesOnceAndInOrderIsPerfect() {
        Ledger ledger = new Ledger(1, 1000);
        make(ledger, 5000).forEach(message -> arrive(ledger, message));
        arrive(ledger, ledger.next(-1));

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(5001, 5001, 0, 0, 0, 0, 0));
        assertThat(ledger.settle().isPerfect()).isTrue();
    }

    @Test
    void whatDoesNotArriveIsLostOnceItCannotComeAnyMore() {
        Ledger ledger = new Ledger(1, 10);
        List<LedgerMessage> messages = make(ledger, Ledger.WINDOW + 2);
        messages.subList(1, Ledger.WINDOW).forEach(message -> arrive(ledger, message));
        assertThat(ledger.tally().lost()).isZero();

        arrive(ledger, messages.get(Ledger.WINDOW));

        assertThat(ledger.tally().lost()).isEqualTo(1); // number 0 has left the window
        assertThat(ledger.settle().lost()).isEqualTo(2); // and the last one never came
        assertThat(ledger.settle().isPerfect()).isFalse();
    }

    @Test
    void whatComesBehindTheWindowIsLate() {
        Ledger ledger = new Ledger(1, 10);
        List<LedgerMessage> messages = make(ledger, Ledger.WINDOW + 1);
        messages.subList(1, messages.size()).forEach(message -> arrive(ledger, message));

        arrive(ledger, messages.get(0));

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(1025, 1024, 1, 0, 0, 0, 1));
    }

    @Test
    void aGapWiderThanTheWindowIsLost() {
        Ledger ledger = new Ledger(1, 10);
        List<LedgerMessage> messages = make(ledger, 10 * Ledger.WINDOW);
        arrive(ledger, messages.get(0));

        arrive(ledger, messages.get(messages.size() - 1));

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(10_240, 2, 10_238, 0, 0, 0, 0));
    }

    @Test
    void whatArrivesAgainIsADuplicate() {
        Ledger ledger = new Ledger(1, 10);
        List<LedgerMessage> messages = make(ledger, 2);
        arrive(ledger, messages.get(0));
        arrive(ledger, messages.get(1));
        arrive(ledger, messages.get(0));

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(2, 2, 0, 1, 0, 0, 0));
    }

    @Test
    void whatIsOvertakenIsReordered() {
        Ledger ledger = new Ledger(1, 10);
        List<LedgerMessage> messages = make(ledger, 3);
        arrive(ledger, messages.get(2));
        arrive(ledger, messages.get(0));
        arrive(ledger, messages.get(1));

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(3, 3, 0, 0, 2, 0, 0));
    }

    @Test
    void anyShuffleIsCountedAsByAListOfAll() {
        for (int seed = 0; seed < 200; seed++) {
            var random = new SplittableRandom(seed);
            Ledger ledger = new Ledger(seed, 4);
            List<LedgerMessage> sent = make(ledger, random.nextInt(1, 60));
            List<LedgerMessage> came = new ArrayList<>(sent);
            came.removeIf(message -> random.nextInt(5) == 0);
            came.addAll(came.subList(0, random.nextInt(came.size() + 1)));
            Collections.shuffle(came, new Random(seed));
            came.forEach(message -> arrive(ledger, message));

            List<Long> numbers = came.stream().map(LedgerMessage::sequence).toList();
            List<Long> once = numbers.stream().distinct().toList();
            long overtaken = once.stream()
                    .filter(n -> once.subList(0, once.indexOf(n)).stream().anyMatch(before -> before > n))
                    .count();
            assertThat(ledger.settle())
                    .isEqualTo(new Ledger.Tally(
                            sent.size(),
                            once.size(),
                            sent.size() - once.size(),
                            numbers.size() - once.size(),
                            overtaken,
                            0,
                            0));
        }
    }

    @Test
    void anyChangedByteIsCorruption() {
        Ledger ledger = new Ledger(1, 40);
        byte[] binary = new byte[0];
        while (binary.length == 0) {
            LedgerMessage message = ledger.next(1);
            binary = message.isText() ? binary : copy(message);
        }

        for (int bit = 0; bit < 8 * binary.length; bit++) {
            byte[] changed = binary.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            ledger.arrived(ByteBuffer.wrap(changed));
        }
        for (int length = 0; length < binary.length; length++) {
            ledger.arrived(ByteBuffer.wrap(binary, 0, length));
        }

        assertThat(ledger.tally().corrupted()).isEqualTo(9L * binary.length);
        assertThat(ledger.tally().arrived()).isZero();
    }

    private static byte[] copy(LedgerMessage message) {
        byte[] bytes = new byte[message.bytes().remaining()];
        message.bytes().get(bytes);
        return bytes;
    }

    @Test
    void textThatArrivesAsBinaryIsCorruption() {
        Ledger ledger = new Ledger(1, 40);
        for (LedgerMessage message : make(ledger, 50)) {
            if (message.isText()) {
                ledger.arrived(message.bytes());
            } else {
                ledger.arrived(new String(copy(message), StandardCharsets.ISO_8859_1));
            }
        }

        assertThat(ledger.tally().corrupted()).isEqualTo(50);
    }

    @Test
    void messagesAreTheSeedsAndOfAllSizes() {
        Ledger ledger = new Ledger(9, 20);
        Ledger same = new Ledger(9, 20);
        Ledger other = new Ledger(10, 20);
        var sizes = new TreeSet<Integer>();
        var kinds = new HashSet<Boolean>();
        int differ = 0;
        for (int i = 0; i < 3000; i++) {
            LedgerMessage message = ledger.next(1);
            assertThat(message.bytes()).isEqualTo(same.next(1).bytes());
            differ += message.bytes().equals(other.next(1).bytes()) ? 0 : 1;
            sizes.add(message.bytes().remaining() - LedgerMessage.HEAD);
            kinds.add(message.isText());
        }

        assertThat(sizes).hasSize(21).startsWith(0).endsWith(20);
        assertThat(kinds).hasSize(2);
        assertThat(differ).isGreaterThan(1500);
    }

    @Test
    void aReceiverElsewhereIsToldWhatWasSent() {
        Ledger sender = new Ledger(1, 10);
        Ledger receiver = new Ledger(2, 0);
        make(sender, 3).subList(0, 2).forEach(message -> arrive(receiver, message));

        receiver.sentElsewhere(3, 3);

        assertThat(receiver.settle()).isEqualTo(new Ledger.Tally(3, 2, 1, 0, 0, 0, 0));
        assertThat(receiver.tally().lost()).isZero();
    }

    @Test
    void manyThreadsCountTogether() throws Exception {
        Ledger ledger = new Ledger(1, 20);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        for (int sender = 0; sender < 4; sender++) {
            int own = sender;
            threads.execute(() -> {
                for (int i = 0; i < 5000; i++) {
                    ledger.next(99);
                    arrive(ledger, ledger.next(own));
                    ledger.arrived("");
                }
            });
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

        assertThat(ledger.settle()).isEqualTo(new Ledger.Tally(40_000, 20_000, 20_000, 0, 0, 20_000, 0));
    }

    @Test
    void anEchoOverAPairIsPerfect() {
        Ledger ledger = new Ledger(5, 5000);
        Pair pair = Pair.builder().randomPieces(1000).open();
        pair.server().onEvent(event -> {
            if (event instanceof Event.TextMessage message) {
                pair.server().sendText(message.text());
            } else if (event instanceof Event.BinaryMessage message) {
                pair.server().protocol().sendBinary(message.data());
            }
        });
        for (int i = 0; i < 100; i++) {
            pair.client().send(ledger.next(1));
        }
        pair.client().ping("no message");
        pair.run().client().events().forEach(ledger::arrived);

        assertThat(ledger.settle().isPerfect()).isTrue();
        assertThat(ledger.tally().arrived()).isEqualTo(100);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> new Ledger(1, -1))
                .withMessage("the largest body has -1 bytes, it must not be negative");
        Ledger ledger = new Ledger(1, 0);
        LedgerMessage binary = ledger.next(1);
        while (binary.isText()) {
            binary = ledger.next(1);
        }
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(binary::text)
                .withMessage(binary + " is not text");
    }
}
