package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.FragmentKind.FINAL;
import static io.sansocket.core.protocol.FragmentKind.MORE;
import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.join;
import static io.sansocket.core.protocol.Wire.utf8;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.testing.BufferKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that are sent, and the output they wait in. */
class SendingTest {
    private Endpoint end = Endpoint.open(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private static Endpoint limited(Role role, long maxBufferedOutput) {
        return Endpoint.open(
                role, Endpoint.settings(role).withLimits(Limits.SERVER.withMaxBufferedOutput(maxBufferedOutput)));
    }

    @Nested
    @DisplayName("6.1 Sending Data")
    class Messages {
        @ParameterizedTest
        @EnumSource(Role.class)
        void aMessageIsOneFrame(Role role) {
            end = Endpoint.open(role);
            end.protocol.sendText("Hällo 😀");
            end.expectSent(frame(role, 0x81, "Hällo 😀"));
            end.protocol.sendBinary(ByteBuffer.wrap(hex("00 ff")));
            end.expectSent(frame(role, 0x82, hex("00 ff")));
            end.protocol.sendText("");
            end.expectSent(frame(role, 0x81, ""));
        }

        @ParameterizedTest
        @ValueSource(ints = {125, 126, 1023, 1024, 8191, 8192, 65_535, 65_536, 200_000})
        void anyLengthByEitherRole(int length) {
            byte[] payload = new byte[length];
            new Random(length).nextBytes(payload);
            for (Role role : Role.values()) {
                end = Endpoint.open(role);
                end.protocol.sendBinary(ByteBuffer.wrap(payload));
                end.protocol.sendText("t");
                assertThat(end.takeSent()).isEqualTo(join(frame(role, 0x82, payload), frame(role, 0x81, "t")));
            }
        }

        @ParameterizedTest
        @EnumSource(BufferKind.class)
        void anyKindOfBufferWhosePositionStays(BufferKind kind) {
            for (int length : new int[] {3, 10_000}) {
                for (Role role : Role.values()) {
                    end = Endpoint.open(role);
                    ByteBuffer data = kind.of(new byte[length]);
                    int position = data.position();
                    end.protocol.sendBinary(data);
                    assertThat(data.position()).isEqualTo(position);
                    assertThat(end.takeSent()).isEqualTo(frame(role, 0x82, new byte[length]));
                }
            }
        }

        @Test
        void aLoneSurrogateIsNoText() {
            for (String bad : List.of("\uD800", "a\uDC00", "\uD800x", "\uDC00\uD800")) {
                assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.sendText(bad));
                assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.sendTextFragment(bad, FINAL));
            }
            end.expectNothing().protocol.sendBinary(ByteBuffer.allocate(0));
            end.takeSent();
        }

        @Test
        void aMaskingKeyIsFreshForEachFrame() {
            int[] key = {0};
            var output = new OutputQueue();
            var sender = new FrameSender(output, Limits.SERVER, () -> ++key[0]);
            sender.sendText("");
            sender.sendPing(ByteBuffer.allocate(0));
            sender.sendClose(new byte[0]);
            var sent = ByteBuffer.allocate(18);
            output.transmit(sent);
            assertThat(sent.array()).isEqualTo(hex("81 80 00 00 00 01", "89 80 00 00 00 02", "88 80 00 00 00 03"));
        }
    }

    @Nested
    @DisplayName("5.4 Fragmentation")
    class Fragments {
        @ParameterizedTest
        @EnumSource(Role.class)
        void fragmentsAreAFirstFrameContinuationsAndAFinalOne(Role role) {
            end = Endpoint.open(role);
            end.protocol.sendTextFragment("a", MORE);
            end.protocol.sendTextFragment("", MORE);
            end.protocol.sendTextFragment("b", FINAL);
            end.protocol.sendBinaryFragment(ByteBuffer.wrap(utf8("c")), MORE);
            end.protocol.sendBinaryFragment(ByteBuffer.wrap(utf8("d")), FINAL);
            end.protocol.sendTextFragment("e", FINAL);
            end.expectSent(
                    frame(role, 0x01, "a"),
                    frame(role, 0x00, ""),
                    frame(role, 0x80, "b"),
                    frame(role, 0x02, "c"),
                    frame(role, 0x80, "d"),
                    frame(role, 0x81, "e"));
        }

        @Test
        void aSurrogatePairMayLieAcrossFragments() {
            end.protocol.sendTextFragment("a\uD83D", MORE);
            end.protocol.sendTextFragment("", MORE);
            end.protocol.sendTextFragment("\uDE00", MORE);
            end.protocol.sendTextFragment("", FINAL);
            end.expectSent(
                    frame(Role.SERVER, 0x01, "a"),
                    frame(Role.SERVER, 0x00, ""),
                    frame(Role.SERVER, 0x00, "😀"),
                    frame(Role.SERVER, 0x80, ""));
        }

        @Test
        void aPairThatIsNotCompletedIsRefusedAndMayBeSetRight() {
            end.protocol.sendTextFragment("\uD83D", MORE);
            end.expectSent(hex("01 00"));
            assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.sendTextFragment("x", MORE));
            assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.sendTextFragment("", FINAL));
            end.expectNothing().protocol.sendTextFragment("\uDE00", FINAL);
            end.expectSent(frame(Role.SERVER, 0x80, "😀"));
        }

        @Test
        void noOtherMessageMayBeSentBetweenFragments() {
            end.protocol.sendTextFragment("a", MORE);
            end.takeSent();
            List<Consumer<Protocol>> others = List.of(
                    protocol -> protocol.sendText("b"),
                    protocol -> protocol.sendBinary(ByteBuffer.allocate(1)),
                    protocol -> protocol.sendBinaryFragment(ByteBuffer.allocate(1), MORE));
            for (Consumer<Protocol> other : others) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> other.accept(end.protocol))
                        .withMessageContaining("text message");
            }
            end.expectNothing();
            end.protocol.sendPing(ByteBuffer.allocate(0), 0);
            end.protocol.sendTextFragment("b", FINAL);
            end.expectSent(hex("89 00"), frame(Role.SERVER, 0x80, "b"));
        }
    }

    @Nested
    @DisplayName("States")
    class States {
        private final List<Consumer<Protocol>> sends = List.of(
                protocol -> protocol.sendText("a"),
                protocol -> protocol.sendBinary(ByteBuffer.allocate(1)),
                protocol -> protocol.sendBinaryByReference(ByteBuffer.allocate(1)),
                protocol -> protocol.sendTextFragment("a", FINAL),
                protocol -> protocol.sendBinaryFragment(ByteBuffer.allocate(1), MORE),
                protocol -> protocol.sendPing(ByteBuffer.allocate(1), 0),
                protocol -> protocol.sendPong(ByteBuffer.allocate(1)));

        private void assertRefused(Endpoint refusing, String why) {
            refusing.takeSent();
            for (Consumer<Protocol> send : sends) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> send.accept(refusing.protocol))
                        .withMessageStartingWith("the connection is not open: ")
                        .withMessageContaining(why);
            }
            refusing.expectSent();
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void nothingIsSentBeforeTheConnectionIsOpenOrOnceItIsClosing(Role role) {
            assertRefused(Endpoint.unopened(role), "head: 0 bytes received");
            Endpoint closing = Endpoint.open(role);
            closing.protocol.close(CloseStatus.NONE, 0);
            assertRefused(closing, "waiting for the peer's");
            assertRefused(Endpoint.open(role).receive(hex("83")), "reserved-opcode");
            assertRefused(Endpoint.open(role).reset(), "between frames");
            assertRefused(Endpoint.open(role).receive(frame(role.peer(), 0x88, "")), "closing handshake is done");
        }
    }

    @Nested
    @DisplayName("The limit of waiting output")
    class Bounds {
        @ParameterizedTest
        @EnumSource(Role.class)
        void asMuchAsTheLimitMayWait(Role role) {
            int header = role == Role.CLIENT ? 6 : 2;
            end = limited(role, 20);
            end.block().protocol.sendBinary(ByteBuffer.allocate(20 - header));
            assertThat(end.protocol.bufferedOutput()).isEqualTo(20);
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.protocol.sendText(""))
                    .withMessage("a frame of " + header + " bytes cannot be queued: 20 bytes wait to be transmitted,"
                            + " the limit is 20");
            end.unblock().takeSent();
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.protocol.sendBinary(ByteBuffer.allocate(21 - header)));
            end.expectNothing();
        }

        @Test
        void aRefusedFragmentBeginsNoMessage() {
            end = limited(Role.SERVER, 20);
            assertThatIllegalStateException().isThrownBy(() -> end.protocol.sendTextFragment("x".repeat(30), MORE));
            end.protocol.sendBinary(ByteBuffer.allocate(1));
            end.expectSent(hex("82 01 00"));
        }

        @Test
        void aRefusedFragmentMayBeSentAgain() {
            end = limited(Role.SERVER, 20);
            end.protocol.sendTextFragment("a", MORE);
            end.block().protocol.sendTextFragment("x".repeat(15), MORE);
            assertThatIllegalStateException().isThrownBy(() -> end.protocol.sendTextFragment("b\uD83D", MORE));
            end.unblock().takeSent();
            end.protocol.sendTextFragment("b\uD83D", MORE);
            end.protocol.sendTextFragment("\uDE00", FINAL);
            end.expectSent(frame(Role.SERVER, 0x00, "b"), frame(Role.SERVER, 0x80, "😀"));
        }

        @Test
        void closeAndAnswersToPingsAlwaysPass() {
            end = limited(Role.SERVER, 2);
            end.block().protocol.sendText("");
            assertThatIllegalStateException().isThrownBy(() -> end.protocol.sendPong(ByteBuffer.allocate(0)));
            end.receive(frame(Role.CLIENT, 0x89, "p")).next(Event.Ping.class);
            end.protocol.close(CloseStatus.of(1001), 0);
            end.unblock().expectSent(hex("81 00", "8a 01 70", "88 02 03 e9"));
            end.reset().next(Closed.class);
        }
    }

    @Nested
    @DisplayName("Handing bytes out")
    class Output {
        private void sendAll() {
            end.block();
            end.protocol.sendText("small");
            end.protocol.sendBinary(ByteBuffer.allocate(10_000));
            end.protocol.sendText("x".repeat(1020));
            end.protocol.sendText("y".repeat(3000));
            end.protocol.sendPong(ByteBuffer.allocate(3));
        }

        @ParameterizedTest
        @EnumSource(Role.class)
        void gatherGivesWhatTransmitWouldHave(Role role) {
            end = Endpoint.open(role);
            sendAll();
            byte[] transmitted = end.unblock().takeSent();
            for (int step : new int[] {1, 7, 1000, 20_000}) {
                end = Endpoint.open(role);
                sendAll();
                var gathered = new ByteArrayOutputStream();
                while (end.protocol.hasOutput()) {
                    assertThat(end.protocol.gather(0)).isEmpty();
                    ByteBuffer[] views = end.protocol.gather(2);
                    assertThat(views).hasSizeBetween(1, 2);
                    int left = step;
                    for (ByteBuffer view : views) {
                        assertThat(view.isReadOnly()).isTrue();
                        while (left > 0 && view.hasRemaining()) {
                            gathered.write(view.get());
                            left--;
                        }
                    }
                    end.protocol.transmitted(step - left);
                }
                assertThat(gathered.toByteArray()).isEqualTo(transmitted);
                assertThat(end.protocol.gather(9)).isEmpty();
            }
        }

        @Test
        void bytesArePutBehindWhatTheTargetHolds() {
            end.block().protocol.sendText("ab");
            ByteBuffer target = ByteBuffer.allocate(6).put((byte) 7).put((byte) 8);
            assertThat(end.protocol.transmit(target)).isEqualTo(4);
            assertThat(target.array()).isEqualTo(hex("07 08 81 02 61 62"));
        }

        @Test
        void aLargePayloadThatIsGivenAwayIsNotCopied() {
            byte[] payload = new byte[OutputQueue.LARGE];
            end.block().protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
            payload[0] = 42; // by reference: the caller must not, but here we look
            assertThat(end.unblock().takeSent()[4]).isEqualTo((byte) 42);
        }

        @Test
        void aSmallPayloadIsCopied() {
            byte[] payload = new byte[OutputQueue.LARGE - 1];
            end.block().protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
            payload[0] = 42;
            assertThat(end.unblock().takeSent()[4]).isEqualTo((byte) 0);
        }

        @Test
        void whatIsNotGivenAwayIsCopiedWhateverItsSize() {
            List<Consumer<ByteBuffer>> sends = List.of(
                    payload -> end.protocol.sendBinary(payload),
                    payload -> end.protocol.sendBinaryFragment(payload, FINAL));
            for (Consumer<ByteBuffer> send : sends) {
                byte[] payload = new byte[OutputQueue.LARGE];
                end.block();
                send.accept(ByteBuffer.wrap(payload));
                payload[0] = 42;
                assertThat(end.unblock().takeSent()[4]).isEqualTo((byte) 0);
            }
        }

        @Test
        void aClientsPayloadStaysUnmaskedForItsOwner() {
            end = Endpoint.open(Role.CLIENT);
            byte[] payload = new byte[20_000];
            end.protocol.sendBinary(ByteBuffer.wrap(payload));
            end.takeSent();
            assertThat(payload).containsOnly(0);
        }

        @Test
        void moreThanWaitsCannotHaveBeenTransmitted() {
            end.block().protocol.sendText("a");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> end.protocol.transmitted(4))
                    .withMessage("4 bytes cannot have been transmitted, 3 waited");
            assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.transmitted(-1));
            end.protocol.transmitted(0);
            end.protocol.transmitted(3);
            assertThat(end.protocol.hasOutput()).isFalse();
        }

        @Test
        void transmittingTheLastOfItEndsAServer() {
            end.block().receive(frame(Role.CLIENT, 0x88, "")).expectNoEvent();
            assertThat(end.protocol.transmit(ByteBuffer.allocate(1))).isEqualTo(1);
            end.expectNoEvent();
            end.protocol.gather(1);
            end.protocol.transmitted(1);
            assertThat(end.expectClosed().isClean()).isTrue();
        }
    }
}
