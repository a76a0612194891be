package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.Role;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.testing.BufferKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sink is given, when, and what it may do meanwhile. {@link ChunkingProofTest} has the same of many sessions. */
class MessageSinkTest {
    private static final byte[] EMPTY = {};

    private Endpoint end = Endpoint.open(Role.SERVER);
    private final Taken sink = new Taken();

    /** Keeps what it is given in words, and asks a test what to do about it. */
    private static final class Taken implements MessageSink {
        final List<String> all = new ArrayList<>();
        Predicate<String> then = given -> true;

        private boolean take(String given) {
            all.add(given);
            return then.test(given);
        }

        @Override
        public boolean text(String text) {
            return take("text " + text);
        }

        @Override
        public boolean binary(ByteBuffer data) {
            return take("binary " + text(data));
        }

        @Override
        public boolean binaryInPlace(ByteBuffer borrowed) {
            return take("in place " + text(borrowed));
        }

        private static String text(ByteBuffer data) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            return new String(bytes, StandardCharsets.US_ASCII);
        }

        @Override
        public boolean event(Event event) {
            return take(event.getClass().getSimpleName());
        }
    }

    private void openWithDeflate() {
        openWithDeflate(Settings.SERVER);
    }

    private void openWithDeflate(Settings settings) {
        end = Endpoint.unopened(Role.SERVER, settings, 0, PermessageDeflate.create());
        String request = Wire.REQUEST.stripTrailing() + "\nSec-WebSocket-Extensions: permessage-deflate\n\n";
        end.receive(Wire.head(request)).next(Event.HandshakeRequest.class);
        end.accept().next(Event.Opened.class);
        end.takeSent();
    }

    private static byte[] text(String text) {
        return frame(Role.CLIENT, 0x81, text);
    }

    private static byte[] binary(String text) {
        return frame(Role.CLIENT, 0x82, text);
    }

    private ByteBuffer receive(byte[]... bytes) {
        ByteBuffer in = ByteBuffer.wrap(Wire.join(bytes));
        end.protocol.receive(in, 0, sink);
        return in;
    }

    private ByteBuffer receiveInPlace(byte[]... bytes) {
        ByteBuffer in = ByteBuffer.wrap(Wire.join(bytes));
        end.protocol.receiveInPlace(in, 0, sink);
        return in;
    }

    private void expect(String... given) {
        assertThat(sink.all).containsExactly(given);
        sink.all.clear();
    }

    @Test
    void everythingComesInTheOrderOfTheWire() {
        ByteBuffer in = receive(
                text(""),
                binary("a"),
                frame(Role.CLIENT, 0x89, "p"),
                frame(Role.CLIENT, 0x02, "b"),
                frame(Role.CLIENT, 0x8A, ""),
                frame(Role.CLIENT, 0x80, "c"),
                text("d"),
                frame(Role.CLIENT, 0x88, ""),
                text("behind the Close frame"));
        expect("text ", "binary a", "Ping", "Pong", "binary bc", "text d");
        assertThat(in.hasRemaining()).isFalse();
        end.takeSent();
        end.expectClosed();
    }

    @Test
    void eventsThatWaitComeFirst() {
        end.protocol.receive(ByteBuffer.wrap(Wire.join(text("a"), frame(Role.CLIENT, 0x89, ""), binary("b"))), 0);
        receive(text("c"));
        expect("text a", "Ping", "binary b", "text c");
    }

    @Test
    void eventsOfOtherCallsAreDelivered() {
        end.protocol.receiveReset(0);
        end.protocol.deliver(sink);
        expect("Closed");
        end.protocol.deliver(sink);
        expect();
    }

    @Test
    void messagesThatAreStreamedComeAsEvents() {
        end = Endpoint.open(Role.SERVER, Settings.SERVER.withDelivery(Delivery.STREAMED));
        receiveInPlace(binary("a"), Arrays.copyOf(text("abc"), 8));
        expect("BinaryFragment", "TextFragment");
    }

    @Test
    void whatComesOfAStreamedMessageInOneReadIsOnePieceHoweverLong() {
        end = Endpoint.open(Role.SERVER, Settings.SERVER.withDelivery(Delivery.STREAMED));
        receive(binary("a".repeat(10_000)));
        expect("BinaryFragment");
    }

    @Nested
    class InPlace {
        @ParameterizedTest
        @EnumSource(value = BufferKind.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
        void aMessageIsUnmaskedInTheBufferOfTheRead(BufferKind kind) {
            ByteBuffer in = kind.of(Wire.join(binary("abc"), text("d"), Arrays.copyOf(binary("ef"), 7)));
            ByteOrder order = in.order();
            int from = in.position();
            int limit = in.limit();
            sink.then = given -> {
                if (given.startsWith("in place")) {
                    assertThat(in.position()).isEqualTo(from + 9).isEqualTo(in.limit());
                    assertThat(in.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
                }
                return true;
            };
            end.protocol.receiveInPlace(in, 0, sink);
            expect("in place abc", "text d");
            assertThat(in.order()).isEqualTo(order);
            assertThat(in.limit()).isEqualTo(limit);
            assertThat(in.position()).isEqualTo(limit);
            assertThat(in.get(from + 6)).isEqualTo((byte) 'a');
        }

        @Test
        void nothingElseIsChanged() {
            byte[] rest = Wire.join(
                    text("abc"),
                    frame(Role.CLIENT, 0x02, "d"),
                    frame(Role.CLIENT, 0x89, "e"),
                    frame(Role.CLIENT, 0x80, "f"),
                    binary(""),
                    Arrays.copyOf(binary("gh"), 7));
            assertThat(receiveInPlace(rest).array()).isEqualTo(rest);
            expect("text abc", "Ping", "binary df", "binary ");
        }

        @Test
        void aMessageThatIsCutIsAssembledElsewhere() {
            byte[] message = binary("abc");
            receiveInPlace(Arrays.copyOf(message, 8));
            receiveInPlace(Arrays.copyOfRange(message, 8, 9));
            expect("binary abc");
        }

        @Test
        void aFrameFromAServerIsNotMaskedSoThatNothingIsChanged() {
            end = Endpoint.open(Role.CLIENT);
            byte[] message = frame(Role.SERVER, 0x82, "abc");
            assertThat(receiveInPlace(message).array()).isEqualTo(message);
            expect("in place abc");
        }

        @Test
        void aMessageWithReservedBitsIsDecoded() {
            openWithDeflate();
            receiveInPlace(frame(Role.CLIENT, 0xC2, new byte[] {0}), binary("a"));
            expect("binary ", "in place a");
        }

        @Test
        void aReadOnlyBufferIsRefused() {
            ByteBuffer in = ByteBuffer.wrap(text("a")).asReadOnlyBuffer();
            assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.receiveInPlace(in, 0, sink));
            end.protocol.receive(in, 0, sink);
            expect("text a");
        }

        @Test
        void aSinkThatOwnsItsMessagesGetsCopies() {
            var owned = new ArrayList<ByteBuffer>();
            var owner = new MessageSink() {
                @Override
                public boolean text(String text) {
                    return true;
                }

                @Override
                public boolean binary(ByteBuffer data) {
                    owned.add(data);
                    return owned.size() < 2;
                }

                @Override
                public boolean event(Event event) {
                    return true;
                }
            };
            byte[] bytes = Wire.join(binary("ab"), binary("c"), binary("d"));
            ByteBuffer in = ByteBuffer.wrap(bytes);
            end.protocol.receiveInPlace(in, 0, owner);
            assertThat(in.remaining()).as("it has enough").isEqualTo(binary("d").length);
            Arrays.fill(bytes, (byte) 0);
            assertThat(owned).containsExactly(ByteBuffer.wrap(Wire.utf8("ab")), ByteBuffer.wrap(Wire.utf8("c")));
        }
    }

    @Nested
    class Enough {
        @ParameterizedTest
        @ValueSource(booleans = {false, true})
        void whatIsBehindStaysInTheBuffer(boolean throwing) {
            byte[] second = Wire.join(text("b"), binary("c"));
            byte[] all = Wire.join(binary("a"), frame(Role.CLIENT, 0x89, "p"), second);
            sink.then = given -> {
                if (throwing) {
                    throw new UnsupportedOperationException(given);
                }
                return false;
            };
            ByteBuffer in = ByteBuffer.wrap(all);
            for (String expected : List.of("in place a", "Ping", "text b", "in place c")) {
                receiveSome(in, throwing);
                expect(expected);
                byte[] rest = Arrays.copyOfRange(all, in.position(), all.length);
                assertThat(in.remaining()).isEqualTo(rest.length);
                // Elsewhere, as an engine keeps it that shares its buffer among connections.
                in = ByteBuffer.wrap(all, in.position(), rest.length);
            }
            assertThat(in.hasRemaining()).isFalse();
            end.expectSent(frame(Role.SERVER, 0x8A, "p"));
        }

        private void receiveSome(ByteBuffer in, boolean throwing) {
            if (throwing) {
                assertThatExceptionOfType(UnsupportedOperationException.class)
                        .isThrownBy(() -> end.protocol.receiveInPlace(in, 0, sink));
            } else {
                end.protocol.receiveInPlace(in, 0, sink);
            }
        }

        @Test
        void eventsThatWaitAreNotTakenTwice() {
            end.protocol.receive(ByteBuffer.wrap(Wire.join(text("a"), text("b"))), 0);
            sink.then = given -> false;
            end.protocol.deliver(sink);
            expect("text a");
            assertThat(receive(text("c")).position()).isZero();
            expect("text b");
            sink.then = given -> true;
            receive(text("c"));
            expect("text c");
        }

        @Test
        void bytesThatNobodyReadsAreDroppedAlthoughTheSinkHasEnough() {
            sink.then = given -> {
                end.protocol.receiveReset(0);
                return false;
            };
            assertThat(receive(text("a"), text("b")).hasRemaining()).isFalse();
            expect("text a");
        }

        @Test
        void aStreamedMessageIsInflatedInPartsEvenWithoutALimit() {
            openWithDeflate(Settings.SERVER
                    .withDelivery(Delivery.STREAMED)
                    .withLimits(Limits.SERVER.withMessageLimits(Limits.UNLIMITED, Limits.UNLIMITED)));
            var extension = PermessageDeflate.create()
                    .answer(ExtensionOffer.of(PermessageDeflate.NAME))
                    .orElseThrow();
            var bomb = new ByteArrayOutputStream();
            extension.encode(ByteBuffer.allocate(32 << 20), true, part -> {
                byte[] copy = new byte[part.remaining()];
                part.get(copy);
                bomb.writeBytes(copy);
                return true;
            });
            extension.release();
            sink.then = given -> false;
            ByteBuffer in = ByteBuffer.wrap(frame(Role.CLIENT, 0xC2, bomb.toByteArray()));
            long all = 0;
            for (int calls = 0; in.hasRemaining(); calls++) {
                end.protocol.receiveInPlace(in, 0, sink);
                long inflated = 0;
                for (Event event = end.protocol.nextEvent(); event != null; event = end.protocol.nextEvent()) {
                    inflated += ((Event.BinaryFragment) event).data().remaining();
                }
                assertThat(inflated).as("in call %d", calls).isLessThan(3 << 20);
                all += inflated;
            }
            // What the sink itself was given is a piece for each call.
            assertThat(all).isBetween(31L << 20, 32L << 20);
        }

        @Test
        void noPongIsOverdueAndNoFrameStalled() {
            end.advance(Duration.ofSeconds(20));
            byte[] ping = end.takeSent();
            assertThat(ping).startsWith(0x89);
            byte[] pong = Wire.frame(Role.CLIENT, 0x8A, Arrays.copyOfRange(ping, 2, ping.length));
            sink.then = given -> false;
            ByteBuffer in = receive(text("a"), pong);
            end.advance(Duration.ofMinutes(10));
            end.expectNoEvent();
            sink.then = given -> true;
            end.protocol.receive(in, end.now, sink);
            end.advance(Duration.ofSeconds(30));
            assertThat(end.takeSent()).startsWith(0x89);
            end.advance(Duration.ofSeconds(20));
            assertThat(end.takeSent()).startsWith(0x88);
        }

        @Test
        void aFrameThatASinkIsInTheMiddleOfIsNotStalled() {
            openWithDeflate(Settings.SERVER.withDelivery(Delivery.STREAMED));
            sink.then = given -> false;
            // A block that is not compressed.
            byte[] message = frame(Role.CLIENT, 0xC2, Wire.join(new byte[] {0, 0, 16, -1, -17}, new byte[4096]));
            ByteBuffer in = receiveInPlace(Arrays.copyOf(message, message.length - 10));
            assertThat(in.hasRemaining()).isTrue();
            end.advance(Duration.ofSeconds(15));
            assertThat(end.takeEvents()).noneMatch(Event.Stalled.class::isInstance);
            sink.then = given -> true;
            end.protocol.receiveInPlace(in, end.now, sink);
            end.advance(Duration.ofSeconds(5));
            end.next(Event.Stalled.class);
        }

        @Test
        void aBurstOfCompressedMessagesIsInflatedOneByOne() {
            openWithDeflate();
            sink.then = given -> false;
            byte[] empty = frame(Role.CLIENT, 0xC2, new byte[] {0});
            assertThat(receive(empty, empty, empty).remaining()).isEqualTo(2 * empty.length);
            assertThat(end.protocol.nextEvent()).isNull();
        }
    }

    @Nested
    class Reentrance {
        @Test
        void whatASinkSendsIsSentInItsOrder() {
            sink.then = given -> {
                end.protocol.sendText(given);
                return true;
            };
            receiveInPlace(binary("a"), text("b"));
            end.expectSent(frame(Role.SERVER, 0x81, "in place a"), frame(Role.SERVER, 0x81, "text b"));
        }

        @Test
        void aSinkMayClose() {
            sink.then = given -> {
                end.protocol.close(CloseStatus.of(1000), 0);
                return true;
            };
            receive(text("a"), text("b"), frame(Role.CLIENT, 0x88, ""));
            expect("text a", "text b");
            end.expectSent(Wire.close(Role.SERVER, 1000, ""));
            end.protocol.deliver(sink);
            assertThat(end.expectClosed().isClean()).isTrue();
        }

        @Test
        void eventsThatASinkCausesComeBehind() {
            sink.then = given -> {
                end.protocol.receiveReset(0);
                return true;
            };
            receive(frame(Role.CLIENT, 0x89, ""), text("b"));
            expect("Ping", "Closed");
        }

        @Test
        void aSinkMustNotReceive() {
            List<Runnable> calls = List.of(
                    () -> end.protocol.receive(ByteBuffer.wrap(EMPTY), 0),
                    () -> end.protocol.receive(ByteBuffer.wrap(EMPTY), 0, sink),
                    () -> end.protocol.receiveInPlace(ByteBuffer.wrap(EMPTY), 0, sink),
                    () -> end.protocol.deliver(sink));
            for (Runnable call : calls) {
                sink.then = given -> {
                    call.run();
                    return true;
                };
                assertThatIllegalStateException()
                        .isThrownBy(() -> receive(text("a")))
                        .withMessageContaining("a sink must not receive");
                assertThatIllegalStateException().isThrownBy(() -> {
                    end.protocol.receive(ByteBuffer.wrap(text("b")), 0);
                    end.protocol.deliver(sink);
                });
                sink.then = given -> true;
                receive(text("c"));
                expect("text a", "text b", "text c");
            }
        }
    }

    @Nested
    class Opening {
        private Opening() {
            end = Endpoint.unopened(Role.SERVER);
        }

        @Test
        void aSinkAcceptsAndTheBytesBehindAreRead() {
            sink.then = given -> {
                if (given.equals("HandshakeRequest")) {
                    end.server().accept(0);
                }
                return true;
            };
            receiveInPlace(Wire.head(Wire.REQUEST), binary("a"), text("b"));
            expect("HandshakeRequest", "Opened", "in place a", "text b");
        }

        @Test
        void aSinkRefuses() {
            sink.then = given -> {
                end.server().refuse(HttpResponse.of(403, "No", HttpHeaders.empty()), 0);
                return true;
            };
            assertThat(receive(Wire.head(Wire.REQUEST), binary("a")).hasRemaining())
                    .isFalse();
            expect("HandshakeRequest");
            assertThat(end.takeSentText()).startsWith("HTTP/1.1 403 No");
        }

        @Test
        void bytesBehindARequestStayWhereTheSinkHasEnough() {
            sink.then = given -> false;
            ByteBuffer in = receive(Wire.head(Wire.REQUEST), binary("a"));
            expect("HandshakeRequest");
            assertThat(in.remaining()).isEqualTo(binary("a").length);
            end.server().accept(0);
            end.protocol.receive(in, 0, sink);
            expect("Opened");
            end.protocol.receive(in, 0, sink);
            expect("binary a");
        }

        @Test
        void bytesThatCameBeforeTheAnswerAreReadWithIt() {
            receiveInPlace(Wire.head(Wire.REQUEST), binary("a"));
            expect("HandshakeRequest");
            end.server().accept(0);
            receiveInPlace(binary("b"));
            expect("Opened", "binary a", "in place b");
        }

        @Test
        void aSinkThatAcceptsLateFindsTheBytesThatCameBefore() {
            end.protocol.receive(ByteBuffer.wrap(Wire.join(Wire.head(Wire.REQUEST), binary("a"), binary("b"))), 0);
            sink.then = given -> {
                if (given.equals("HandshakeRequest")) {
                    end.server().accept(0);
                }
                return true;
            };
            end.protocol.deliver(sink);
            expect("HandshakeRequest", "Opened", "binary a", "binary b");
        }

        @Test
        void bytesThatCameBeforeASinkAcceptsAreNotInTheBufferOfTheRead() {
            end.protocol.receive(ByteBuffer.wrap(Wire.join(Wire.head(Wire.REQUEST), binary("a"), binary("b"))), 0);
            sink.then = given -> {
                if (given.equals("HandshakeRequest")) {
                    end.server().accept(0);
                }
                return true;
            };
            receiveInPlace(binary("c"));
            expect("HandshakeRequest", "Opened", "binary a", "binary b", "in place c");
        }

        @Test
        void aClientsSinkGetsWhatCameWithTheResponse() {
            end = Endpoint.unopened(Role.CLIENT);
            receiveInPlace(Wire.head(Wire.RESPONSE), frame(Role.SERVER, 0x82, "a"));
            expect("Opened", "in place a");
        }
    }
}
