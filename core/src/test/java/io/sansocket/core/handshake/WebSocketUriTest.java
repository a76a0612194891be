package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a URI says to connect to; what the request then says is tested with the handshake. */
class WebSocketUriTest {
    @ParameterizedTest
    @CsvSource({
        "ws://Example.com, example.com, 80, example.com, /",
        "ws://example.com:80/chat?room=1, example.com, 80, example.com, /chat?room=1",
        "ws://example.com:443, example.com, 443, example.com:443, /",
        "wss://example.com, example.com, 443, example.com, /",
        "wss://example.com:80/, example.com, 80, example.com:80, /",
        "WSS://example.com:/, example.com, 443, example.com, /",
        // What URI.getHost says null of.
        "ws://my_service:9999/a, my_service, 9999, my_service:9999, /a",
        "wss://127.1, 127.1, 443, 127.1, /",
        "ws://[::1]:8765, [::1], 8765, [::1]:8765, /",
        "ws://[fe80::1%eth0]/, [fe80::1%eth0], 80, [fe80::1], /",
        "ws://[fe80::1%25eth0]/, [fe80::1%eth0], 80, [fe80::1], /",
        "ws://[fe80::1%25]/, [fe80::1%25], 80, [fe80::1], /",
        "ws://[FE80::1%Eth0]:81, [fe80::1%Eth0], 81, [fe80::1]:81, /",
    })
    void isTakenApart(String uri, String host, int port, String hostHeader, String target) {
        WebSocketUri parsed = WebSocketUri.of(URI.create(uri));
        assertThat(parsed.host()).isEqualTo(host);
        assertThat(parsed.port()).isEqualTo(port);
        assertThat(parsed.hostHeader()).isEqualTo(hostHeader);
        assertThat(parsed.target()).isEqualTo(target);
        assertThat(parsed.secure())
                .isEqualTo(uri.toLowerCase(java.util.Locale.ROOT).startsWith("wss"));
    }

    @Test
    void aPercentSignInANameIsNoZone() {
        assertThat(WebSocketUri.of(URI.create("ws://a%41b:81/")).host()).isEqualTo("a%41b");
    }
}
