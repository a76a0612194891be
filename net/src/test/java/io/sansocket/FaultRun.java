package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import io.sansocket.testkit.Fault;
import io.sansocket.testkit.FaultCase;
import io.sansocket.testkit.FaultyPeer;
import io.sansocket.testkit.Moment;
import io.sansocket.testkit.Script;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/**
 * A fault of the test kit's table against this client or server, with TLS or without. The timeouts are short where the fault is
 * silence, and what they cut short is the same.
 */
record FaultRun(FaultCase fault, boolean secure) {
    private static final Duration ENOUGH_FOR_TLS = Duration.ofMillis(1500);
    private static final Timeouts SHORT = new Timeouts(
            Duration.ofMillis(400),
            Duration.ofMillis(200),
            Duration.ofMillis(250),
            Duration.ofMillis(250),
            Duration.ofMillis(100));

    /** What certificates cost is paid once. */
    private static final class Secure {
        static final Tls CLIENT;
        static final Tls SERVER;
        static final SSLContext CLIENT_PEER;
        static final SSLContext SERVER_PEER;

        static {
            try {
                CLIENT = Certificates.trusts(Certificates.CA);
                SERVER = Certificates.shows(Certificates.LOCALHOST);
                CLIENT_PEER = Certificates.context(Certificates.CLIENT);
                SERVER_PEER = Certificates.context(Certificates.LOCALHOST);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Returns each case without TLS, where it can be had without, and each with TLS. */
    static Stream<FaultRun> all(Role tested) {
        return FaultCase.all(tested).stream()
                .flatMap(fault -> fault.needsTls()
                        ? Stream.of(new FaultRun(fault, true))
                        : Stream.of(new FaultRun(fault, false), new FaultRun(fault, true)));
    }

    private Script script() {
        if (!secure) {
            return fault.script();
        }
        return fault.script(fault.tested() == Role.CLIENT ? Secure.SERVER_PEER : Secure.CLIENT_PEER);
    }

    FaultyPeer listen() throws IOException {
        return FaultyPeer.listen(script());
    }

    FaultyPeer connectTo(WebSocketServer server) throws IOException {
        return FaultyPeer.connectTo("127.0.0.1", server.port(), script());
    }

    WebSocketBuilder client(int port, Loops loops) {
        return client(secure, port, loops).timeouts(timeouts());
    }

    ServerBuilder server(Loops loops) {
        return server(secure, loops).timeouts(timeouts());
    }

    static WebSocketBuilder client(boolean secure, int port, Loops loops) {
        WebSocketBuilder builder = WebSocket.builder(URI.create((secure ? "wss" : "ws") + "://127.0.0.1:" + port));
        return (secure ? builder.tls(Secure.CLIENT) : builder).loops(loops);
    }

    static ServerBuilder server(boolean secure, Loops loops) {
        ServerBuilder builder = WebSocketServer.builder().port("127.0.0.1", 0).loops(loops);
        return secure ? builder.tls(Secure.SERVER) : builder;
    }

    private Timeouts timeouts() {
        boolean silence = fault.fault() == Fault.STALL || fault.fault() == Fault.SWALLOW;
        if (!silence) {
            return Timeouts.DEFAULT; // a peer that is slow and lawful must not be cut short
        }
        // The handshake's time runs while TLS comes up, which must not be what it cuts short.
        return secure && !fault.isBeforeTls() ? SHORT.withHandshake(ENOUGH_FOR_TLS) : SHORT;
    }

    /** Tells whether there is a connection at all. */
    boolean opens() {
        return switch (fault.moment()) {
            case ACCEPT, TLS -> false;
            case HEAD -> fault.fault() == Fault.DRIBBLE;
            default -> true;
        };
    }

    /** Where TLS does not come about this is what is told, and not the end of a connection. */
    private boolean failsInTls() {
        return secure && fault.isBeforeTls();
    }

    /** Checks what a client is told that got no connection. */
    void verifyNotOpened(Throwable thrown) {
        if (thrown instanceof ConnectException) {
            // A reset right behind the peer's accept may already be the answer to connecting.
            assertThat(fault.fault()).isEqualTo(Fault.RESET);
            assertThat(fault.moment()).isEqualTo(Moment.ACCEPT);
        } else if (failsInTls()) {
            assertThat(thrown)
                    .isInstanceOf(SSLException.class)
                    .hasMessageStartingWith("TLS with 127.0.0.1:")
                    .hasMessageContaining(" failed: ");
            assertThat(thrown.getMessage()).containsPattern(failureOfTls());
        } else {
            assertThat(thrown).isInstanceOf(ConnectionClosedException.class);
            Closed closed = ((ConnectionClosedException) thrown).closed();
            fault.verify(closed);
            assertThat(thrown).hasMessageContaining(closed.toString());
        }
    }

    /** Checks what a server's log has to say where there was no connection of which the application could be told. */
    void verifyNotOpened(String line) {
        if (failsInTls()) {
            assertThat(line).contains(": TLS failed: ").containsPattern(failureOfTls());
        } else {
            assertThat(line).contains(Objects.requireNonNull(fault.rule()).id() + " at offset ");
            assertThat(line).contains("; " + fault.transportEnd() + "; Close received: none; ");
        }
    }

    private Pattern failureOfTls() {
        return Pattern.compile(
                switch (fault.fault()) {
                    case FIN, HALF_CLOSE -> "the peer ended the connection during the TLS handshake";
                    case RESET -> "Connection reset|Broken pipe";
                    case STALL -> "handshake-timeout|the TLS handshake took too long";
                    default -> throw new IllegalStateException(this + " does not fail in TLS");
                });
    }

    @Override
    public String toString() {
        return fault + (secure ? " over wss" : " over ws");
    }
}
