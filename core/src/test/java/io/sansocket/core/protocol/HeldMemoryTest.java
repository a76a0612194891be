package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.frame.Role;
import io.sansocket.core.testing.Reachable;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What a server's end holds while nothing is going on, and once nothing more will. */
class HeldMemoryTest {
    private static final int LARGE = 100_000;
    private static final long SMALL = 2 * 1024;

    private final Endpoint end = Endpoint.open(Role.SERVER);
    private final long idle = held(end);

    private static long held(Endpoint end) {
        return Reachable.from(end.protocol).heap();
    }

    @Test
    void anIdleConnectionHoldsLittle() {
        assertThat(idle).isLessThan(SMALL);
        // And shares what says that there are no extensions.
        assertThat(end.protocol.connection.extensions()).isSameAs(ExtensionChain.EMPTY);
    }

    @Test
    void nothingIsHeldOfWhatIsOver() {
        end.receive(frame(Role.CLIENT, 0x01, "a"), frame(Role.CLIENT, 0x80, "b"), frame(Role.CLIENT, 0x82, "c"));
        end.protocol.sendText("d");
        end.takeSent();
        assertThat(end.takeEvents()).hasSize(2);
        assertThat(held(end)).isEqualTo(idle);
    }

    @Test
    void nothingIsHeldOfWhatCameBeforeTheHandshakeWasAnswered() {
        Endpoint early = Endpoint.unopened(Role.SERVER);
        early.receive(Wire.head(Wire.REQUEST), frame(Role.CLIENT, 0x82, "a"));
        early.receive(frame(Role.CLIENT, 0x82, "b")).accept();
        early.takeSent();
        assertThat(early.takeEvents()).hasSize(4);
        assertThat(held(early)).isEqualTo(idle);
    }

    @Test
    void aMessageThatNobodyWillGetIsLetGoBeforeThePeerHasClosed() {
        end.receive(frame(Role.CLIENT, 0x02, new byte[LARGE]));
        assertThat(held(end)).isGreaterThan(LARGE);
        end.receive(hex("83"));
        end.takeSent();
        assertThat(held(end)).isLessThan(SMALL);
        assertThat(end.protocol.progress().messageBytes()).isEqualTo(LARGE);
    }

    @Test
    void soIsOneThatWasInflated() {
        Pair pair = Pair.open(PermessageDeflate.create());
        pair.client().protocol.sendBinaryFragment(ByteBuffer.allocate(LARGE), FragmentKind.MORE);
        pair.run();
        assertThat(held(pair.server())).isGreaterThan(LARGE);
        pair.server().receive(hex("83"));
        pair.server().takeSent();
        assertThat(held(pair.server())).isLessThan(SMALL);
    }

    @Test
    void thePingsOfAClosedConnectionAreLetGo() {
        for (int i = 0; i < 16; i++) {
            end.protocol.sendPing(ByteBuffer.allocate(125), 0);
        }
        end.takeSent();
        assertThat(held(end)).isGreaterThan(16 * 125);
        end.reset().expectClosed();
        assertThat(held(end)).isLessThan(SMALL);
    }

    @Test
    void oneWithoutPingsHasNoneToLetGo() {
        end.reset().expectClosed();
        assertThat(held(end)).isLessThan(SMALL);
    }
}
