package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.FragmentKind.FINAL;
import static io.sansocket.core.protocol.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.testing.BufferKind;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A buffer that an engine lends for what is sent: what goes into it, what does not, and when it counts as transmitted. */
class LentBufferTest {
    private static final int KIBIBYTE = 1024;

    private Endpoint end = Endpoint.open(Role.SERVER).block();

    @AfterEach
    void nothingIsLeft() {
        end.unblock().assertExhausted();
    }

    private ByteBuffer lend(int size) {
        ByteBuffer target = ByteBuffer.allocateDirect(size);
        end.protocol.lend(target);
        return target;
    }

    /** Takes the buffer back, expects it to hold these frames, and has them transmitted. */
    private void expect(ByteBuffer target, byte[]... frames) {
        expectGiven(target, frames);
        end.protocol.transmitted(target.position());
    }

    private void expectGiven(ByteBuffer target, byte[]... frames) {
        byte[] expected = Wire.join(frames);
        assertThat(end.protocol.takeBack()).isEqualTo(expected.length);
        assertThat(Wire.show(bytes(target))).isEqualTo(Wire.show(expected));
    }

    private static byte[] bytes(ByteBuffer written) {
        byte[] bytes = new byte[written.position()];
        written.get(0, bytes);
        return bytes;
    }

    private static byte[] text(String text) {
        return frame(Role.SERVER, 0x81, text);
    }

    @ParameterizedTest
    @EnumSource(value = BufferKind.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
    void whatIsSentIsInTheBufferAtOnce(BufferKind kind) {
        for (Role role : Role.values()) {
            end = Endpoint.open(role).block();
            ByteBuffer target = kind.of(new byte[100_000]);
            int from = target.position();
            end.protocol.lend(target);
            var expected = new ByteArrayOutputStream();
            for (int length : new int[] {0, 1, 125, 126, 8191, 65_535}) {
                byte[] payload = Arrays.copyOf(Wire.utf8("payload"), length);
                end.protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
                expected.writeBytes(frame(role, 0x82, payload));
                assertThat(target.position()).isEqualTo(from + expected.size());
            }
            byte[] sent = new byte[expected.size()];
            target.get(from, sent);
            assertThat(sent).isEqualTo(expected.toByteArray());
            assertThat(end.protocol.takeBack()).isEqualTo(expected.size());
        }
    }

    @Test
    void anEmptyLoanGivesNothing() {
        ByteBuffer target = lend(10);
        expect(target);
        assertThat(target.position()).isZero();
    }

    @Test
    void bytesArePutBehindWhatTheBufferHolds() {
        ByteBuffer target = ByteBuffer.allocate(10).put((byte) 7);
        end.protocol.lend(target);
        end.protocol.sendText("a");
        assertThat(end.protocol.takeBack()).isEqualTo(3);
        assertThat(bytes(target)).isEqualTo(Wire.join(new byte[] {7}, text("a")));
    }

    @Test
    void aBufferThatWasTakenBackGetsNothingMore() {
        ByteBuffer target = lend(20);
        end.protocol.sendText("a");
        expectGiven(target, text("a"));
        end.protocol.sendText("b");
        assertThat(target.position()).as("it is being written").isEqualTo(3);
        end.protocol.transmitted(3);
        end.unblock().expectSent(text("b"));
    }

    @Test
    void aLargePayloadThatIsGivenAwayAndJustFitsIsInTheBufferAtOnce() {
        byte[] payload = new byte[OutputQueue.LARGE];
        ByteBuffer target = lend(4 + payload.length);
        end.protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
        assertThat(target.hasRemaining()).isFalse();
        expect(target, frame(Role.SERVER, 0x82, payload));
    }

    @Test
    void bytesWaitUntilTheBufferIsTakenBackAndCountUntilTheyAreTransmitted() {
        ByteBuffer target = lend(10);
        end.protocol.sendText("a");
        assertThat(end.protocol.hasOutput()).isTrue();
        assertThat(end.protocol.bufferedOutput()).isEqualTo(3);
        expectGiven(target, text("a"));
        assertThat(end.protocol.hasOutput()).isFalse();
        assertThat(end.protocol.bufferedOutput()).isEqualTo(3);
        end.protocol.transmitted(2);
        assertThat(end.protocol.bufferedOutput()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> end.protocol.transmitted(2))
                .withMessage("2 bytes cannot have been transmitted, 1 waited");
        end.protocol.transmitted(1);
        assertThat(end.protocol.bufferedOutput()).isZero();
    }

    @Test
    void whatWasGivenOutIsNotGivenAgain() {
        ByteBuffer first = lend(5);
        end.protocol.sendText("abc");
        end.protocol.sendText("d");
        expectGiven(first, text("abc"));
        ByteBuffer second = lend(20);
        end.protocol.sendText("e");
        expectGiven(second, text("d"), text("e"));
        ByteBuffer third = lend(3);
        end.protocol.sendText("f");
        assertThat(third.position()).as("nothing waits in front").isEqualTo(3);
        expectGiven(third, text("f"));
        end.protocol.sendText("gh");
        assertThat(end.protocol.gather(9)).containsExactly(ByteBuffer.wrap(text("gh")));
        // Transmitted is what was given out, and only then what is gathered.
        end.protocol.transmitted(5 + 3 + 3 + 3 + 1);
        assertThat(end.protocol.bufferedOutput()).isEqualTo(3);
        end.unblock().expectSent(Arrays.copyOfRange(text("gh"), 1, 4));
    }

    @Test
    void noPongIsQueuedBehindOneThatIsOnItsWay() {
        end.receive(frame(Role.CLIENT, 0x89, "1")).next(Event.Ping.class);
        expectGiven(lend(20), frame(Role.SERVER, 0x8A, "1"));
        end.receive(frame(Role.CLIENT, 0x89, "2")).next(Event.Ping.class);
        end.receive(frame(Role.CLIENT, 0x89, "3")).next(Event.Ping.class);
        expectGiven(lend(20));
        end.protocol.transmitted(3);
        expect(lend(20), frame(Role.SERVER, 0x8A, "3"));
    }

    @Test
    void whatDoesNotFitWaitsBehindAndAllThatFollows() {
        ByteBuffer target = lend(10);
        end.protocol.sendText("abc");
        end.protocol.sendText("123456");
        end.protocol.sendText("d");
        assertThat(target.position()).isEqualTo(5);
        assertThat(end.protocol.bufferedOutput()).isEqualTo(5 + 8 + 3);
        // Taken back, it is filled up.
        expect(target, text("abc"), Arrays.copyOf(text("123456"), 5));
        end.unblock().expectSent(Wire.join(Arrays.copyOfRange(text("123456"), 5, 8), text("d")));
    }

    @Test
    void whatWaitsGoesFirst() {
        end.protocol.sendText("a");
        ByteBuffer target = lend(20);
        end.protocol.sendText("b");
        assertThat(target.position()).isZero();
        expect(target, text("a"), text("b"));
    }

    @Test
    void aLargePayloadThatIsGivenAwayIsQueuedByReferenceWhereItDoesNotFit() {
        byte[] payload = new byte[OutputQueue.LARGE];
        ByteBuffer target = lend(100);
        end.protocol.sendBinaryByReference(ByteBuffer.wrap(payload));
        end.protocol.sendText("behind");
        assertThat(target.position()).isEqualTo(4);
        payload[0] = 42; // by reference: the caller must not, but here we look
        end.protocol.takeBack();
        assertThat(target.get(4)).isEqualTo((byte) 42);
        assertThat(end.unblock().takeSent()).endsWith(text("behind")).hasSize(4 + payload.length + 8 - 100);
    }

    @Test
    void aBorrowedMessageMayBeSentBackWhereverItGoes() {
        byte[] payload = new byte[3 * OutputQueue.LARGE];
        new Random(1).nextBytes(payload);
        byte[] in = Wire.join(frame(Role.CLIENT, 0x82, payload), frame(Role.CLIENT, 0x82, payload));
        ByteBuffer target = lend(payload.length + 100);
        end.protocol.receiveInPlace(ByteBuffer.wrap(in), 0, echo());
        Arrays.fill(in, (byte) 0);
        byte[] echo = frame(Role.SERVER, 0x82, payload);
        end.protocol.takeBack();
        byte[] sent = Wire.join(bytes(target), end.unblock().takeSent());
        assertThat(sent).isEqualTo(Wire.join(echo, echo));
    }

    private MessageSink echo() {
        return new MessageSink() {
            @Override
            public boolean text(String text) {
                return false;
            }

            @Override
            public boolean binary(ByteBuffer data) {
                return false;
            }

            @Override
            public boolean binaryInPlace(ByteBuffer borrowed) {
                end.protocol.sendBinary(borrowed);
                return true;
            }

            @Override
            public boolean event(Event event) {
                return false;
            }
        };
    }

    @Test
    void pongsAndFragmentsGoIntoIt() {
        end.receive(frame(Role.CLIENT, 0x89, "p"));
        ByteBuffer target = lend(100);
        end.protocol.sendTextFragment("ab", FragmentKind.MORE);
        end.protocol.sendTextFragment("c", FINAL);
        expect(target, frame(Role.SERVER, 0x01, "ab"), frame(Role.SERVER, 0x80, "c"), frame(Role.SERVER, 0x8A, "p"));
        end.takeEvents();
    }

    @Test
    void aResponseGoesIntoItOrBehindIt() {
        for (int room : new int[] {500, 50}) {
            end = Endpoint.unopened(Role.SERVER).block();
            end.receive(Wire.head(Wire.REQUEST)).next(Event.HandshakeRequest.class);
            ByteBuffer target = lend(room);
            end.server().accept(0);
            assertThat(target.position() > 0).isEqualTo(room == 500);
            end.protocol.takeBack();
            assertThat(new String(bytes(target), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 101 ");
            end.next(Event.Opened.class);
            end.unblock().takeSent();
        }
    }

    @Test
    void aServerEndsWhenItsCloseFrameIsTransmitted() {
        ByteBuffer target = lend(100);
        end.receive(frame(Role.CLIENT, 0x88, "")).expectNoEvent();
        expectGiven(target, frame(Role.SERVER, 0x88, ""));
        end.protocol.transmitted(1);
        end.expectNoEvent();
        assertThat(end.protocol.isOutputDone()).isFalse();
        end.protocol.transmitted(1);
        Closed closed = end.expectClosed();
        assertThat(closed.isClean()).isTrue();
        assertThat(closed.unsent()).isZero();
    }

    @Test
    void aConnectionThatEndsMeanwhileGivesTheBufferBackAsItWas() {
        ByteBuffer target = ByteBuffer.allocate(100).put((byte) 7);
        end.protocol.lend(target);
        end.protocol.sendText("abc");
        end.protocol.receiveReset(0);
        assertThat(target.position()).isEqualTo(1);
        assertThat(end.expectClosed().unsent()).isEqualTo(5);
        assertThat(end.protocol.takeBack()).isZero();
        assertThat(target.position()).isEqualTo(1);
    }

    @Test
    void whatWasGivenOutAndNotTransmittedIsUnsent() {
        ByteBuffer target = lend(10);
        end.protocol.sendText("abc");
        end.protocol.sendText("123456");
        expectGiven(target, text("abc"), Arrays.copyOf(text("123456"), 5));
        end.protocol.transmitted(4);
        end.protocol.receiveReset(0);
        assertThat(end.expectClosed().unsent()).isEqualTo(6 + 3);
        // Whoever writes on another thread may learn too late that it went.
        end.protocol.transmitted(6);
        assertThat(end.protocol.bufferedOutput()).isZero();
    }

    /** A Close frame that never left this end is no clean close. */
    @Test
    void aCloseFrameThatWasOnlyGivenOutIsNotSent() {
        ByteBuffer target = lend(100);
        end.receive(frame(Role.CLIENT, 0x88, "")).expectNoEvent();
        expectGiven(target, frame(Role.SERVER, 0x88, ""));
        end.protocol.receiveReset(0);
        Closed closed = end.expectClosed();
        assertThat(closed.isClean()).isFalse();
        assertThat(closed.unsent()).isEqualTo(2);
    }

    @Test
    void aFullQueueIsFullThoughABufferIsLent() {
        end = Endpoint.open(Role.SERVER, Settings.SERVER.withLimits(Limits.SERVER.withMaxBufferedOutput(KIBIBYTE)))
                .block();
        ByteBuffer target = lend(2 * KIBIBYTE);
        ByteBuffer half = ByteBuffer.allocate(KIBIBYTE / 2);
        end.protocol.sendBinary(half);
        assertThatIllegalStateException().isThrownBy(() -> end.protocol.sendBinary(half));
        expect(target, frame(Role.SERVER, 0x82, half.array()));
    }

    @Test
    void whileABufferIsLentNothingElseTakesBytes() {
        ByteBuffer target = lend(10);
        List<Runnable> calls = List.of(
                () -> end.protocol.transmit(ByteBuffer.allocate(9)),
                () -> end.protocol.gather(1),
                () -> end.protocol.transmitted(0),
                () -> end.protocol.lend(ByteBuffer.allocate(9)));
        for (Runnable call : calls) {
            assertThatIllegalStateException().isThrownBy(call::run).withMessageContaining("a buffer is lent");
        }
        end.protocol.sendText("a");
        expect(target, text("a"));
        assertThatIllegalStateException().isThrownBy(end.protocol::takeBack).withMessage("no buffer is lent");
    }

    @Test
    void aReadOnlyBufferIsRefused() {
        ByteBuffer target = ByteBuffer.allocate(9).asReadOnlyBuffer();
        assertThatIllegalArgumentException().isThrownBy(() -> end.protocol.lend(target));
        expect(lend(1));
    }

    /** The same calls with loans of all sizes send the same bytes. */
    @Test
    void aLoanMakesNoDifferenceToWhatIsSent() {
        for (int seed = 0; seed < 500; seed++) {
            Role role = seed % 2 == 0 ? Role.SERVER : Role.CLIENT;
            assertThat(told(role, new Random(seed), true))
                    .as("seed %d", seed)
                    .isEqualTo(told(role, new Random(seed), false));
        }
    }

    private static String told(Role role, Random random, boolean lending) {
        Endpoint end = Endpoint.open(role).block();
        var sent = new ByteArrayOutputStream();
        for (int calls = 1 + random.nextInt(20); calls > 0; calls--) {
            ByteBuffer target = ByteBuffer.allocate(random.nextInt(3) == 0 ? random.nextInt(40) : 20_000);
            if (lending) {
                end.protocol.lend(target);
            }
            for (int sends = random.nextInt(4); sends > 0; sends--) {
                send(end.protocol, random);
            }
            if (lending) {
                end.protocol.transmitted(end.protocol.takeBack());
            } else {
                end.protocol.transmit(target);
            }
            sent.write(target.array(), 0, target.position());
        }
        sent.writeBytes(end.unblock().takeSent());
        return Wire.show(sent.toByteArray());
    }

    private static void send(Protocol protocol, Random random) {
        ByteBuffer data = ByteBuffer.allocate(random.nextInt(4) == 0 ? random.nextInt(30_000) : random.nextInt(200));
        switch (random.nextInt(5)) {
            case 0 -> protocol.sendText("text");
            case 1 -> protocol.sendBinary(data);
            case 2 -> protocol.sendBinaryByReference(data);
            case 3 -> protocol.sendBinaryFragment(data, FINAL);
            default -> protocol.sendPong(ByteBuffer.allocate(2));
        }
    }

    @Test
    void theEndOfTheStreamWaitsForABufferThatIsLent() {
        ByteBuffer target = lend(100);
        end.receive(frame(Role.CLIENT, 0x83, "")).eof().expectNoEvent();
        end.protocol.close(CloseStatus.NONE, 0);
        end.protocol.transmitted(end.protocol.takeBack());
        assertThat(bytes(target)).startsWith(0x88);
        assertThat(end.expectClosed().transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
    }
}
