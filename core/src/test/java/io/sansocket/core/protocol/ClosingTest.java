package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.close;
import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The closing handshake, failing, and the ends of the transport in each state. */
class ClosingTest {
    private static final CloseStatus BYE = new CloseStatus(1000, "bye");
    private static final CloseStatus AWAY = new CloseStatus(1001, "away");

    private Endpoint end = Endpoint.open(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private Endpoint open(Role role) {
        end = Endpoint.open(role);
        return end;
    }

    @Nested
    @DisplayName("7.1 The closing handshake")
    class Handshake {
        @ParameterizedTest
        @EnumSource(Role.class)
        void eitherSideMayBegin(Role role) {
            Pair pair = Pair.open();
            Endpoint first = role == Role.CLIENT ? pair.client() : pair.server();
            Endpoint second = role == Role.CLIENT ? pair.server() : pair.client();
            first.protocol.close(BYE, 0);
            assertThat(first.protocol.progress().toString())
                    .isEqualTo("Close 1000 (normal closure) \"bye\" is sent; waiting for the peer's");
            pair.run();
            Closed at1 = first.expectClosed();
            assertThat(at1.sent()).isEqualTo(BYE);
            assertThat(at1.received()).isEqualTo(CloseStatus.of(1000));
            assertThat(at1.peerFirst()).isFalse();
            assertThat(at1.isClean()).isTrue();
            assertThat(at1.closeCode()).isEqualTo(1000);
            Closed at2 = second.expectClosed();
            assertThat(at2.sent()).isEqualTo(CloseStatus.of(1000));
            assertThat(at2.received()).isEqualTo(BYE);
            assertThat(at2.peerFirst()).isTrue();
            assertThat(at2.isClean()).isTrue();
            assertThat(pair.client() == first ? at1.transportEnd() : at2.transportEnd())
                    .isEqualTo(TransportEnd.PEER_EOF);
            assertThat(pair.server() == first ? at1.transportEnd() : at2.transportEnd())
                    .isEqualTo(TransportEnd.LOCAL);
            pair.assertExhausted();
        }

        @Test
        void bothMayBeginAtOnce() {
            Pair pair = Pair.open();
            pair.client().protocol.close(BYE, 0);
            pair.server().protocol.close(AWAY, 0);
            pair.run();
            Closed atClient = pair.client().expectClosed();
            assertThat(atClient.sent()).isEqualTo(BYE);
            assertThat(atClient.received()).isEqualTo(AWAY);
            Closed atServer = pair.server().expectClosed();
            assertThat(atServer.sent()).isEqualTo(AWAY);
            assertThat(atServer.received()).isEqualTo(BYE);
            assertThat(atServer.peerFirst() || atClient.peerFirst()).isFalse();
            assertThat(atServer.isClean() && atClient.isClean()).isTrue();
            pair.assertExhausted();
        }

        @Test
        void theServerEndsTheTransportAndTheClientWaits() {
            open(Role.SERVER).receive(close(Role.CLIENT, 1000, "bye")).expectSent(close(Role.SERVER, 1000, ""));
            Closed closed = end.expectClosed();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL);
            assertThat(closed.progress().phase()).isEqualTo(Phase.CLOSING);
            assertThat(closed.toString())
                    .isEqualTo("closed cleanly; this end closed the connection; Close received: 1000 (normal closure)"
                            + " \"bye\"; Close sent: 1000 (normal closure); the closing handshake is done");

            open(Role.CLIENT).receive(close(Role.SERVER, 1000, "bye")).expectSent(close(Role.CLIENT, 1000, ""));
            end.expectNothing();
            assertThat(end.protocol.isOutputDone()).isFalse();
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("the closing handshake is done; waiting for the peer to close");
            assertThat(end.eof().expectClosed().transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        }

        @Test
        void theServersCloseFrameLastOfAllEndsIt() {
            open(Role.SERVER).protocol.close(BYE, 0);
            end.expectSent(close(Role.SERVER, 1000, "bye")).receive(close(Role.CLIENT, 1000, ""));
            Closed closed = end.expectClosed();
            assertThat(closed.isClean()).isTrue();
            assertThat(closed.progress().inFrame()).isFalse();
            assertThat(closed.progress().offset()).isEqualTo(8);
        }

        @Test
        void aServerWhoseCloseIsOutEndsWithTheBytesOfThePeers() {
            end.protocol.close(BYE, 0);
            end.takeSent();
            end.block().receive(close(Role.CLIENT, 1000, ""));
            assertThat(end.expectClosed().transportEnd()).isEqualTo(TransportEnd.LOCAL);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void anEmptyCloseIsAnsweredWithAnEmptyOne(Role role) {
            open(role).receive(frame(role.peer(), 0x88, "")).expectSent(frame(role, 0x88, ""));
            Closed closed = end.eof().expectClosed();
            assertThat(closed.received()).isEqualTo(CloseStatus.NONE);
            assertThat(closed.closeCode()).isEqualTo(CloseCode.NO_STATUS_RECEIVED);
            assertThat(closed.isClean()).isTrue();
        }

        @Test
        void anEmptyCloseMayBeSent() {
            end.protocol.close(CloseStatus.NONE, 0);
            end.expectSent(hex("88 00"));
            end.protocol.close(BYE, 0);
            end.expectNothing().eof().next(Closed.class);
        }

        @Test
        void messagesMayComeUntilThePeersClose() {
            end.protocol.close(BYE, 0);
            end.takeSent();
            end.receive(frame(Role.CLIENT, 0x81, "late"), frame(Role.CLIENT, 0x89, ""))
                    .expect(new Event.TextMessage("late"), new Event.Ping(ByteBuffer.allocate(0)));
            end.expectSent().receive(close(Role.CLIENT, 1000, "")).expectClosed();
        }

        @Test
        void dataBehindTheCloseIsDropped() {
            open(Role.CLIENT).receive(close(Role.SERVER, 1000, ""), frame(Role.SERVER, 0x81, "late"), hex("ff ff"));
            end.expectSent(close(Role.CLIENT, 1000, ""))
                    .receive(frame(Role.SERVER, 0x81, "later"))
                    .expectNothing();
            assertThat(end.eof().expectClosed().isClean()).isTrue();
        }

        @Test
        void bytesThatAreDroppedAreTakenToo() {
            ByteBuffer in = ByteBuffer.wrap(Wire.join(frame(Role.CLIENT, 0x88, ""), frame(Role.CLIENT, 0x81, "late")));
            end.receive(in);
            assertThat(in.hasRemaining()).isFalse();
            end.takeSent();
            end.expectClosed();
        }

        @Test
        void aMessageThatIsBeingSentDoesNotDelayTheAnswer() {
            end.protocol.sendTextFragment("a", FragmentKind.MORE);
            end.takeSent();
            end.receive(close(Role.CLIENT, 1000, "")).expectSent(close(Role.SERVER, 1000, ""));
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.protocol.sendTextFragment("b", FragmentKind.FINAL))
                    .withMessageContaining("the connection is not open");
            end.expectClosed();
        }

        @Test
        void whatWasQueuedComesBeforeOurClose() {
            end.block().protocol.sendText("a");
            end.protocol.close(BYE, 0);
            end.unblock().expectSent(frame(Role.SERVER, 0x81, "a"), close(Role.SERVER, 1000, "bye"));
            end.reset().next(Closed.class);
        }

        @Test
        void aPingThatWaitsIsAnsweredBeforeOurClose() {
            end.block().receive(frame(Role.CLIENT, 0x89, "p")).next(Event.Ping.class);
            end.protocol.close(BYE, 0);
            end.unblock().expectSent(frame(Role.SERVER, 0x8A, "p"), close(Role.SERVER, 1000, "bye"));
            end.reset().next(Closed.class);
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void aCodeThatMustNotBeSentIsRefusedInEveryState(Role role) {
            var bad = new CloseStatus(1006, "");
            var reasonAlone = new CloseStatus(CloseCode.NO_STATUS_RECEIVED, "x");
            for (Endpoint each : new Endpoint[] {
                Endpoint.unopened(role), open(role), Endpoint.open(role).reset()
            }) {
                assertThatIllegalArgumentException().isThrownBy(() -> each.protocol.close(bad, 0));
                assertThatIllegalArgumentException().isThrownBy(() -> each.protocol.close(reasonAlone, 0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.protocol.close(new CloseStatus(1000, "\uD800"), 0));
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> each.protocol.close(new CloseStatus(1000, "x".repeat(124)), 0));
            }
            end.expectNothing().protocol.sendText("open still");
            end.takeSent();
        }

        @Test
        void thePeersReasonCannotForgeALine() {
            end.receive(close(Role.CLIENT, 1000, "a\r\n\u001b[2J")).takeSent();
            assertThat(end.expectClosed().toString())
                    .doesNotContain("\r")
                    .doesNotContain("\n")
                    .doesNotContain("\u001b");
        }
    }

    @Nested
    @DisplayName("7.1.1 The close timeout")
    class Timeout {
        @ParameterizedTest
        @EnumSource(Role.class)
        void aCloseThatIsNotAnsweredInTime(Role role) {
            open(role).protocol.close(BYE, 0);
            end.takeSent();
            end.advance(Duration.ofSeconds(9))
                    .receive(frame(role.peer(), 0x81, "a"))
                    .next(Event.TextMessage.class);
            end.advance(Duration.ofNanos(999_999_999)).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.CLOSE_TIMEOUT);
            assertThat(closed.violation().message()).startsWith("no Close frame answered ours for 10000 ms ");
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
            assertThat(closed.sent()).isEqualTo(BYE);
            assertThat(closed.received()).isNull();
        }

        @Test
        void aServerThatDoesNotEndTheTransport() {
            open(Role.CLIENT).receive(close(Role.SERVER, 1000, "")).takeSent();
            end.advance(Duration.ofNanos(9_999_999_999L)).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.isClean()).isTrue();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
        }

        @Test
        void aPeerThatDoesNotReadOurAnswer() {
            end.block().receive(close(Role.CLIENT, 1000, "")).expectNoEvent();
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("the closing handshake is done; 4 bytes wait to be transmitted");
            Closed closed = end.advance(Duration.ofSeconds(10)).expectClosed();
            assertThat(closed.unsent()).isEqualTo(4);
            assertThat(closed.isClean()).isFalse();
            assertThat(closed.toString()).startsWith("closed abnormally; ").endsWith("; 4 bytes were not transmitted");
        }

        @Test
        void aPeerThatStaysAfterItBrokeARule() {
            end.receive(hex("83 00")).takeSent();
            end.advance(Duration.ofNanos(9_999_999_999L)).receive(hex("00")).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.RESERVED_OPCODE);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
        }
    }

    @Nested
    @DisplayName("7.1.7 Fail the WebSocket Connection")
    class Failing {
        @ParameterizedTest
        @EnumSource(Role.class)
        void aBrokenRuleIsNamedInOurClose(Role role) {
            open(role).receive(frame(role.peer(), 0x93, ""));
            assertThat(end.protocol.progress().toString())
                    .startsWith("reserved-bits at offset 0: ")
                    .contains("; waiting for the peer to close; in the header of a frame at offset 0: 1 of at least 2");
            Closed closed = end.expectFailure(1002, "reserved-bits");
            assertThat(closed.received()).isNull();
            assertThat(closed.closeCode()).isEqualTo(1006);
            assertThat(closed.progress().header()).isEqualTo("93");
        }

        @Test
        void nothingBehindTheBrokenRuleIsRead() {
            end.receive(frame(Role.CLIENT, 0x81, "a"), hex("01 00"), close(Role.CLIENT, 1000, ""))
                    .expect(new Event.TextMessage("a"));
            end.expectFailure(1002, "unmasked-client-frame");
        }

        @ParameterizedTest
        @CsvSource({"a, 123", "ä, 122", "€, 122", "😀, 122"}) // "invalid-utf8: " is 14 bytes, 109 are left
        void theReasonIsCutAtACharacterTo123Bytes(String character, int length) {
            var output = new OutputQueue();
            var sender = new FrameSender(output, Limits.SERVER, null);
            var connection = new Connection(Role.SERVER, Settings.SERVER, sender, output, 0);
            connection.open(new Event.Opened(null, null, null, List.of()), List.of());
            connection.fail(new Violation(Rule.INVALID_UTF8, 0, character.repeat(120)));
            byte[] sent = new byte[2 + 2 + length];
            assertThat(output.size()).isEqualTo(sent.length);
            output.transmit(ByteBuffer.wrap(sent));
            String reason = new String(sent, 4, length, StandardCharsets.UTF_8);
            assertThat(reason).startsWith("invalid-utf8: ").endsWith(character);
        }

        @Test
        void ourCloseIsNotSentTwice() {
            end.protocol.close(BYE, 0);
            end.takeSent();
            end.receive(hex("83 00")).expectNothing();
            Closed closed = end.eof().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.RESERVED_OPCODE);
            assertThat(closed.sent()).isEqualTo(BYE);
        }

        @Test
        void aCloseFrameThatBreaksARuleIsNotReceived() {
            end.receive(frame(Role.CLIENT, 0x88, hex("03")));
            assertThat(end.expectFailure(1002, "a close frame has a payload of 1 byte")
                            .received())
                    .isNull();
            open(Role.SERVER).receive(frame(Role.CLIENT, 0x88, hex("03 e8 c3")));
            Closed closed = end.expectFailure(1007, "a close frame's reason ends inside a character, 1 bytes short");
            assertThat(closed.violation().offset()).isEqualTo(9);
        }
    }

    /** What an engine does when a handler of the application throws. */
    @ParameterizedTest
    @EnumSource(Role.class)
    void anInternalErrorOfThisEndMayBeTold(Role role) {
        open(role).protocol.close(new CloseStatus(1011, "the handler failed"), 0);
        end.expectSent(close(role, 1011, "the handler failed"));
        assertThat(end.receive(close(role.peer(), 1011, ""))
                        .eof()
                        .expectClosed()
                        .sent())
                .isEqualTo(new CloseStatus(1011, "the handler failed"));
    }

    @Nested
    @DisplayName("The transport ends")
    class Transport {
        @ParameterizedTest
        @EnumSource(
                value = TransportEnd.class,
                names = {"LOCAL", "LOCAL_TIMEOUT"},
                mode = EnumSource.Mode.EXCLUDE)
        void insideAPayload(TransportEnd how) {
            open(Role.CLIENT).receive(frame(Role.SERVER, 0x81, "x".repeat(125)), hex("81 7e 00 ca"), new byte[199]);
            end.next(Event.TextMessage.class);
            String where = "in the payload of a text frame at offset 127: 199 of 202 bytes received, 3 missing,"
                    + " header 81 7e 00 ca";
            assertThat(end.protocol.progress().toString()).isEqualTo(where);
            Closed closed = end.end(how).expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
            assertThat(closed.violation().offset()).isEqualTo(127);
            assertThat(closed.progress().phase()).isEqualTo(Phase.IN_PAYLOAD);
            assertThat(closed.progress().missing()).isEqualTo(3);
            assertThat(closed.transportEnd()).isEqualTo(how);
            assertThat(closed.toString())
                    .isEqualTo("closed abnormally: incomplete-frame at offset 127: " + how + " " + where
                            + " (RFC 6455 §7.1.7); " + how + "; Close received: none; Close sent: none");
            assertThat(end.protocol.progress().phase()).isEqualTo(Phase.CLOSED);
        }

        @Test
        void betweenFragments() {
            Closed closed = end.receive(frame(Role.CLIENT, 0x01, "abc")).eof().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.INCOMPLETE_MESSAGE);
            assertThat(closed.progress().phase()).isEqualTo(Phase.BETWEEN_FRAGMENTS);
            assertThat(closed.progress().messageBytes()).isEqualTo(3);
            assertThat(closed.progress().fragments()).isEqualTo(1);
        }

        @Test
        void betweenMessages() {
            Closed closed = end.eof().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.MISSING_CLOSE_FRAME);
            assertThat(closed.violation().message())
                    .startsWith("the peer ended the stream (FIN) without a Close frame between frames at offset 0");
            assertThat(closed.progress().phase()).isEqualTo(Phase.BETWEEN_FRAMES);
            assertThat(closed.closeCode()).isEqualTo(1006);
            assertThat(closed.isClean()).isFalse();
        }

        @Test
        void whileOurCloseIsNotAnswered() {
            end.protocol.close(BYE, 0);
            end.takeSent();
            Closed closed = end.receive(hex("81")).eof().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
            assertThat(closed.progress().phase()).isEqualTo(Phase.CLOSING);
            assertThat(closed.progress().toString())
                    .isEqualTo("Close 1000 (normal closure) \"bye\" is sent; in the header of a text frame at offset 0:"
                            + " 1 of at least 2 bytes received, header 81");
        }

        @Test
        void aResetBehindBothCloseFramesIsStillClean() {
            open(Role.CLIENT).receive(close(Role.SERVER, 1000, "")).takeSent();
            Closed closed = end.reset().expectClosed();
            assertThat(closed.isClean()).isTrue();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_RESET);
        }

        @Test
        void aResetBeforeOurAnswerIsTransmittedIsNotClean() {
            end.block().receive(close(Role.CLIENT, 1000, "")).reset();
            Closed closed = end.expectClosed();
            assertThat(closed.isClean()).isFalse();
            assertThat(closed.unsent()).isEqualTo(4);
        }

        @ParameterizedTest
        @CsvSource({
            "CLIENT, PEER_EOF",
            "SERVER, PEER_EOF",
            "CLIENT, PEER_TRUNCATED",
            "SERVER, PEER_TRUNCATED",
        })
        void anEofBehindTheCloseFrameLetsOurAnswerOut(Role role, TransportEnd how) {
            open(role).block().receive(close(role.peer(), 1000, "")).end(how).expectNoEvent();
            assertThat(end.protocol.isOutputDone()).isFalse();
            end.unblock().expectSent(close(role, 1000, ""));
            Closed closed = end.expectClosed();
            assertThat(closed.isClean()).isTrue();
            assertThat(closed.transportEnd()).isEqualTo(how);
        }

        @Test
        void aFailureAtThisEndLetsNothingOut() {
            end.block().receive(close(Role.CLIENT, 1000, "")).end(TransportEnd.LOCAL_FAILURE);
            Closed closed = end.expectClosed();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_FAILURE);
            assertThat(closed.unsent()).isEqualTo(4);
        }

        @ParameterizedTest
        @EnumSource(
                value = TransportEnd.class,
                names = {"LOCAL", "LOCAL_TIMEOUT"})
        void whatTheProtocolDecidesNobodyElseSays(TransportEnd how) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> end.protocol.receiveEnd(how, 0))
                    .withMessage("nobody but the protocol says that " + how);
            assertThat(end.protocol.progress().phase()).isEqualTo(Phase.BETWEEN_FRAMES);
        }

        @Test
        void anEofBehindABrokenRuleLetsOurCloseOut() {
            end.block().receive(hex("83")).eof().expectNoEvent();
            end.unblock();
            assertThat(end.takeSent()).startsWith(hex("88"));
            assertThat(end.expectClosed().rule()).isEqualTo(Rule.RESERVED_OPCODE);
        }

        @Test
        void anEofWhenOurCloseIsOutEndsItAtOnce() {
            end.receive(hex("83")).takeSent();
            Closed closed = end.block().eof().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.RESERVED_OPCODE);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        }

        @Test
        void aResetBehindAnEofEndsTheWait() {
            end.block().receive(hex("83")).eof().expectNoEvent();
            Closed closed = end.reset().expectClosed();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_RESET);
            assertThat(closed.unsent()).isPositive();
        }

        @Test
        void whatIsUnsentIsCounted() {
            end.block().protocol.sendText("hello");
            end.receive(frame(Role.CLIENT, 0x89, "p")).next(Event.Ping.class);
            assertThat(end.protocol.bufferedOutput()).isEqualTo(7);
            assertThat(end.protocol.hasOutput()).isTrue();
            Closed closed = end.eof().expectClosed();
            assertThat(closed.unsent()).isEqualTo(7);
            end.unblock().expectNothing();
        }

        @Test
        void onlyTheFirstEndCounts() {
            end.eof().next(Closed.class);
            end.reset().eof().advance(Duration.ofDays(1)).expectNothing();
            assertThat(end.protocol.progress().toString()).isEqualTo("between frames at offset 0");
        }
    }
}
