package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.HostileOutcomeTest.PIECES;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.testing.Reachable;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection holds at default limits, in the middle of an attack and behind it, and what a bomb allocates. */
class HostileMemoryTest {
    private static final int SMALL = 64 * 1024;
    private static final int LIMIT = 1 << 20;
    /** Beyond it one kind of pieces has to do. */
    private static final int LARGE = 256 * 1024;
    /** What waits for an application that does not take it: an event of an empty message, of two bytes, is the worst. */
    private static final int EVENT_FOR_A_BYTE = 48;
    /** A request that waits for its answer: names of subprotocols, of two or three bytes, are the worst. */
    private static final int REQUEST_FOR_A_BYTE = 16;

    /** Shapes that are a message, whole or not yet, or data that came too early for one. */
    private static final Set<String> MESSAGES = Set.of(
            "declared-limit",
            "early-data",
            "fragments-up-to-the-limit",
            "four-byte-characters",
            "edges-of-utf-8",
            "invalid-last-byte",
            "one-byte-fragments",
            "fragments-inside-characters",
            "masking-key-zero",
            "refusal-body",
            "refusal-length",
            "tiny-chunks");

    static List<Shape> shapes() {
        return Catalogue.shapes();
    }

    static List<Shape> bombs() {
        return shapes().stream()
                .filter(shape -> shape.id().contains("bomb")
                        && shape.outcome().equals("message-too-big")
                        && !shape.start().streams())
                .toList();
    }

    private static Attack attack(Shape shape, byte[] bytes, int piece, boolean taken) {
        return Attack.on(shape.start(), shape.start().limits(), PermessageDeflate.create(), taken)
                .feed(bytes, piece);
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void aConnectionHoldsAMessageAndLittleMore(Shape shape) {
        for (int part = 1; part <= 4; part += 3) {
            byte[] bytes = shape.bytes(shape.size() / 4 * part);
            for (int piece : part < 4 || bytes.length > LARGE ? new int[] {PIECES[1]} : PIECES) {
                Attack attack = attack(shape, bytes, piece, true);
                Reachable held = Reachable.from(attack.protocol);
                assertThat(held.heap())
                        .as("%d bytes in pieces of %d", bytes.length, piece)
                        .isLessThan(SMALL + 2 * owed(shape, attack, bytes.length));
                assertThat(held.coders()).isLessThanOrEqualTo(1);
            }
        }
    }

    /** Returns how many bytes of an unfinished message a connection holds for its application, at most. */
    private static long owed(Shape shape, Attack attack, int received) {
        if (attack.protocol.isOutputDone()) {
            return 0;
        }
        if (shape.start().inflates()) {
            return Math.min(LIMIT, (long) DeflateShapes.BEST * received);
        }
        return MESSAGES.contains(shape.id()) ? received : 0;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void whatNobodyTakesIsHeldInProportion(Shape shape) {
        byte[] bytes = shape.bytes(Math.min(shape.size(), SMALL / 4));
        for (int piece : PIECES) {
            // Without zlib no more is delivered than came.
            long delivered =
                    shape.start().inflates() ? attack(shape, bytes, piece, true).delivered() : 0;
            Reachable held = Reachable.from(attack(shape, bytes, piece, false).protocol);
            long each = shape.start().isHandshake() ? REQUEST_FOR_A_BYTE : EVENT_FOR_A_BYTE;
            assertThat(held.heap())
                    .as("in pieces of %d", piece)
                    .isLessThan(SMALL + each * bytes.length + 2 * delivered);
        }
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBombAllocatesNoMoreThanTheLimitAnd64KibibytesGarbageCounted(Shape bomb) {
        byte[] bytes = bomb.bytes(bomb.size());
        // A message before the bomb costs its own. The first time counts what the JVM loads once, too.
        long delivered = attack(bomb, bytes, PIECES[0], true).delivered();
        for (int piece : PIECES) {
            assertThat(Work.allocated(bomb.start(), bytes, piece))
                    .as("in pieces of %d", piece)
                    .isLessThan(LIMIT + SMALL + 4 * delivered);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10, 50, 100, 500, DeflateShapes.BEST})
    void aBombHasTheRatioThatItIsNamedAfter(int ratio) {
        int size = LIMIT / ratio;
        assertThat((double) size * ratio / DeflateShapes.data(ratio, size).length)
                .isBetween(0.75 * ratio, 1.3 * ratio);
    }

    /** Lengths are claims: nothing is allocated for one, lawful or not, with bytes behind it or without. */
    @Test
    void aDeclaredLengthCostsNothing() {
        for (int tail : new int[] {0, 1_000}) {
            for (int k = 0; k < Long.SIZE; k++) {
                byte[] bytes = Bytes.join(declaring(1L << k), Bytes.zeros(tail));
                String outcome = k == 63 ? "length-out-of-range" : k > 20 ? "message-too-big" : Shape.GOES_ON;
                for (int piece : PIECES) {
                    Attack attack = attack(Catalogue.shape("declared-limit"), bytes, piece, true);
                    assertThat(Reachable.from(attack.protocol).heap())
                            .as("2^%d", k)
                            .isLessThan(8 * 1024);
                    if (k > 10) {
                        assertThat(attack.outcome()).as("2^%d", k).isEqualTo(outcome);
                    }
                    assertThat(Work.allocated(Shape.Start.SERVER_OPEN, bytes, piece))
                            .isLessThan(SMALL);
                }
            }
        }
    }

    private static byte[] declaring(long length) {
        return length >= 0 && length < 1 << 16
                ? Arrays.copyOf(Bytes.masked(0x82, new byte[(int) length]), length < 126 ? 6 : 8)
                : Bytes.declares(0x82, length);
    }
}
