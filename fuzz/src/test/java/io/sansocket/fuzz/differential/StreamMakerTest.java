package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StreamMakerTest {
    private static final long SEED = 3;

    private static List<Stream> streams(long seed, int count) {
        var maker = new StreamMaker(seed);
        return LongStream.range(0, count).mapToObj(maker::make).toList();
    }

    @Test
    void theSameSeedAndIndexGiveTheSameStream() {
        var again = new StreamMaker(SEED);
        for (Stream stream : streams(SEED, 500)) {
            assertThat(again.make(stream.index()).toString()).isEqualTo(stream.toString());
        }
    }

    @Test
    void aStreamDoesNotDependOnThoseMadeBefore() {
        // The bytes are written down: another machine and another JDK make the same.
        Stream stream = new StreamMaker(1).make(34);

        assertThat(HexFormat.of().formatHex(stream.bytes())).isEqualTo("8202be6488020dba");
        assertThat(stream.cuts()).containsExactly(3, 4);
    }

    @Test
    void anotherSeedGivesOtherStreams() {
        List<Stream> one = streams(SEED, 200);
        List<Stream> other = streams(SEED + 1, 200);

        long same = LongStream.range(0, 200)
                .filter(i -> Arrays.equals(
                        one.get((int) i).bytes(), other.get((int) i).bytes()))
                .count();

        assertThat(same).isLessThan(10);
    }

    @Test
    void thePiecesAreTheWholeStream() {
        for (Stream stream : streams(SEED, 500)) {
            int length =
                    stream.pieces().stream().mapToInt(piece -> piece.length).sum();

            assertThat(length).isEqualTo(stream.bytes().length);
            assertThat(stream.pieces()).noneMatch(piece -> piece.length == 0);
        }
    }

    @Test
    void everyRuleIsBrokenAndManyStreamsAreLawful() {
        List<String> ends = streams(SEED, 20_000).stream()
                .map(stream -> Reference.judge(stream).rule())
                .toList();

        assertThat(ends)
                .contains(
                        "reserved-bits",
                        "reserved-opcode",
                        "control-frame-fragmented",
                        "control-frame-too-long",
                        "unmasked-client-frame",
                        "masked-server-frame",
                        "non-minimal-length",
                        "length-out-of-range",
                        "unexpected-continuation",
                        "expected-continuation",
                        "invalid-utf8",
                        "invalid-close-code",
                        "invalid-close-payload",
                        "message-too-big",
                        "compressed-data-invalid",
                        "compressed-data-truncated",
                        "incomplete-frame",
                        "incomplete-message",
                        "missing-close-frame");
        assertThat(ends.stream().filter(rule -> rule.isEmpty() || rule.equals("missing-close-frame")))
                .hasSizeGreaterThan(5_000);
    }

    @Test
    void bothRolesAndAllWindowsAreAmongThem() {
        List<Stream> streams = streams(SEED, 2_000);

        assertThat(streams.stream().map(Stream::receiver).distinct()).hasSize(2);
        assertThat(streams.stream()
                        .filter(stream -> stream.deflate() != null)
                        .map(Stream::deflate)
                        .distinct())
                .hasSize(16);
    }
}
