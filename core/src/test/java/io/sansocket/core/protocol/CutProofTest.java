package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.frame.Role;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Layout.Expected;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.FrameStreams;
import io.sansocket.core.testing.FrameStreams.FrameStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof that a session that is cut at any byte, in any way, ends once and says the truth. */
class CutProofTest {
    private static final int SESSIONS = 30;
    private static final int MAX_LENGTH = 500;

    @ParameterizedTest
    @EnumSource(Role.class)
    void anEndOfTheStreamAtAnyByte(Role role) {
        for (Layout layout : sessions(role)) {
            for (int cut = layout.firstCut(); cut <= layout.bytes().length; cut++) {
                Expected expected = layout.cutAt(cut);
                check(expected, fed(layout, cut).eof(), TransportEnd.PEER_EOF);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aResetAtAnyByte(Role role) {
        for (Layout layout : sessions(role)) {
            for (int cut = layout.firstCut(); cut <= layout.bytes().length; cut++) {
                Expected expected = layout.cutAt(cut);
                check(expected, fed(layout, cut).reset(), TransportEnd.PEER_RESET);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void silenceAfterAnyByte(Role role) {
        for (Layout layout : sessions(role)) {
            for (int cut = layout.firstCut(); cut <= layout.bytes().length; cut++) {
                checkSilence(role, layout.cutAt(cut), fed(layout, cut).advance(Duration.ofMinutes(10)));
            }
        }
    }

    /** Sessions with control frames, fragments and texts; many end with a Close frame, some inside a message. */
    private static List<Layout> sessions(Role role) {
        byte[] head = Wire.head(role == Role.SERVER ? Wire.REQUEST : Wire.RESPONSE);
        List<Layout> sessions = new ArrayList<>();
        for (int seed = 0; sessions.size() < SESSIONS; seed++) {
            FrameStream frames = FrameStreams.lawful(seed, role.peer());
            if (frames.frames().size() > 1 && frames.bytes().length < MAX_LENGTH) {
                // The head is the same in all, so its bytes are cut in two of them.
                sessions.add(new Layout(role, head, frames, sessions.size() < 2 ? 0 : head.length));
            }
        }
        return sessions;
    }

    private static Endpoint fed(Layout layout, int cut) {
        Endpoint end = Endpoint.unopened(layout.receiver());
        end.receive(ByteBuffer.wrap(layout.bytes(), 0, cut));
        if (layout.receiver() == Role.SERVER && cut >= layout.head().length) {
            end.next(Event.HandshakeRequest.class);
            end.accept();
        }
        return end;
    }

    private static void check(Expected expected, Endpoint end, TransportEnd how) {
        Closed closed = closed(expected, end, List.of());
        boolean serverWasFirst = expected.rule() == null && end.role == Role.SERVER;
        assertThat(closed.transportEnd()).isEqualTo(serverWasFirst ? TransportEnd.LOCAL : how);
        assertThat(closed.rule()).isEqualTo(expected.rule());
        assertThat(closed.progress().phase()).isEqualTo(expected.phase());
        if (closed.violation() != null) {
            assertThat(closed.violation().offset()).isEqualTo(expected.offset());
            assertThat(closed.sent()).isNull();
        }
        assertThat(closed.isClean()).isEqualTo(expected.rule() == null);
        checkNumbers(expected, closed.progress());
        checkClosed(end);
    }

    private static void checkSilence(Role role, Expected expected, Endpoint end) {
        boolean handshake = expected.phase() == Phase.HANDSHAKE;
        boolean inFrame = !expected.header().isEmpty();
        Closed closed = closed(expected, end, inFrame ? List.of("Stalled") : List.of());
        if (expected.rule() == null) {
            assertThat(closed.isClean()).isTrue();
            assertThat(closed.transportEnd())
                    .isEqualTo(role == Role.SERVER ? TransportEnd.LOCAL : TransportEnd.LOCAL_TIMEOUT);
        } else {
            assertThat(closed.rule()).isEqualTo(handshake ? Rule.HANDSHAKE_TIMEOUT : Rule.PONG_TIMEOUT);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
            assertThat(closed.sent() == null ? 0 : closed.sent().code()).isEqualTo(handshake ? 0 : 1011);
        }
        assertThat(closed.progress().phase())
                .isEqualTo(handshake && role == Role.CLIENT ? Phase.HANDSHAKE : Phase.CLOSING);
        checkNumbers(expected, closed.progress());
        checkClosed(end);
    }

    /** Returns the terminal event, and checks that all those before it are as expected. */
    private static Closed closed(Expected expected, Endpoint end, List<String> more) {
        List<Event> events = new ArrayList<>(end.takeEvents());
        if (expected.phase() != Phase.HANDSHAKE) {
            assertThat(events.remove(0)).isInstanceOf(Event.Opened.class);
        }
        assertThat(events).last().isInstanceOf(Closed.class);
        Closed closed = (Closed) events.remove(events.size() - 1);
        List<Event> lasting = events.subList(0, expected.events().size());
        assertThat(lasting).isEqualTo(expected.events());
        assertThat(events.subList(lasting.size(), events.size()))
                .extracting(event -> event.getClass().getSimpleName())
                .isEqualTo(more);
        assertThat(closed.unsent()).isZero();
        return closed;
    }

    private static void checkNumbers(Expected expected, Progress at) {
        assertThat(at.header()).isEqualTo(expected.header());
        assertThat(at.headerLength()).isEqualTo(expected.headerLength());
        assertThat(at.opcode()).isEqualTo(expected.opcode());
        assertThat(at.declared()).isEqualTo(expected.declared());
        assertThat(at.received()).isEqualTo(expected.received());
        assertThat(at.fragments()).isEqualTo(expected.fragments());
        assertThat(at.messageBytes()).isEqualTo(expected.messageBytes());
    }

    /** A closed connection takes every call; none has an effect, and none throws but those that say so. */
    private static void checkClosed(Endpoint end) {
        Protocol protocol = end.protocol;
        end.takeSent();
        Progress last = protocol.progress();
        end.receive(Wire.frame(end.role.peer(), 0x81, "late")).eof().reset();
        protocol.timeout(end.now + Duration.ofDays(1).toNanos());
        protocol.close(CloseStatus.NONE, end.now);
        protocol.transmitted(0);
        ByteBuffer one = ByteBuffer.allocate(1);
        List<Runnable> refused = new ArrayList<>(List.of(
                () -> protocol.sendText(""),
                () -> protocol.sendBinary(one),
                () -> protocol.sendTextFragment("", FragmentKind.FINAL),
                () -> protocol.sendBinaryFragment(one, FragmentKind.MORE),
                () -> protocol.sendPing(one, 0),
                () -> protocol.sendPong(one)));
        if (protocol instanceof ServerProtocol server) {
            refused.add(() -> server.accept(0));
            refused.add(() -> server.refuse(HttpResponse.of(403, "", HttpHeaders.empty()), 0));
        }
        for (Runnable each : refused) {
            assertThat(refuses(each)).isTrue();
        }
        end.expectNothing();
        assertThat(protocol.gather(8)).isEmpty();
        assertThat(protocol.hasOutput()).isFalse();
        assertThat(protocol.bufferedOutput()).isZero();
        assertThat(protocol.isOutputDone()).isTrue();
        assertThat(protocol.deadline()).isEqualTo(Protocol.NO_DEADLINE);
        assertThat(protocol.progress()).isEqualTo(last);
        assertThat(last.phase()).isEqualTo(Phase.CLOSED);
    }

    private static boolean refuses(Runnable call) {
        try {
            call.run();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
