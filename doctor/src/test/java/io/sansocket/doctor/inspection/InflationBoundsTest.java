package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.rule.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What inflating may cost: bombs, and the memory of many connections. */
class InflationBoundsTest {
    private static final int MIB = 1024 * 1024;
    private static final Inflation.Listener NOBODY = new Inflation.Listener() {
        @Override
        public void inflated(byte[] bytes, int length) {}

        @Override
        public void breach(Rule rule, int at, String sentence) {
            throw new AssertionError(sentence);
        }
    };

    @Test
    void bombIsAWarningWithItsRatio() {
        byte[] bomb = new Deflated.Zip(false).message(new byte[8 * MIB]);
        var doctor = Deflated.ofServer("", Frames.server(0xc2, bomb));
        assertThat(doctor.findings()).hasSize(1);
        assertThat(doctor.told().get(0)).startsWith("warning message-too-big server frame 1 @");
        assertThat(doctor.findings().get(0).message())
                .contains("message 1 inflates to 8388608 bytes", 8 * MIB / bomb.length + " times the " + bomb.length);
        assertThat(doctor.frames().get(0).payload().head()).hasSize(InspectionOptions.DEFAULT.payloadHead());
        assertThat(doctor.frames().get(0).part().inflated()).isEqualTo(8 * MIB);
    }

    @Test
    void largeMessageOfOrdinaryRatioIsNone() {
        assertThat(Deflated.ofServer("", new Deflated.Zip(false).text("0123456789abcdef\n".repeat(100)))
                        .findings())
                .isEmpty();
    }

    @Test
    void bombsShareAnAllowance() {
        byte[] bomb = Frames.server(0xc2, new Deflated.Zip(false).message(new byte[32 * MIB]));
        var bombs = new ArrayList<byte[]>();
        for (int i = 0; i < 14; i++) {
            bombs.add(bomb);
        }
        bombs.add(new Deflated.Zip(false).text("Hello"));
        var doctor = Deflated.ofServer("; server_no_context_takeover", bombs.toArray(new byte[0][]));
        long inflated = doctor.frames().stream()
                .mapToLong(frame -> frame.part().inflated())
                .sum();
        long free = 14L * bomb.length * Inflation.FREE_RATIO;
        assertThat(inflated).isBetween(Workspace.MAX_EXPANSION, Workspace.MAX_EXPANSION + free);
        assertThat(doctor.findings()).hasSize(14).allMatch(finding -> finding.rule() == Rule.MESSAGE_TOO_BIG);
        assertThat(doctor.findings().get(13).message()).contains("the doctor stops there");
        assertThat(doctor.frames().get(13).payload().isWhole()).isFalse();
        assertThat(doctor.frames().get(14).payload().head()).asString().isEqualTo("Hello");
    }

    @Test
    void directionThatWasIdleLongestGivesWay() {
        var workspace = new Workspace();
        byte[] message = new Deflated.Zip(false).message(incompressible());
        var all = new ArrayList<Inflation>();
        int fitting = (int) (Inflaters.LIMIT / (32 * 1024));
        for (int i = 0; i < fitting + 10; i++) {
            var inflation = new Inflation(DeflateContext.LARGEST, workspace);
            all.add(inflation);
            receive(inflation, message);
            receive(all.get(0), message);
            assertThat(workspace.inflaters.retained()).isLessThanOrEqualTo(Inflaters.LIMIT);
        }
        assertThat(lost(all.subList(0, 1))).isZero();
        assertThat(lost(all.subList(1, 11))).isEqualTo(10);
        assertThat(lost(all)).isBetween(10L, 13L);
        all.forEach(Inflation::release);
        assertThat(workspace.inflaters.retained()).isZero();
    }

    private static byte[] incompressible() {
        byte[] bytes = new byte[40_000];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    private static void receive(Inflation inflation, byte[] message) {
        inflation.beginMessage(1);
        if (inflation.isInflating()) {
            inflation.add(message, message.length, true, NOBODY);
        }
    }

    private static long lost(List<Inflation> inflations) {
        return inflations.stream()
                .filter(inflation -> {
                    inflation.beginMessage(2);
                    return !inflation.isInflating();
                })
                .count();
    }

    @Test
    void nothingIsRetainedWithoutCompressedMessagesAndAfterTheEnd() {
        var workspace = new Workspace();
        var inflation = new Inflation(DeflateContext.LARGEST, workspace);
        assertThat(workspace.inflaters.retained()).isZero();
        receive(inflation, new Deflated.Zip(false).message("Hello"));
        assertThat(workspace.inflaters.retained()).isBetween(5L, 20L);
        inflation.release();
        assertThat(workspace.inflaters.retained()).isZero();
    }
}
