package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.http.Heads;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest {
    private static final String REQUEST = """
            GET /chat HTTP/1.1
            Host: a.example
            Upgrade: websocket
            Connection: Upgrade
            Origin: https://a.example
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: chat, superchat
            Sec-WebSocket-Extensions: one; p, one, two, three, one, four

            """;
    private static final HttpHeaders NO_HEADERS = HttpHeaders.empty();

    private static ServerHandshake handshake(String request) {
        return ServerHandshake.of(Heads.request(request), OriginPolicy.sameOrigin());
    }

    @Test
    void aRequestIsAcceptedWithTheChosenSubprotocolAndMoreHeaders() {
        ServerHandshake handshake = handshake(REQUEST);
        assertThat(handshake.violations()).isEmpty();
        assertThat(handshake.subprotocols()).containsExactly("chat", "superchat");
        assertThat(handshake.request().target()).isEqualTo("/chat");
        var acceptance = handshake.accept("superchat", HttpHeaders.of("Set-Cookie", "a=b"), List.of());
        assertThat(acceptance.subprotocol()).isEqualTo("superchat");
        assertThat(acceptance.extensions()).isEmpty();
        assertThat(acceptance.response().status()).isEqualTo(101);
        assertThat(acceptance.response().headers())
                .isEqualTo(HttpHeaders.of("Upgrade", "websocket")
                        .with("Connection", "Upgrade")
                        .with("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
                        .with("Sec-WebSocket-Protocol", "superchat")
                        .with("Set-Cookie", "a=b"));
        var plain = handshake.accept(null, NO_HEADERS, List.of());
        assertThat(plain.subprotocol()).isNull();
        assertThat(plain.response().headers().size()).isEqualTo(3);
    }

    @Test
    void onlyASubprotocolThatWasAskedForCanBeChosen() {
        ServerHandshake handshake = handshake(REQUEST);
        for (String other : new String[] {"Chat", "", "chat\r\nX: y"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> handshake.accept(other, NO_HEADERS, List.of()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Upgrade",
                "connection",
                "Sec-WebSocket-Accept",
                "SEC-WEBSOCKET-PROTOCOL",
                "Sec-WebSocket-Extensions",
                "sec-websocket-future",
                "Content-Length",
                "Transfer-Encoding",
                "Host",
                "Origin"
            })
    void theHandshakesOwnHeadersCannotBeSet(String name) {
        ServerHandshake handshake = handshake(REQUEST);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> handshake.accept(null, HttpHeaders.of(name, "x"), List.of()))
                .withMessage("header " + name + " belongs to the handshake");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeOptions.NONE.withHeader(name, "x"))
                .withMessage("header " + name + " belongs to the handshake");
    }

    @Test
    void whatBreaksARuleCannotBeAccepted() {
        ServerHandshake doubled = handshake(REQUEST.replace("Host: a.example\n", ""));
        assertThat(doubled.violations())
                .extracting(Violation::rule)
                .containsExactly(Rule.HANDSHAKE_HOST, Rule.HANDSHAKE_ORIGIN);
        assertThatIllegalStateException().isThrownBy(() -> doubled.accept(null, NO_HEADERS, List.of()));
        ServerHandshake keyless = handshake(REQUEST.replace("Key: dG", "Key: "));
        assertThatIllegalStateException().isThrownBy(() -> keyless.accept(null, NO_HEADERS, List.of()));
    }

    @Test
    void extensionsAreNegotiatedInTheClientsOrder() {
        var one = new FakeExtension.Provider("one", Extension.RSV1);
        var two = new FakeExtension.Provider("two", Extension.RSV1 | Extension.RSV2);
        var three = new FakeExtension.Provider("three", Extension.RSV3);
        List<ExtensionProvider> providers = List.of(three, two, one);
        var acceptance = handshake(REQUEST).accept(null, NO_HEADERS, providers);
        // The first offer of "one" has a parameter, which is declined; "two" wants a bit that "one" owns.
        assertThat(acceptance.extensions()).containsExactly(one.made.get(0), three.made.get(0));
        assertThat(acceptance.response().headers().all("Sec-WebSocket-Extensions"))
                .containsExactly("one, three");
        assertThat(one.made).hasSize(1);
        assertThat(two.made.get(0).released).isTrue();
        assertThat(one.made.get(0).released).isFalse();
    }

    @Test
    void whereEveryOfferIsDeclinedNoExtensionIsNamed() {
        String request = REQUEST.replace("one; p, one, two, three, one, four", "one; p, four");
        var acceptance =
                handshake(request).accept(null, NO_HEADERS, List.of(new FakeExtension.Provider("one", Extension.RSV1)));
        assertThat(acceptance.extensions()).isEmpty();
        assertThat(acceptance.response().headers().contains("Sec-WebSocket-Extensions"))
                .isFalse();
    }

    @Test
    void anAnswerThatNoProviderOfferedIsNotTaken() {
        assertThat(new Negotiation(List.of()).accept(List.of(ExtensionOffer.of("x"))))
                .isEqualTo("extension \"x\": it was not offered");
    }

    @Test
    void providersHaveNamesOfTheirOwn() {
        var one = new FakeExtension.Provider("one", 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> handshake(REQUEST).accept(null, NO_HEADERS, List.of(one, one)));
        assertThatIllegalArgumentException().isThrownBy(() -> HandshakeOptions.NONE.withExtensions(one, one));
    }
}
