package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Deadlines, stalled frames, and clocks that wrap. */
class TimeTest {
    private static final Duration NANO = Duration.ofNanos(1);

    private Endpoint end = Endpoint.open(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private static Settings quiet(Settings settings) {
        return settings.withTimeouts(settings.timeouts().withKeepalive(Timeouts.OFF, Timeouts.OFF));
    }

    @ParameterizedTest
    @ValueSource(strings = {"81", "81 85", "81 85 37 fa", "81 85 37 fa 21 3d", "81 85 37 fa 21 3d 00"})
    void silenceInsideAFrameIsReportedAfterTheProgressTimeout(String part) {
        end.receive(hex(part)).advance(Duration.ofSeconds(5).minus(NANO)).expectNothing();
        Event.Stalled stalled = end.advance(NANO).next(Event.Stalled.class);
        assertThat(stalled.progress()).isEqualTo(end.protocol.progress());
        assertThat(stalled.progress().header()).isEqualTo(part.length() > 17 ? part.substring(0, 17) : part);
        assertThat(stalled.progress().lastByteAt()).isZero();
    }

    @Test
    void aSilenceIsReportedOnceAndAByteBeginsTheNext() {
        end = Endpoint.open(Role.SERVER, quiet(Settings.SERVER));
        end.receive(hex("81")).advance(Duration.ofSeconds(5)).next(Event.Stalled.class);
        end.advance(Duration.ofHours(1)).expectNothing();
        end.receive(hex("85")).advance(Duration.ofSeconds(5).minus(NANO)).expectNothing();
        end.advance(NANO).next(Event.Stalled.class);
    }

    @Test
    void anEmptyReadIsNoByte() {
        end = Endpoint.open(Role.SERVER, quiet(Settings.SERVER));
        end.receive(hex("81")).advance(Duration.ofSeconds(3)).receive(ByteBuffer.allocate(0));
        assertThat(end.protocol.progress().lastByteAt()).isZero();
        end.advance(Duration.ofSeconds(2)).next(Event.Stalled.class);
        end.receive(ByteBuffer.allocate(0)).advance(Duration.ofHours(1)).expectNothing();
    }

    @Test
    void whoReadsNothingDoesNotBlameThePeer() {
        end.receive(hex("81")).protocol.holdBack();
        end.advance(Duration.ofSeconds(60))
                .expectSent(hex("89 08 00 00 00 00 00 00 00 01"))
                .expectNothing();
        end.receive(hex("80 00 00 00 00")).next(Event.TextMessage.class);
        end.advance(Duration.ofSeconds(20)).expectFailure(1011, "pong-timeout");
    }

    @Test
    void betweenFramesAndFragmentsSilenceIsNoStall() {
        end = Endpoint.open(Role.SERVER, quiet(Settings.SERVER));
        end.receive(frame(Role.CLIENT, 0x01, "a"));
        assertThat(end.protocol.deadline()).isEqualTo(Protocol.NO_DEADLINE);
        end.advance(Duration.ofHours(1)).expectNothing();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aStallMayFailTheConnection(Role role) {
        end = Endpoint.open(role, Endpoint.settings(role).withStallPolicy(StallPolicy.FAIL));
        end.receive(frame(role.peer(), 0x82, "ab"), hex("82")).next(Event.BinaryMessage.class);
        end.advance(Duration.ofSeconds(5)).next(Event.Stalled.class);
        Closed closed = end.expectFailure(1008, "no byte came for 5000 ms in the header of a");
        assertThat(closed.rule()).isEqualTo(Rule.FRAME_STALLED);
        assertThat(closed.violation().offset()).isEqualTo(role == Role.CLIENT ? 5 : 9);
    }

    @Test
    void aStallBehindOurCloseIsTheCloseTimeouts() {
        end.receive(hex("81"));
        end.protocol.close(CloseStatus.NONE, 0);
        end.takeSent();
        end.receive(hex("85")).advance(Duration.ofSeconds(10));
        assertThat(end.expectClosed().rule()).isEqualTo(Rule.CLOSE_TIMEOUT);
    }

    @Test
    void earlyAndLateCallsDoWhatIsDue() {
        end.receive(hex("81"));
        end.protocol.timeout(0);
        end.protocol.timeout(4_999_999_999L);
        end.expectNothing();
        end.now = Duration.ofSeconds(60).toNanos(); // a loop that slept for long
        end.protocol.timeout(end.now);
        end.next(Event.Stalled.class);
        end.settle();
        assertThat(end.takeSent()).hasSize(10); // one Ping, not three
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 12_000_000_000L, Long.MIN_VALUE, -1, 0})
    void theClockMayStartAnywhereAndWrap(long start) {
        end = Endpoint.unopened(Role.SERVER, Settings.SERVER, start);
        end.receive(Wire.head(Wire.REQUEST)).next(Event.HandshakeRequest.class);
        end.advance(Duration.ofSeconds(10).minus(NANO)).accept().next(Event.Opened.class);
        end.takeSent();
        end.advance(Duration.ofSeconds(14)).receive(hex("81"));
        end.advance(Duration.ofSeconds(5)).next(Event.Stalled.class);
        end.advance(Duration.ofSeconds(1).minus(NANO)).expectNothing();
        end.advance(NANO);
        assertThat(end.takeSent()).hasSize(10); // Ping
        end.advance(Duration.ofSeconds(20)).expectFailure(1011, "pong-timeout");
    }

    @Test
    void theEarliestDeadlineIsReported() {
        end = Endpoint.open(Role.SERVER, Settings.SERVER, 1_000);
        assertThat(end.protocol.deadline())
                .isEqualTo(1_000 + Duration.ofSeconds(20).toNanos());
        end.receive(hex("81"));
        assertThat(end.protocol.deadline())
                .isEqualTo(1_000 + Duration.ofSeconds(5).toNanos());
        end.receive(hex("80 00 00 00 00")).next(Event.TextMessage.class);
        assertThat(end.protocol.deadline())
                .isEqualTo(1_000 + Duration.ofSeconds(20).toNanos());
        end.protocol.close(CloseStatus.NONE, 1_000);
        assertThat(end.protocol.deadline())
                .isEqualTo(1_000 + Duration.ofSeconds(10).toNanos());
        end.takeSent();
    }
}
