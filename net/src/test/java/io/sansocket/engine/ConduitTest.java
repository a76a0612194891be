package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.TransportEnd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection and its loop, at moments that no peer can bring about. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConduitTest {
    private final EventLoop loop = new EventLoop("conduit-test");
    private SocketChannel peer;
    private SocketChannel accepted;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            peer = SocketChannel.open(server.getLocalAddress());
            accepted = server.accept();
        }
        accepted.configureBlocking(false);
    }

    @AfterEach
    void end() throws IOException {
        loop.stop();
        peer.close();
        accepted.close();
    }

    /** Notes how it ended. */
    private static final class Ending implements Application {
        final CompletableFuture<Closed> closed = new CompletableFuture<>();

        @Override
        public boolean text(String text) {
            return true;
        }

        @Override
        public boolean binary(ByteBuffer data) {
            return true;
        }

        @Override
        public boolean event(Event event) {
            if (event instanceof Closed end) {
                closed.complete(end);
            }
            return true;
        }

        @Override
        public void writable() {}

        @Override
        public void batchEnd() {}

        @Override
        public void released() {}
    }

    private Conduit conduit(Transport transport, Ending application) {
        var protocol = new ServerProtocol(Settings.SERVER, OriginPolicy.any(), List.of(), System.nanoTime());
        return new Conduit(loop, transport, protocol, application, Duration.ofSeconds(30));
    }

    @Test
    void aConnectionThatComesWhenTheLoopHasEndedIsClosed() throws Exception {
        loop.stop();
        loop.join();
        var ending = new Ending();

        conduit(new PlainTransport(accepted), ending).start();

        assertThat(ending.closed).isCompletedWithValueMatching(end -> end.transportEnd() == TransportEnd.LOCAL_FAILURE);
        assertThat(accepted.isOpen()).isFalse();
    }
}
