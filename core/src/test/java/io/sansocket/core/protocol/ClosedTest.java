package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Progress;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The terminal event as a value. */
class ClosedTest {
    private static final CloseStatus BYE = new CloseStatus(1000, "bye");
    private static final Violation BROKEN = new Violation(Rule.CLOSE_TIMEOUT, 7, "late");

    private static Closed closed(boolean sent, boolean received, boolean broken, long unsent) {
        return new Closed(
                sent ? BYE : null,
                received ? BYE : null,
                true,
                TransportEnd.LOCAL,
                broken ? BROKEN : null,
                Progress.ofHandshake(3, 0, "somewhere"),
                unsent);
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, false, 0, true",
        "false, true, false, 0, false",
        "true, false, false, 0, false",
        "true, true, true, 0, false",
        "true, true, false, 1, false"
    })
    void cleanIsWithBothCloseFramesOutAndNothingBroken(
            boolean sent, boolean received, boolean broken, long unsent, boolean clean) {
        Closed closed = closed(sent, received, broken, unsent);
        assertThat(closed.isClean()).isEqualTo(clean);
        assertThat(closed.closeCode()).isEqualTo(received ? 1000 : 1006);
        assertThat(closed.rule()).isEqualTo(broken ? Rule.CLOSE_TIMEOUT : null);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, true, true",
        "1001, true, true",
        "1005, true, true",
        "1009, true, false",
        "1011, true, false",
        "4000, true, false",
        "4000, false, true",
        "1011, false, true"
    })
    void ordinaryIsWhatAPeerThatClosesFirstGivesNoOtherReasonFor(int code, boolean peerFirst, boolean ordinary) {
        var progress = Progress.ofHandshake(3, 0, "somewhere");
        var status = new CloseStatus(code, "");
        var closed = new Closed(status, status, peerFirst, TransportEnd.LOCAL, null, progress, 0);
        assertThat(closed.isOrdinary()).isEqualTo(ordinary);
        var unclean = new Closed(status, status, peerFirst, TransportEnd.LOCAL, null, progress, 1);
        assertThat(unclean.isOrdinary()).isFalse();
    }

    @Test
    void itIsALine() {
        assertThat(closed(false, true, true, 2))
                .hasToString("closed abnormally: close-timeout at offset 7: late (RFC 6455 §7.1.1);"
                        + " this end closed the connection; Close received: 1000 (normal closure) \"bye\";"
                        + " Close sent: none; somewhere; 2 bytes were not transmitted");
    }
}
