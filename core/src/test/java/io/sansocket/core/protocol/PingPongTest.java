package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pings and Pongs: the peer's, the application's, and those that keep the connection alive. */
class PingPongTest {
    private static final Duration NANO = Duration.ofNanos(1);

    private Endpoint end = Endpoint.open(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private static byte[] ping(Role sender, String payload) {
        return frame(sender, 0x89, payload);
    }

    private static byte[] pong(Role sender, String payload) {
        return frame(sender, 0x8A, payload);
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(utf8(text));
    }

    private static byte[] keepalivePayload(int number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    @Nested
    @DisplayName("5.5.2 Ping and 5.5.3 Pong")
    class Answers {
        @ParameterizedTest
        @EnumSource(Role.class)
        void aPingIsAnsweredWithItsPayload(Role role) {
            end = Endpoint.open(role);
            end.receive(ping(role.peer(), "x".repeat(125))).expect(new Event.Ping(bytes("x".repeat(125))));
            end.expectSent(pong(role, "x".repeat(125)));
        }

        @Test
        void theAnswerIsThePingsWhateverTheApplicationDoesWithTheEvent() {
            end.block().receive(ping(Role.CLIENT, "abc"));
            end.next(Event.Ping.class).payload().put(0, (byte) 0);
            end.unblock().expectSent(pong(Role.SERVER, "abc"));
        }

        @Test
        void onlyTheLatestOfSeveralPingsIsAnswered() {
            end.block().receive(ping(Role.CLIENT, "1"), ping(Role.CLIENT, "2")).receive(ping(Role.CLIENT, "3"));
            assertThat(end.takeEvents()).hasSize(3);
            end.unblock().expectSent(pong(Role.SERVER, "3"));
        }

        @Test
        void anAnswerWaitsForTheOneBeforeToBeTransmitted() {
            end.block().receive(ping(Role.CLIENT, "1"));
            var one = ByteBuffer.allocate(1);
            end.protocol.transmit(one); // the first Pong is on its way now
            end.receive(ping(Role.CLIENT, "2")).receive(ping(Role.CLIENT, "3"));
            assertThat(end.protocol.bufferedOutput()).isEqualTo(2);
            assertThat(end.takeEvents()).hasSize(3);
            assertThat(end.protocol.transmit(ByteBuffer.allocate(2))).isEqualTo(2);
            assertThat(end.protocol.hasOutput()).isTrue();
            end.unblock().expectSent(pong(Role.SERVER, "3"));
        }

        @Test
        void anAnswerFollowsWhatWasQueuedBefore() {
            end.block().protocol.sendText("a");
            end.receive(ping(Role.CLIENT, "1")).next(Event.Ping.class);
            end.protocol.sendText("b");
            assertThat(end.unblock().takeSent())
                    .isEqualTo(Wire.join(
                            frame(Role.SERVER, 0x81, "a"), frame(Role.SERVER, 0x81, "b"), pong(Role.SERVER, "1")));
        }

        @Test
        void aMillionUnreadPingsLeaveOnePong() {
            ByteBuffer flood = ByteBuffer.wrap(ping(Role.CLIENT, "x".repeat(100)));
            end.block();
            long before = usedHeap();
            for (int i = 0; i < 1_000_000; i++) {
                end.protocol.receive(flood.rewind(), 0);
                end.protocol.gather(8); // an engine that tries to write, in vain
                end.protocol.nextEvent();
            }
            assertThat(end.protocol.bufferedOutput()).isEqualTo(102);
            assertThat(usedHeap() - before).isLessThan(1 << 20);
            assertThat(end.unblock().takeSent()).hasSize(204); // the one on its way, and the latest
        }

        private long usedHeap() {
            Runtime runtime = Runtime.getRuntime();
            System.gc();
            return runtime.totalMemory() - runtime.freeMemory();
        }

        @Test
        void aBurstLeavesNoRoomBehind() {
            end = Endpoint.open(Role.CLIENT);
            ByteBuffer burst = ByteBuffer.allocate(1 << 21);
            while (burst.hasRemaining()) {
                burst.put((byte) 0x8A).put((byte) 0);
            }
            long before = usedHeap();
            end.protocol.receive(burst.flip(), 0);
            int events = 0;
            while (end.protocol.nextEvent() != null) {
                events++;
            }
            assertThat(events).isEqualTo(1 << 20);
            assertThat(usedHeap() - before).isLessThan(1 << 20);
        }

        @Test
        void aPongThatNobodyAskedForIsReported() {
            end.receive(pong(Role.CLIENT, "?")).expect(new Event.Pong(bytes("?"), Event.Pong.UNSOLICITED));
            assertThat(end.protocol.latency()).isEqualTo(-1);
        }

        @Test
        void aPongMayBeSentUnsolicited() {
            end.protocol.sendPong(bytes("!"));
            end.expectSent(pong(Role.SERVER, "!"));
        }
    }

    @Nested
    @DisplayName("Pings of the application")
    class OfTheApplication {
        @Test
        void thePongComesWithItsLatency() {
            end.now = 100;
            ByteBuffer payload = bytes("hi");
            end.protocol.sendPing(payload, end.now);
            assertThat(payload.remaining()).isEqualTo(2);
            end.expectSent(ping(Role.SERVER, "hi")).now = 350;
            end.receive(pong(Role.CLIENT, "hi")).expect(new Event.Pong(bytes("hi"), 250));
            assertThat(end.protocol.latency()).isEqualTo(250);
        }

        @Test
        void aPongAnswersTheEarlierPingsToo() {
            for (String each : new String[] {"1", "2", "3"}) {
                end.protocol.sendPing(bytes(each), end.now++);
            }
            end.takeSent();
            end.receive(pong(Role.CLIENT, "2")).expect(new Event.Pong(bytes("2"), 2));
            end.receive(pong(Role.CLIENT, "1")).expect(new Event.Pong(bytes("1"), -1));
            end.receive(pong(Role.CLIENT, "3")).expect(new Event.Pong(bytes("3"), 1));
        }

        @Test
        void pingsOfOnePayloadAreAnsweredInOrder() {
            end.protocol.sendPing(bytes(""), 0);
            end.protocol.sendPing(bytes(""), 10);
            end.takeSent();
            end.now = 20;
            end.receive(pong(Role.CLIENT, ""), pong(Role.CLIENT, ""))
                    .expect(new Event.Pong(bytes(""), 20), new Event.Pong(bytes(""), 10));
        }

        @Test
        void asManyAsTheLimitMayWait() {
            for (int i = 0; i < 16; i++) {
                end.protocol.sendPing(bytes("x"), 0);
            }
            end.takeSent();
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.protocol.sendPing(bytes("x"), 0))
                    .withMessage("16 pings wait for their pong, the limit is 16");
            end.expectNothing().receive(pong(Role.CLIENT, "x")).next(Event.Pong.class);
            end.protocol.sendPing(bytes("x"), 0);
            end.takeSent();
        }

        @Test
        void payloadsHaveAtMost125Bytes() {
            end.protocol.sendPing(bytes("x".repeat(125)), 0);
            end.protocol.sendPong(bytes("x".repeat(125)));
            assertThat(end.takeSent()).hasSize(2 * 127);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> end.protocol.sendPing(bytes("x".repeat(126)), 0))
                    .withMessage("control frame payload is 126 bytes, the limit is 125 (RFC 6455 §5.5)");
            assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.sendPong(bytes("x".repeat(126))));
        }

        @Test
        void aPongMayComeBehindOurClose() {
            end.protocol.sendPing(bytes("hi"), 0);
            end.protocol.close(CloseStatus.NONE, 0);
            end.takeSent();
            end.now = 7;
            end.receive(pong(Role.CLIENT, "hi")).expect(new Event.Pong(bytes("hi"), 7));
            end.reset().next(Closed.class);
        }
    }

    @Nested
    @DisplayName("Keepalive")
    class Alive {
        @ParameterizedTest
        @EnumSource(Role.class)
        void aPingIsSentAtEachInterval(Role role) {
            end = Endpoint.open(role);
            end.advance(Duration.ofSeconds(20).minus(NANO)).expectNothing();
            end.advance(NANO).expectSent(frame(role, 0x89, keepalivePayload(1)));
            end.advance(Duration.ofNanos(500)).receive(frame(role.peer(), 0x8A, keepalivePayload(1)));
            end.expectNothing();
            assertThat(end.protocol.latency()).isEqualTo(500);
            end.advance(Duration.ofSeconds(20).minusNanos(501)).expectNothing();
            end.advance(NANO).expectSent(frame(role, 0x89, keepalivePayload(2)));
        }

        @Test
        void aPongThatDoesNotComeInTimeFailsTheConnection() {
            end.advance(Duration.ofSeconds(19)).receive(frame(Role.CLIENT, 0x81, "a"));
            end.expect(new Event.TextMessage("a"));
            end.advance(Duration.ofSeconds(1)).takeSent();
            end.advance(Duration.ofSeconds(20).minus(NANO)).expectNothing();
            end.advance(NANO);
            Closed closed = end.expectFailure(1011, "pong-timeout");
            assertThat(closed.violation().message())
                    .isEqualTo("no Pong came for 20000 ms, the last byte came 21000 ms ago");
        }

        /** A Pong cannot overtake what was sent before it, and who sends is not gone. */
        @Test
        void whateverComesExtendsThePongTimeout() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            for (int i = 0; i < 10; i++) {
                end.advance(Duration.ofSeconds(20).minus(NANO)).receive(frame(Role.CLIENT, 0x81, "a"));
                end.expect(new Event.TextMessage("a"));
            }
            assertThat(end.takeSent()).as("no other Ping before the Pong").isEmpty();
            end.advance(Duration.ofSeconds(20).minus(NANO)).expectNothing();
            end.advance(NANO);
            assertThat(end.expectFailure(1011, "pong-timeout").violation().message())
                    .isEqualTo("no Pong came for 20000 ms, the last byte came 20000 ms ago");
        }

        @Test
        void aPongInTheLastNanosecondIsInTime() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            end.advance(Duration.ofSeconds(20).minus(NANO)).receive(frame(Role.CLIENT, 0x8A, keepalivePayload(1)));
            end.advance(NANO).expectSent(frame(Role.SERVER, 0x89, keepalivePayload(2)));
        }

        @Test
        void thePongTimeoutMayBeLongerThanTheInterval() {
            end = Endpoint.open(
                    Role.SERVER,
                    Settings.SERVER.withTimeouts(
                            Timeouts.DEFAULT.withKeepalive(Duration.ofSeconds(1), Duration.ofMillis(2500))));
            end.advance(Duration.ofSeconds(1)).takeSent();
            end.advance(Duration.ofMillis(2499)).expectNothing();
            end.advance(Duration.ofMillis(1)).expectFailure(1011, "pong-timeout");
        }

        @Test
        void aPongToALaterPingOfTheApplicationIsOneToo() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            end.protocol.sendPing(bytes("x"), end.now);
            end.takeSent();
            end.receive(pong(Role.CLIENT, "x")).next(Event.Pong.class);
            end.advance(Duration.ofSeconds(20)).expectSent(frame(Role.SERVER, 0x89, keepalivePayload(2)));
        }

        @Test
        void thePongToAKeepalivePingAnswersTheApplicationsBeforeIt() {
            end.protocol.sendPing(bytes("x"), end.now);
            end.protocol.sendPing(bytes("y"), end.now + 1);
            end.takeSent();
            end.advance(Duration.ofSeconds(20)).takeSent();
            end.now += 7;
            end.receive(frame(Role.CLIENT, 0x8A, keepalivePayload(1)));
            end.expect(new Event.Pong(bytes("y"), Duration.ofSeconds(20).toNanos() + 6));
            assertThat(end.protocol.latency()).isEqualTo(7);
        }

        @Test
        void theApplicationsLimitDoesNotCountKeepalivePings() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            for (int i = 0; i < 16; i++) {
                end.protocol.sendPing(bytes("x"), end.now);
            }
            end.takeSent();
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aFrameThatIsComingInExtendsThePongTimeout(Role role) {
            end = Endpoint.open(
                    role, Endpoint.settings(role).withTimeouts(Timeouts.DEFAULT.withProgress(Timeouts.OFF)));
            end.advance(Duration.ofSeconds(20)).takeSent();
            byte[] large = frame(role.peer(), 0x82, new byte[1000]);
            end.advance(Duration.ofSeconds(15)).receive(java.util.Arrays.copyOf(large, 1)); // in the header
            end.advance(Duration.ofSeconds(20).minus(NANO)).expectNothing();
            end.receive(java.util.Arrays.copyOfRange(large, 1, 900));
            end.advance(Duration.ofSeconds(20).minus(NANO)).expectNothing();
            end.receive(
                    java.util.Arrays.copyOfRange(large, 900, large.length),
                    frame(role.peer(), 0x8A, keepalivePayload(1)));
            end.next(Event.BinaryMessage.class);
            end.advance(NANO).expectNothing();
            assertThat(end.advance(Duration.ofSeconds(6)).takeSent()).isNotEmpty(); // the next Ping
        }

        @Test
        void aFrameThatStopsComingDoesNot() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            end.advance(Duration.ofSeconds(15)).receive(frame(Role.CLIENT, 0x01, "a"), new byte[] {0});
            end.advance(Duration.ofSeconds(20).minus(NANO)).next(Event.Stalled.class);
            end.expectNothing().advance(NANO);
            assertThat(end.expectFailure(1011, "pong-timeout").violation().message())
                    .isEqualTo("no Pong came for 20000 ms, the last byte came 20000 ms ago");
        }

        @Test
        void withoutAPongTimeoutPingsGoOnAndNothingGathers() {
            end = Endpoint.open(
                    Role.SERVER,
                    Settings.SERVER.withTimeouts(Timeouts.DEFAULT.withKeepalive(Duration.ofSeconds(1), Timeouts.OFF)));
            for (int i = 1; i <= 100; i++) {
                end.advance(Duration.ofSeconds(1)).expectSent(frame(Role.SERVER, 0x89, keepalivePayload(i)));
            }
            end.receive(frame(Role.CLIENT, 0x8A, keepalivePayload(100))).expectNothing();
            end.receive(frame(Role.CLIENT, 0x8A, keepalivePayload(99))).next(Event.Pong.class);
        }

        @Test
        void itEndsWhenClosingBegins() {
            end.advance(Duration.ofSeconds(20)).takeSent();
            end.protocol.close(CloseStatus.NONE, end.now);
            end.takeSent();
            end.receive(frame(Role.CLIENT, 0x8A, keepalivePayload(1))).expectNothing();
            assertThat(end.protocol.latency()).isZero();
            assertThat(end.advance(Duration.ofMinutes(5)).expectClosed().rule()).isEqualTo(Rule.CLOSE_TIMEOUT);
        }

        @Test
        void aPongToAnEarlierPingDoesNotAnswerTheKeepalives() {
            end.protocol.sendPing(bytes("x"), end.now);
            end.advance(Duration.ofSeconds(20));
            assertThat(end.takeSent()).hasSize(3 + 10);
            end.receive(pong(Role.CLIENT, "x")).next(Event.Pong.class);
            end.advance(Duration.ofSeconds(20)).expectFailure(1011, "pong-timeout");
        }

        @Test
        void beforeTheFirstPingNothingIsMeasured() {
            assertThat(end.protocol.latency()).isEqualTo(-1);
        }

        @Test
        void itMayBeOff() {
            end = Endpoint.open(
                    Role.CLIENT,
                    Settings.CLIENT.withTimeouts(Timeouts.DEFAULT.withKeepalive(Timeouts.OFF, Timeouts.OFF)));
            assertThat(end.protocol.deadline()).isEqualTo(Protocol.NO_DEADLINE);
            end.advance(Duration.ofDays(1)).expectNothing();
        }
    }

    @Test
    void aPairKeepsItselfAlive() {
        Pair pair = Pair.open().advance(Duration.ofHours(1));
        pair.client().takeEvents();
        assertThat(pair.server().takeEvents()).hasSize(180); // the client's Pings
        pair.assertExhausted();
    }
}
