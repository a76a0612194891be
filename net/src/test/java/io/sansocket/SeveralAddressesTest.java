package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sansocket.engine.Connector;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connecting to a host of several addresses (RFC 8305). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralAddressesTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    private final Loops loops = Loops.of(1, "several");

    @AfterEach
    void nothingIsLeft() {
        await().until(() -> loops.registrations().equals(List.of(0)));
        loops.close();
    }

    private CompletableFuture<SocketChannel> connect(Duration timeout, SocketAddress... addresses) {
        var result = new CompletableFuture<SocketChannel>();
        var loop = loops.next();
        var connector = new Connector(loop, List.of(addresses), timeout.toNanos(), (channel, failure) -> {
            if (channel == null) {
                result.completeExceptionally(failure);
            } else {
                result.complete(channel);
            }
        });
        loop.execute(connector::start);
        return result;
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** Returns an address at which nobody listens. */
    private static InetSocketAddress refusing() throws IOException {
        try (ServerSocket once = listen()) {
            return (InetSocketAddress) once.getLocalSocketAddress();
        }
    }

    @Test
    void oneThatIsSilentDoesNotKeepTheNextFromBeingTried() throws Exception {
        try (var silence = new Silence();
                var server = listen();
                SocketChannel connected = connect(
                                LONG, silence.address(), silence.address(), server.getLocalSocketAddress())
                        .get()) {
            assertThat(connected.getRemoteAddress()).isEqualTo(server.getLocalSocketAddress());
        }
    }

    @Test
    void oneThatRefusesIsFollowedByTheNext() throws Exception {
        try (var server = listen();
                SocketChannel connected = connect(LONG, refusing(), refusing(), server.getLocalSocketAddress())
                        .get()) {
            assertThat(connected.getRemoteAddress()).isEqualTo(server.getLocalSocketAddress());
        }
    }

    @Test
    void theFirstMayStillAnswerWhileTheNextIsTried() throws Exception {
        try (var first = new Silence();
                var second = new Silence()) {
            CompletableFuture<SocketChannel> connecting = connect(LONG, first.address(), second.address());
            await().until(() -> loops.registrations().equals(List.of(2)));
            // The system asks again after a second or so.
            first.acceptOne();
            first.acceptOne();
            try (SocketChannel connected = connecting.get()) {
                assertThat(connected.getRemoteAddress()).isEqualTo(first.address());
            }
        }
    }

    @Test
    void whereNoneAnswersEachIsNamed() throws Exception {
        try (var silence = new Silence()) {
            int port = silence.address().getPort();
            InetSocketAddress closedPort = refusing();
            assertThat(connect(Duration.ofMillis(400), silence.address(), refusing(), silence.address()))
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(SocketTimeoutException.class)
                    .withMessageMatching("cannot connect to localhost/127.0.0.1:\\d+: Connection refused; "
                            + "localhost/127.0.0.1:" + port + ": no answer for \\d+ ms; "
                            + "localhost/127.0.0.1:" + port + ": no answer for \\d+ ms");
            assertThat(connect(Duration.ofMillis(20), silence.address(), closedPort))
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingCause()
                    .withMessageEndingWith(closedPort + ": not tried");
            assertThat(connect(LONG, refusing(), refusing()))
                    .failsWithin(LONG)
                    .withThrowableThat()
                    .havingCause()
                    .isInstanceOf(ConnectException.class)
                    .withMessageMatching("cannot connect to .*: Connection refused; .*: Connection refused");
        }
    }
}
