package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
    private static final long SEED = 11;

    private static List<Stream> streams(int count) {
        var maker = new StreamMaker(SEED);
        return LongStream.range(0, count).mapToObj(maker::make).toList();
    }

    private static Tally compare(List<Stream> streams, Judge core, Judge... peers) {
        var tally = new Tally();
        try (var comparison = new Comparison(core, List.of(peers))) {
            comparison.compare(streams, tally);
        }
        return tally;
    }

    @Test
    void someThousandStreamsLeaveNothingUnexplained() {
        Tally tally = compare(streams(4_000), new SansocketJudge(), new NettyJudge(), new JavaWebSocketJudge());

        assertThat(tally.unexplained()).isEmpty();
        assertThat(tally.seen("netty")).isEqualTo(4_000);
        assertThat(tally.explained("netty")).isGreaterThan(100);
        assertThat(tally.explained("java-websocket")).isGreaterThan(100);
    }

    /** A judge whose verdicts are changed. */
    private record Planted(String name, Judge honest, UnaryOperator<Verdict> bug) implements Judge {
        @Override
        public String version() {
            return "planted";
        }

        @Override
        public List<Verdict> judge(List<Stream> streams) {
            return honest.judge(streams).stream().map(bug).toList();
        }
    }

    private static Verdict withEnd(Verdict verdict, Verdict.End end) {
        return new Verdict(verdict.items(), end, verdict.why());
    }

    private static Verdict withoutLastItem(Verdict verdict) {
        List<Verdict.Item> items = verdict.items();
        return new Verdict(items.subList(0, Math.max(0, items.size() - 1)), verdict.end(), verdict.why());
    }

    private static Verdict withAnotherByte(Verdict verdict) {
        var items = new ArrayList<>(verdict.items());
        if (!items.isEmpty()) {
            Verdict.Item last = items.remove(items.size() - 1);
            items.add(new Verdict.Item(last.type(), last.bytes() + "x"));
        }
        return new Verdict(items, verdict.end(), verdict.why());
    }

    private static Verdict swallowed(Verdict verdict) {
        return verdict.end().fails() ? withEnd(verdict, Verdict.End.EOF) : verdict;
    }

    /** Counts the streams where a bug changes something. */
    private static long changed(List<Stream> streams, UnaryOperator<Verdict> bug) {
        return new SansocketJudge()
                .judge(streams).stream()
                        .filter(verdict -> !bug.apply(verdict).equals(verdict))
                        .count();
    }

    @Nested
    @DisplayName("a bug planted in the core")
    class InTheCore {
        /** Every change must come out, for whatever stream: the reference knows what the core must say. */
        private void expectFound(UnaryOperator<Verdict> bug) {
            List<Stream> streams = streams(2_000);
            long changed = changed(streams, bug);

            Tally tally = compare(streams, new Planted("sansocket", new SansocketJudge(), bug), new NettyJudge());

            assertThat(changed).isGreaterThan(100);
            assertThat(tally.unexplainedCount(Comparison.REFERENCE)).isEqualTo(changed);
        }

        @Test
        void isFoundWhenItSwallowsFailures() {
            expectFound(ComparisonTest::swallowed);
        }

        @Test
        void isFoundWhenItLosesTheLastItem() {
            expectFound(ComparisonTest::withoutLastItem);
        }

        @Test
        void isFoundWhenItChangesAByte() {
            expectFound(ComparisonTest::withAnotherByte);
        }

        @Test
        void isFoundWhenItSendsAnotherCode() {
            expectFound(verdict -> verdict.end().failsWith(1007) ? withEnd(verdict, Verdict.End.fail(1002)) : verdict);
        }

        @Test
        void isFoundWhenItForgetsTheCloseFrame() {
            expectFound(verdict ->
                    verdict.end().ending() == Verdict.Ending.CLOSE ? withEnd(verdict, Verdict.End.EOF) : verdict);
        }

        @Test
        void isFoundWhenItNamesAnotherRuleOrOffset() {
            expectFound(verdict -> verdict.end().fails()
                    ? new Verdict(verdict.items(), verdict.end(), verdict.why().replaceFirst("offset ", "offset 1"))
                    : verdict);
        }
    }

    @Nested
    @DisplayName("a bug planted in a peer")
    class InAPeer {
        /** Lawful streams, without anything that a peer is known to stumble over. */
        private List<Stream> plain() {
            return streams(6_000).stream()
                    .filter(stream -> {
                        Expected expected = Reference.judge(stream);
                        return expected.facts().isEmpty()
                                && !expected.verdict().end().fails()
                                && isWhole(expected);
                    })
                    .toList();
        }

        private boolean isWhole(Expected expected) {
            return !expected.rule().startsWith("incomplete");
        }

        private void expectFound(String peer, UnaryOperator<Verdict> bug) {
            List<Stream> streams = plain();
            long changed = changed(streams, bug);

            Tally tally = compare(streams, new SansocketJudge(), new Planted(peer, new SansocketJudge(), bug));

            assertThat(changed).isGreaterThan(50);
            assertThat(tally.unexplainedCount(peer)).isEqualTo(changed);
        }

        @ParameterizedTest
        @ValueSource(strings = {"netty", "java-websocket", "websockets", "wsproto"})
        void isNoKindWhenItLosesTheLastItem(String peer) {
            expectFound(peer, ComparisonTest::withoutLastItem);
        }

        @ParameterizedTest
        @ValueSource(strings = {"netty", "java-websocket", "websockets", "wsproto"})
        void isNoKindWhenItChangesAByte(String peer) {
            expectFound(peer, ComparisonTest::withAnotherByte);
        }

        @ParameterizedTest
        @ValueSource(strings = {"netty", "java-websocket", "websockets", "wsproto"})
        void isNoKindWhenItFailsForNothing(String peer) {
            expectFound(peer, verdict -> withEnd(verdict, Verdict.End.fail(1011)));
        }

        @ParameterizedTest
        @ValueSource(strings = {"netty", "java-websocket", "websockets", "wsproto"})
        void isNoKindWhenItForgetsTheCloseFrame(String peer) {
            expectFound(
                    peer,
                    verdict -> verdict.end().ending() == Verdict.Ending.CLOSE
                            ? withEnd(verdict, Verdict.End.EOF)
                            : verdict);
        }

        /** Netty fails for these rules on every stream that has a byte behind the one that shows it. */
        @Test
        void isNoKindWhenItSwallowsFailures() {
            List<Stream> streams = streams(6_000).stream()
                    .filter(stream -> {
                        Expected expected = Reference.judge(stream);
                        return List.of(
                                                "unmasked-client-frame",
                                                "masked-server-frame",
                                                "reserved-opcode",
                                                "non-minimal-length")
                                        .contains(expected.rule())
                                && expected.frame().received() > 1
                                && expected.facts().isEmpty();
                    })
                    .toList();

            Tally tally = compare(
                    streams,
                    new SansocketJudge(),
                    new Planted("netty", new SansocketJudge(), ComparisonTest::swallowed));

            assertThat(streams).hasSizeGreaterThan(100);
            assertThat(tally.unexplainedCount("netty")).isEqualTo(streams.size());
        }
    }
}
