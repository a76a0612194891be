package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import io.sansocket.core.protocol.TransportEnd;
import io.sansocket.core.rule.CloseStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One connection and its loop, at moments that no peer can bring about. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConduitTest {
    private final EventLoop loop = new EventLoop("conduit-test", true);
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

    /** Accepts any request, and notes how the connection ended. */
    private static final class Ending implements Application {
        final CompletableFuture<ServerProtocol> protocol = new CompletableFuture<>();
        final CompletableFuture<Void> requested = new CompletableFuture<>();
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
            if (event instanceof Event.HandshakeRequest) {
                protocol.join().accept(System.nanoTime());
                requested.complete(null);
            } else if (event instanceof Closed end) {
                closed.complete(end);
            }
            return true;
        }

        @Override
        public void writable() {}

        @Override
        public void batchEnd() {}

        @Override
        public long takeSent() {
            return 0;
        }

        @Override
        public long queued() {
            return 0;
        }

        @Override
        public void released() {}
    }

    private Conduit conduit(Transport transport, Ending application) {
        var protocol = new ServerProtocol(Settings.SERVER, OriginPolicy.any(), List.of(), System.nanoTime());
        application.protocol.complete(protocol);
        return new Conduit(loop, transport, protocol, application, Duration.ofSeconds(30));
    }

    /** Takes so many bytes, and then no more; what is read never ends, when the peer has begun to send. */
    private static final class Odd implements Transport {
        private final PlainTransport plain;
        private int room;
        boolean endless;

        Odd(SocketChannel channel, int room) {
            plain = new PlainTransport(channel);
            this.room = room;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = plain.read(target);
            return endless ? target.capacity() : count;
        }

        @Override
        public int write(ByteBuffer source) {
            int count = Math.min(room, source.remaining());
            source.position(source.position() + count);
            room -= count;
            return count;
        }

        @Override
        public SocketChannel channel() {
            return plain.channel();
        }

        @Override
        public void start(Runnable resume) {
            plain.start(resume);
        }

        @Override
        public TransportEnd end() {
            return plain.end();
        }

        @Override
        public boolean takesOutput() {
            return true;
        }

        @Override
        public void flush() {
            // Nothing waits in it.
        }

        @Override
        public int ops(int wanted) {
            return wanted & SelectionKey.OP_READ;
        }

        @Override
        public boolean hasBuffered() {
            return false;
        }

        @Override
        public void shutdownOutput() throws IOException {
            plain.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            plain.close();
        }

        @Override
        public Optional<SSLSession> tlsSession() {
            return Optional.empty();
        }
    }

    @Test
    void whatTheChannelDidNotTakeIsUnsent() throws Exception {
        var ending = new Ending();
        Conduit conduit = conduit(new Odd(accepted, 100), ending);
        loop.execute(conduit::start);
        peer.write(StandardCharsets.US_ASCII.encode("""
                GET / HTTP/1.1\r
                Host: localhost\r
                Upgrade: websocket\r
                Connection: Upgrade\r
                Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
                Sec-WebSocket-Version: 13\r
                \r
                """));
        ending.requested.get();

        long waiting = CompletableFuture.supplyAsync(conduit::waiting, loop).get();
        assertThat(waiting).isPositive();
        assertThat(CompletableFuture.supplyAsync(conduit::written, loop).get()).isEqualTo(100);
        loop.execute(() -> conduit.fail(new IOException("enough")));

        assertThat(ending.closed.get().unsent()).isEqualTo(waiting);
    }

    @Test
    void aPeerThatSendsWithoutEndDoesNotHoldUpTheLoopWhenThisEndHasClosed() throws Exception {
        var ending = new Ending();
        var endless = new Odd(accepted, 0);
        endless.endless = true;
        Conduit conduit = conduit(endless, ending);
        loop.execute(() -> {
            conduit.start();
            ending.protocol.join().close(CloseStatus.NONE, System.nanoTime());
            conduit.settle();
        });
        assertThat(ending.closed.get().transportEnd()).isEqualTo(TransportEnd.LOCAL);

        peer.write(ByteBuffer.allocate(10)); // the channel stays readable from here on

        for (int i = 0; i < 10; i++) {
            assertThat(CompletableFuture.supplyAsync(accepted::isOpen, loop)).succeedsWithin(Duration.ofSeconds(20));
        }
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
