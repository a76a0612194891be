package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.FragmentKind.FINAL;
import static io.sansocket.core.protocol.FragmentKind.MORE;
import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.utf8;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.BufferKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Extensions through their SPI (RFC 6455 §9): one that flips bits, one that doubles bytes. */
class ExtensionsTest {
    private final ToyExtension.Provider flip = ToyExtension.flip(Extension.RSV1);
    private final ToyExtension.Provider twice = ToyExtension.twice(Extension.RSV2);
    private Pair pair = Pair.open();

    @AfterEach
    void nothingIsLeft() {
        pair.assertExhausted();
    }

    private Endpoint openWith(Role role, Settings settings, ToyExtension.Provider... providers) {
        Pair unopened = role == Role.CLIENT
                ? Pair.unopened(settings, Settings.SERVER, providers)
                : Pair.unopened(Settings.CLIENT, settings, providers);
        unopened.run().server().next(Event.HandshakeRequest.class);
        unopened.server().accept();
        unopened.run();
        assertThat(unopened.client().next(Event.Opened.class).extensions()).hasSize(providers.length);
        unopened.server().next(Event.Opened.class);
        pair = unopened;
        return role == Role.CLIENT ? unopened.client() : unopened.server();
    }

    private Endpoint openWith(ToyExtension.Provider... providers) {
        return openWith(Role.CLIENT, Settings.CLIENT, providers);
    }

    @Nested
    @DisplayName("Messages")
    class Messages {
        @Test
        void aMessageIsEncodedAndItsFirstFrameHasTheBit() {
            Endpoint client = openWith(flip);
            client.protocol.sendText("abc");
            client.expectSent(frame(Role.CLIENT, 0xC1, flipped("abc")));
        }

        @Test
        void aMessageThatIsNotSmallerEncodedGoesAsItWasGivenIfTheExtensionLets() {
            Endpoint client = openWith(flip);
            client.protocol.sendText("abc");
            client.expectSent(frame(Role.CLIENT, 0xC1, flipped("abc")));
            assertThat(flip.withdrawn).isEqualTo(3);
            flip.withdraws = true;
            client.protocol.sendText("abcd");
            client.expectSent(frame(Role.CLIENT, 0x81, "abcd"));
            assertThat(flip.withdrawn).isEqualTo(4);
        }

        @Test
        void aFragmentIsNotWithdrawn() {
            Endpoint client = openWith(flip);
            flip.withdraws = true;
            client.protocol.sendTextFragment("a", MORE);
            client.protocol.sendTextFragment("b", FINAL);
            client.expectSent(frame(Role.CLIENT, 0x41, flipped("a")), frame(Role.CLIENT, 0x80, flipped("b")));
            assertThat(flip.withdrawn).isEqualTo(-1);
        }

        @Test
        void amongSeveralThatEncodedAMessageNoneIsWithdrawn() {
            Endpoint client = openWith(flip, twice);
            flip.withdraws = true;
            twice.withdraws = true;
            client.protocol.sendText("ab");
            client.expectSent(frame(Role.CLIENT, 0xE1, ToyExtension.doubled(flipped("ab"))));
            flip.on = false;
            client.protocol.sendText("ab");
            client.expectSent(frame(Role.CLIENT, 0x81, "ab"));
            assertThat(List.of(flip.withdrawn, twice.withdrawn)).containsExactly(-1L, 2L);
        }

        @Test
        void theFirstAgreedIsAppliedFirst() {
            Endpoint client = openWith(flip, twice);
            client.protocol.sendText("ab");
            client.expectSent(frame(Role.CLIENT, 0xE1, ToyExtension.doubled(flipped("ab"))));
        }

        @ParameterizedTest
        @EnumSource(BufferKind.class)
        void bothTogetherGiveTheMessageBack(BufferKind kind) {
            openWith(flip, twice);
            pair.wire(3, kind);
            pair.client().protocol.sendText("Hällo 😀");
            pair.server().protocol.sendBinary(ByteBuffer.wrap(hex("00 01 02")));
            pair.client().protocol.sendText("");
            pair.run();
            pair.server().expect(new Event.TextMessage("Hällo 😀"), new Event.TextMessage(""));
            pair.client().expect(new Event.BinaryMessage(ByteBuffer.wrap(hex("00 01 02"))));
        }

        @Test
        void eachIsToldTheEndOfTheMessageOnce() {
            Endpoint client = openWith(flip, twice);
            client.protocol.sendText("ab");
            client.takeSent();
            assertThat(List.of(flip.ends(), twice.ends())).containsExactly(1, 1);
        }

        @Test
        void eachIsAskedWithTheKindAndWithTheLengthWhereItIsKnown() {
            Endpoint client = openWith(flip);
            client.protocol.sendText("abc");
            assertThat(flip.asked).isEqualTo("text of 3");
            client.protocol.sendBinary(ByteBuffer.allocate(2));
            assertThat(flip.asked).isEqualTo("binary of 2");
            client.protocol.sendTextFragment("a", MORE);
            assertThat(flip.asked).isEqualTo("text of -1");
            client.protocol.sendTextFragment("b", FINAL);
            client.protocol.sendBinaryFragment(ByteBuffer.allocate(1), FINAL);
            assertThat(flip.asked).isEqualTo("binary of 1");
            client.takeSent();
        }

        @Test
        void aLongPayloadInOneReadIsDecodedWhole() {
            openWith(flip);
            byte[] data = new byte[40_000];
            new Random(1).nextBytes(data);
            pair.server().receive(frame(Role.CLIENT, 0xC2, ToyExtension.flipped(data)));
            pair.server().expect(new Event.BinaryMessage(ByteBuffer.wrap(data)));
        }

        @Test
        void eachMessageMayDoWithout() {
            openWith(flip, twice);
            flip.minLength = 3;
            pair.client().protocol.sendText("ab");
            pair.client().protocol.sendText("abc");
            twice.on = false;
            pair.client().protocol.sendText("ab");
            byte[] sent = pair.client().takeSent();
            assertThat(sent)
                    .isEqualTo(Wire.join(
                            frame(Role.CLIENT, 0xA1, ToyExtension.doubled(utf8("ab"))),
                            frame(Role.CLIENT, 0xE1, ToyExtension.doubled(flipped("abc"))),
                            frame(Role.CLIENT, 0x81, "ab")));
            pair.server()
                    .receive(sent)
                    .expect(new Event.TextMessage("ab"), new Event.TextMessage("abc"), new Event.TextMessage("ab"));
        }

        @Test
        void fragmentsAreOneMessageOfTheExtension() {
            Endpoint client = openWith(flip);
            client.protocol.sendTextFragment("ab", MORE);
            client.protocol.sendTextFragment("", MORE);
            client.protocol.sendTextFragment("c", FINAL);
            byte[] sent = client.takeSent();
            assertThat(sent)
                    .isEqualTo(Wire.join(
                            frame(Role.CLIENT, 0x41, flipped("ab")),
                            frame(Role.CLIENT, 0x00, ""),
                            frame(Role.CLIENT, 0x80, flipped("c"))));
            pair.server().receive(sent).expect(new Event.TextMessage("abc"));
            flip.minLength = 1; // the length is not known, so it does without
            client.protocol.sendTextFragment("ab", MORE);
            client.protocol.sendTextFragment("c", FINAL);
            client.expectSent(frame(Role.CLIENT, 0x01, "ab"), frame(Role.CLIENT, 0x80, "c"));
        }

        @Test
        void decodedMessagesMayBeStreamed() {
            Endpoint client = openWith(Role.CLIENT, Settings.CLIENT.withDelivery(Delivery.STREAMED), flip, twice);
            byte[] wire = ToyExtension.doubled(flipped("aä"));
            client.receive(frame(Role.SERVER, 0x61, java.util.Arrays.copyOf(wire, 4)))
                    .expect(new Event.TextFragment("a", false));
            client.receive(frame(Role.SERVER, 0x80, java.util.Arrays.copyOfRange(wire, 4, 6)))
                    .expect(new Event.TextFragment("ä", false), new Event.TextFragment("", true));
        }

        @Test
        void aBitThatNoExtensionOwnsFails() {
            openWith(flip).receive(frame(Role.SERVER, 0xB1, "a"));
            pair.client().expectFailure(1002, "RSV2, RSV3 set");
        }

        private byte[] flipped(String text) {
            return ToyExtension.flipped(utf8(text));
        }
    }

    @Nested
    @DisplayName("Failures")
    class Failures {
        @ParameterizedTest
        @ValueSource(strings = {"61 62", "61"}) // not twice the same; a half at the end
        void dataThatCannotBeDecodedFailsWithTheExtensionsRule(String payload) {
            openWith(twice).receive(frame(Role.SERVER, 0xA2, hex(payload)));
            assertThat(pair.client()
                            .expectFailure(1007, "compressed-data-")
                            .violation()
                            .offset())
                    .isZero();
        }

        @Test
        void whatTheSecondCannotDecodeFailsThroughTheFirst() {
            ToyExtension.Provider inner = ToyExtension.twice(Extension.RSV3);
            openWith(inner, twice).receive(frame(Role.SERVER, 0xB2, hex("61 61 62 62")));
            pair.client().expectFailure(1007, "compressed-data-invalid");
        }

        @Test
        void theLimitHoldsForDecodedBytes() {
            ToyExtension.Provider bomb = ToyExtension.bomb(Extension.RSV1);
            Settings settings = Settings.CLIENT.withLimits(Limits.CLIENT.withMessageLimits(10, 3000));
            openWith(Role.CLIENT, settings, bomb);
            pair.client().receive(frame(Role.SERVER, 0xC2, new byte[3])).next(Event.BinaryMessage.class);
            pair.client().receive(frame(Role.SERVER, 0xC2, new byte[4]));
            pair.client().expectFailure(1009, "a message of at least 3001 decoded bytes, the limit is 3000");
            assertThat(bomb.outputs()).isEqualTo(3 + 4);
        }

        @Test
        void theSecondIsToldTheEndToo() {
            ToyExtension.Provider inner = ToyExtension.twice(Extension.RSV2);
            openWith(inner, flip).receive(frame(Role.SERVER, 0xE2, ToyExtension.flipped(hex("61 61 62"))));
            pair.client().expectFailure(1007, "compressed-data-truncated");
        }

        @Test
        void allAreToldToStopAtTheLimit() {
            ToyExtension.Provider inner = ToyExtension.bomb(Extension.RSV2);
            ToyExtension.Provider outer = ToyExtension.bomb(Extension.RSV1);
            Settings settings = Settings.CLIENT.withLimits(Limits.CLIENT.withMessageLimits(10, 1500));
            openWith(Role.CLIENT, settings, inner, outer).receive(frame(Role.SERVER, 0xE2, new byte[3]));
            pair.client().expectFailure(1009, "a message of at least 1501 decoded bytes, the limit is 1500");
            assertThat(outer.outputs()).isEqualTo(1);
            assertThat(inner.outputs()).isEqualTo(2);
        }

        @Test
        void anExtensionThatIgnoresTheStopChangesNothing() {
            ToyExtension.Provider bomb = ToyExtension.bomb(Extension.RSV1);
            bomb.stubborn = true;
            Settings settings = Settings.CLIENT.withLimits(Limits.CLIENT.withMessageLimits(10, 1500));
            openWith(Role.CLIENT, settings, ToyExtension.flip(Extension.RSV2), bomb);
            pair.client().receive(frame(Role.SERVER, 0xE2, new byte[9]));
            pair.client().expectFailure(1009, "a message of at least 1501 decoded bytes, the limit is 1500");
        }

        @Test
        void theEndOfAMessageThatWasStoppedIsNoSecondFailure() {
            ToyExtension.Provider inner = ToyExtension.twice(Extension.RSV2);
            inner.stubborn = true; // so that it stands behind half a pair
            Settings settings = Settings.CLIENT.withLimits(Limits.CLIENT.withMessageLimits(10, 400));
            openWith(Role.CLIENT, settings, inner, ToyExtension.trailer(Extension.RSV1));
            pair.client().receive(frame(Role.SERVER, 0xE2, new byte[1]));
            pair.client().expectFailure(1009, "a message of at least 401 decoded bytes, the limit is 400");
        }

        @Test
        void anExtensionThatIgnoresTheFailureOfTheNextChangesNothing() {
            ToyExtension.Provider inner = ToyExtension.flip(Extension.RSV2);
            ToyExtension.Provider bomb = ToyExtension.bomb(Extension.RSV1);
            bomb.stubborn = true;
            inner.rule = Rule.COMPRESSED_DATA_INVALID;
            openWith(inner, bomb).receive(frame(Role.SERVER, 0xE2, new byte[9]));
            pair.client().expectFailure(1007, "as the test says");
        }

        @Test
        void aBadByteIsNamedInTheDecodedMessage() {
            openWith(flip).receive(frame(Role.SERVER, 0xC1, ToyExtension.flipped(hex("61 ff"))));
            pair.client().expectFailure(1007, "byte 0xff at offset 1 of the decoded message cannot stand there");
        }

        @Test
        void aDecodedTextMustNotEndInsideACharacter() {
            openWith(flip).receive(frame(Role.SERVER, 0xC1, ToyExtension.flipped(hex("61 c3"))));
            pair.client().expectFailure(1007, "the message ends inside a character after 2 bytes, 1 short");
        }

        @Test
        void whatIsRefusedWasNotEncoded() {
            Endpoint client =
                    openWith(Role.CLIENT, Settings.CLIENT.withLimits(Limits.CLIENT.withMaxBufferedOutput(20)), flip);
            assertThatIllegalStateException().isThrownBy(() -> client.protocol.sendText("x".repeat(15)));
            assertThatIllegalStateException().isThrownBy(() -> client.protocol.sendTextFragment("x".repeat(15), MORE));
            assertThat(flip.encoded()).isZero();
            client.protocol.sendText("x".repeat(14));
            client.takeSent();
        }
    }

    @Nested
    @DisplayName("Release")
    class Release {
        @Test
        void onceAtTheEndWhateverTheEnd() {
            List<Runnable> ends = List.of(
                    () -> pair.client().eof(),
                    () -> pair.client().reset().reset(),
                    () -> pair.client().receive(hex("83")).eof().eof(),
                    () -> pair.client().receive(hex("83")).advance(Duration.ofHours(1)),
                    () -> pair.client().receive(hex("88 00")).eof(),
                    () -> {
                        pair.client().protocol.close(CloseStatus.NONE, 0);
                        pair.client().advance(Duration.ofHours(1)).reset();
                    });
            for (Runnable ending : ends) {
                ToyExtension.Provider each = ToyExtension.flip(Extension.RSV1);
                openWith(each);
                assertThat(each.released()).isZero();
                ending.run();
                pair.client().takeSent();
                assertThat(pair.client().takeEvents()).last().isInstanceOf(Closed.class);
                assertThat(each.released()).isEqualTo(1);
            }
        }

        @Test
        void aServersToo() {
            openWith(flip);
            pair.server().reset().expectClosed();
            assertThat(flip.released()).isEqualTo(1);
        }
    }

    @Test
    void anExtensionThatThrowsFailsTheConnectionAndReceiveGoesOn() {
        openWith(flip, twice);
        flip.broken = true;
        pair.client().receive(frame(Role.SERVER, 0xC2, new byte[1]));
        Closed closed = pair.client().expectFailure(1011, "extension-failed");
        assertThat(closed.toString())
                .contains("decoding a message threw \"java.lang.UnsupportedOperationException: not ")
                .doesNotContain("\u001b");
        assertThat(flip.released()).isEqualTo(1);
        assertThat(twice.released()).isEqualTo(1);
    }

    @Test
    void anotherRuleOfAnExtensionHasItsCloseCode() {
        ToyExtension.Provider bomb = ToyExtension.bomb(Extension.RSV1);
        bomb.rule = Rule.COMPRESSED_DATA_TRUNCATED;
        openWith(bomb).receive(frame(Role.SERVER, 0xC2, new byte[1]));
        pair.client().expectFailure(1007, "compressed-data-truncated");
    }
}
