package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be chosen about a server is checked where it is chosen, and says what is wrong. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ServerBuilderTest {
    private static ServerBuilder server() {
        return WebSocketServer.builder().port("127.0.0.1", 0).handler(WebSocket::receive);
    }

    @Test
    void aHostThatIsNotKnownIsNamed() {
        // RFC 6761 §6.4: names under "invalid." never have an address.
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> server().port("no.such.host.invalid", 80).start())
                .withMessage("cannot listen at no.such.host.invalid:80: no address is known of that host")
                .withCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void aNameThatWasNotLookedUpYetIsLookedUpAtTheStart() throws Exception {
        try (var server = server().address(InetSocketAddress.createUnresolved("localhost", 0))
                .start()) {
            assertThat(((InetSocketAddress) server.address()).getAddress().isLoopbackAddress())
                    .isTrue();
        }
    }

    @Test
    void anAddressOfAnotherKindIsRefused() {
        SocketAddress strange = new SocketAddress() {
            @Override
            public String toString() {
                return "strange";
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().address(strange))
                .withMessage("address strange is neither an InetSocketAddress nor a UnixDomainSocketAddress");
    }

    @Test
    void subprotocolsAreTokens() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().subprotocols("chat", "a b"))
                .withMessage("subprotocol \"a b\" is not a token (RFC 6455 §4.1)");
        assertThatIllegalArgumentException().isThrownBy(() -> server().subprotocols(""));
    }

    @Test
    void aBacklogHasRoom() {
        for (int tooFew : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server().backlog(tooFew))
                    .withMessage("a backlog of " + tooFew + " connections is too small, at least 1 is needed");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ::1                  | host "::1" has several colons: an IPv6 address stands in brackets, as in [::1]
            2001:db8::2:80       | host "2001:db8::2:80" has several colons: an IPv6 address stands in brackets, as in [::1]
            [::1                 | host "[::1" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            [abc]                | host "[abc]" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            [1:2:3]              | host "[1:2:3]" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            http://a.example     | host "http://a.example" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            *.a.example          | host "*.a.example" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            ''                   | host "" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            :80                  | host ":80" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            a.example:x          | host "a.example:x" is not what a Host header says: a name or an address, IPv6 in brackets, and a port or none (RFC 9110 §7.2)
            a.example:65536      | host "a.example:65536" has port 65536, the greatest is 65535
            """)
    void hostsAreWhatAHostHeaderSays(String host, String says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().hosts("fine.example", host))
                .withMessage(says);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]:99", "[0:0::0.0.0.1]"})
    void anIpv6AddressIsServedHoweverItIsWritten(String served) throws Exception {
        try (var server = server().hosts(served).start()) {
            for (String host : new String[] {"[::1]", "[0:0:0:0:0:0:0:1]", "[::0:1]"}) {
                to(server, host).connect().close();
            }
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(() -> to(server, "[::2]").connect());
        }
    }

    private static WebSocketBuilder to(WebSocketServer server, String host) {
        return WebSocket.builder("ws://" + host + ":" + server.port())
                .address(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    }

    @Test
    void durationsAreChecked() {
        assertThatNullPointerException()
                .isThrownBy(() -> server().drainTimeout(null))
                .withMessage("timeout");
        assertThatNullPointerException()
                .isThrownBy(() -> server().writeTimeout(null))
                .withMessage("timeout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().drainTimeout(Duration.ofSeconds(-1)))
                .withMessage("the drain timeout is PT-1S, it must not be negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().drainTimeout(Duration.ofSeconds(Long.MIN_VALUE)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server().writeTimeout(Duration.ofSeconds(Long.MIN_VALUE)));
    }

    @Test
    void durationsWithoutEndAreLong() throws Exception {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        try (var server = server().drainTimeout(forever).writeTimeout(forever).start();
                var ws = to(server, "127.0.0.1").connect()) {
            ws.send("hello");
            assertThat(ws.closed().get().isClean()).isTrue();
        }
    }

    @Test
    void whatIsMissingIsNamedAtOnce() {
        assertThatNullPointerException()
                .isThrownBy(() -> server().handler(null))
                .withMessage("each");
        assertThatNullPointerException()
                .isThrownBy(() -> server().listener(null))
                .withMessage("all");
        assertThatNullPointerException()
                .isThrownBy(() -> server().address(null))
                .withMessage("at");
        assertThatNullPointerException()
                .isThrownBy(() -> server().port(null, 80))
                .withMessage("host");
        assertThatNullPointerException().isThrownBy(() -> server().tls(null)).withMessage("tls");
        assertThatNullPointerException()
                .isThrownBy(() -> server().onHandshake(null))
                .withMessage("decision");
    }
}
