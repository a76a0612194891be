package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.HostileOutcomeTest.PIECES;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.hostile.Shape.Start;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Work and allocations are linear in the bytes that come, however they come; counted, not timed. */
class HostileCostTest {
    // Bounds for each byte that the peer sent or that zlib made of it; the worst shapes stay just below them.
    private static final int STEPS = 110;
    private static final int COPIED = 16;
    private static final int ALLOCATED = 256;
    /** A window for each two bytes: no block, and so no end of a stream, is shorter. */
    private static final int PRIMED = 32 * 1024 / 2;

    private static final int CONSTANT = 64 * 1024;
    private static final int MOST = 8 * 1024;
    /** Lists double, and limits end some shapes: so much more may the second half cost than twice the quarter before it. */
    private static final double SLACK = 1.4;

    static List<Shape> shapes() {
        return Catalogue.shapes();
    }

    /** Returns the size that an attack is measured up to, at limits that are out of reach. */
    static int size(Shape shape) {
        return shape.start() == Start.SERVER_HEAD ? shape.size() : Math.min(shape.size(), MOST);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void stepsAndCopiesAreLinearAndFew(Shape shape) {
        int size = size(shape);
        byte[][] bytes = {shape.bytes(size / 4), shape.bytes(size / 2), shape.bytes(size)};
        // The first time counts what classes do once.
        Work.of(shape.start(), bytes[0], PIECES[0]);
        for (int piece : PIECES) {
            List<Work> works = works(i -> Work.of(shape.start(), bytes[i], piece));
            assertThat(isLinear(works)).as("in pieces of %d: %s", piece, works).isTrue();
            for (Work work : works) {
                assertThat(work.steps()).isLessThan(STEPS * work.bytes() + CONSTANT);
                assertThat(work.copied()).isLessThan(COPIED * work.bytes() + CONSTANT);
                assertThat(work.primed()).isLessThan(PRIMED * work.received() + CONSTANT);
            }
        }
    }

    private static List<Work> works(IntFunction<Work> measure) {
        return Stream.of(0, 1, 2).map(measure::apply).toList();
    }

    /** Tells whether the second half of the bytes costs no more than they should after what the second quarter did. */
    private static boolean isLinear(List<Work> quarterHalfAll) {
        return Stream.<ToLongFunction<Work>>of(Work::steps, Work::copied, Work::primed)
                .allMatch(measure -> {
                    long[] cost = quarterHalfAll.stream().mapToLong(measure).toArray();
                    long[] bytes =
                            quarterHalfAll.stream().mapToLong(Work::received).toArray();
                    double expected =
                            (double) (cost[1] - cost[0]) * (bytes[2] - bytes[1]) / Math.max(1, bytes[1] - bytes[0]);
                    return cost[2] - cost[1] <= SLACK * expected + CONSTANT;
                });
    }

    @Test
    void whatLooksOrCopiesAgainForEachByteIsFound() {
        for (Planted planted : Planted.values()) {
            List<Work> works = works(i -> Work.ofPlanted(planted.name(), new byte[1_024 << i]));
            assertThat(isLinear(works)).as("%s: %s", planted, works).isEqualTo(planted == Planted.LINEAR);
        }
    }

    @Test
    void stepsAreCountedExactly() {
        Work work = Work.ofPlanted(Planted.LOOKS_AGAIN.name(), new byte[100]);
        // Loops of 100 rounds, and of 0, 1, 2, … 99; at most a few calls around them.
        assertThat(work.steps() - 100 - 99 * 100 / 2).isBetween(1L, 8L);
        assertThat(Work.ofPlanted(Planted.COPIES_AGAIN.name(), new byte[100]).copied())
                .isEqualTo(100 * 101 / 2);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void allocationsAreLinear(Shape shape) {
        int size = size(shape);
        byte[] all = shape.bytes(size);
        long inflated = shape.start().inflates()
                ? Work.of(shape.start(), all, PIECES[0]).inflated()
                : 0;
        // The first time counts what the JVM loads once.
        Work.allocated(shape.start(), shape.bytes(size / 4), PIECES[0]);
        for (int piece : PIECES) {
            assertThat(Work.allocated(shape.start(), all, piece))
                    .as("in pieces of %d", piece)
                    .isLessThan((long) ALLOCATED * all.length + 8 * inflated + CONSTANT);
        }
    }
}
