package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.sansocket.testkit.FaultyPeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that get no connection, or do not want one any more. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectingTest {
    private static WebSocketBuilder client(Silence silence) {
        return WebSocket.builder("ws://127.0.0.1:" + silence.address().getPort());
    }

    @Test
    void anAddressThatDoesNotAnswerIsNamedWhenTheTimeoutHasPassed() throws Exception {
        try (var silence = new Silence()) {
            assertThatExceptionOfType(SocketTimeoutException.class)
                    .isThrownBy(() -> client(silence)
                            .connectTimeout(Duration.ofMillis(100))
                            .connect())
                    .withMessageMatching(
                            "cannot connect to 127.0.0.1:" + silence.address().getPort() + ": no answer for \\d+ ms");
        }
    }

    @Test
    void whoCancelsLeavesNothingBehind() throws Exception {
        try (var silence = new Silence();
                var loops = Loops.of(1, "cancelled")) {
            CompletableFuture<WebSocket> connecting =
                    client(silence).loops(loops).connectAsync();
            connecting.cancel(false);

            await().until(() -> loops.registrations().equals(List.of(0)));
        }
    }

    @Test
    void whoCancelsWhileTheHandshakeGoesOnGetsNoConnection() throws Exception {
        var connecting = new CompletableFuture<CompletableFuture<WebSocket>>();
        try (var peer = FaultyPeer.listen(FaultyPeer.script()
                .readHead()
                .call(() -> connecting.join().cancel(false))
                .handshake()
                .answerClose(1001)
                .fin())) {
            connecting.complete(WebSocket.builder(peer.uri()).connectAsync());
            peer.await(Duration.ofSeconds(20));

            assertThat(connecting.join()).isCancelled();
        }
    }

    @Test
    void whoIsInterruptedGivesUp() throws Exception {
        try (var silence = new Silence();
                var loops = Loops.of(1, "interrupted")) {
            Thread.currentThread().interrupt();

            assertThatExceptionOfType(InterruptedException.class)
                    .isThrownBy(() -> client(silence).loops(loops).connect());
            await().until(() -> loops.registrations().equals(List.of(0)));
        }
    }

    @Test
    void whoseLoopEndsIsToldSo() throws Exception {
        try (var silence = new Silence()) {
            Loops loops = Loops.of(1, "ends");
            CompletableFuture<WebSocket> connecting =
                    client(silence).loops(loops).connectAsync();
            loops.registrations(); // it has begun
            loops.close();

            assertThat(connecting)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(ConnectException.class)
                    .withMessageContaining("the event loop has ended");
        }
    }

    @Test
    void aSystemThatCannotConnectIsNamed() {
        var noFile = UnixDomainSocketAddress.of("/nowhere/at/all");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        WebSocket.builder("ws://localhost").address(noFile).connect())
                .withMessageStartingWith("cannot connect to /nowhere/at/all: ");
    }

    @Test
    void aChannelThatIsClosedIsNotConnected() throws Exception {
        SocketChannel closed = SocketChannel.open();
        closed.close();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() ->
                        WebSocket.builder("ws://localhost").channel(closed).connect());
    }

    @Test
    void aHostWithoutAnAddressIsNamed() {
        String noName = "a".repeat(64) + ".invalid"; // longer than a name's part may be

        assertThatExceptionOfType(UnknownHostException.class)
                .isThrownBy(() -> WebSocket.connect("ws://" + noName))
                .withMessageContaining(noName);
    }

    @Test
    void thereIsAtLeastOneLoop() {
        assertThatIllegalArgumentException().isThrownBy(() -> Loops.of(0, "none"));
    }
}
