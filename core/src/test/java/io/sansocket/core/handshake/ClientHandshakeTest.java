package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.http.Heads;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHandshakeTest {
    private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
    private static final URI TARGET = URI.create("ws://a.example/chat");
    private static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """;

    private static ClientHandshake handshake(HandshakeOptions options) {
        return ClientHandshake.of(TARGET, options, NONCE);
    }

    private static String with(String line) {
        return RESPONSE.replace("\n\n", "\n" + line + "\n\n");
    }

    @Test
    void theRequestAsksForWhatTheOptionsSay() {
        var options = HandshakeOptions.NONE
                .withOrigin("https://b.example")
                .withSubprotocols("chat", "superchat")
                .withHeader("Authorization", "Basic eA==")
                .withExtensions(new FakeExtension.Provider("one", 1), new FakeExtension.Provider("two", 2));
        assertThat(handshake(options).request()).isEqualTo(Heads.request("""
                        GET /chat HTTP/1.1
                        Host: a.example
                        Upgrade: websocket
                        Connection: Upgrade
                        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                        Sec-WebSocket-Version: 13
                        Origin: https://b.example
                        Sec-WebSocket-Protocol: chat, superchat
                        Sec-WebSocket-Extensions: one, two
                        Authorization: Basic eA==

                        """));
        assertThat(RequestRules.check(handshake(options).request())).isEmpty();
        assertThat(handshake(HandshakeOptions.NONE).request().headers().size()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({
        "ws://a, a, /",
        "ws://A.Example:80/x, a.example, /x",
        "ws://a:443/, a:443, /",
        "wss://a:443/, a, /",
        "WSS://a:80/, a:80, /",
        "ws://a:/x, a, /x",
        "ws://a?q, a, /?q",
        "ws://a/?, a, /",
        "ws://a/b%2Fc?d=%20&e|, a, INVALID",
        "ws://[::1]:8080/x, [::1]:8080, /x",
        "ws://[fe80::1%eth0]/, [fe80::1], /",
        "ws://my_host:81/, my_host:81, /",
        "ws://a%2Db/, a%2db, /",
        "ws://a/b%23c?d%23e, a, /b%23c?d%23e",
        "ws://a/\u00fc?\u20ac, a, /%C3%BC?%E2%82%AC",
    })
    void theUriBecomesHostAndTarget(String uri, String host, String target) {
        if (target.equals("INVALID")) {
            assertThatIllegalArgumentException().isThrownBy(() -> URI.create(uri));
            return;
        }
        var request = ClientHandshake.of(URI.create(uri), HandshakeOptions.NONE, NONCE)
                .request();
        assertThat(request.headers().first("Host")).isEqualTo(host);
        assertThat(request.target()).isEqualTo(target);
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/x?secret, not a ws or wss URI: \"http://.../x\"",
        "https://a, not a ws or wss URI: \"https://...\"",
        "a.example/x, not a ws or wss URI: \"null://...a.example/x\"",
        "ws:a, not a ws or wss URI: \"ws://...\"",
        "ws:/a, not a ws or wss URI: \"ws://.../a\"",
        "ws:///a, not a ws or wss URI: \"ws://.../a\"",
        "ws://u:secret@a/, a WebSocket URI has no user: \"ws://.../\"",
        "ws://@a/, a WebSocket URI has no user: \"ws://.../\"",
        "ws://a/#secret, a WebSocket URI has no fragment: \"ws://.../\"",
        "ws://a/#, a WebSocket URI has no fragment: \"ws://.../\"",
        "ws://\u00e4/, not an ASCII host with an optional port: \"\\u00e4\" (RFC 3986 §3.2)",
        "ws://a:65536/, not an ASCII host with an optional port: \"a:65536\" (RFC 3986 §3.2)",
        "ws://:80/, not an ASCII host with an optional port: \":80\" (RFC 3986 §3.2)",
    })
    void otherUrisAreRefusedWithoutShowingSecrets(String uri, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClientHandshake.of(URI.create(uri), HandshakeOptions.NONE, NONCE))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\nX: y", "\n", "\0", "\u2028"})
    void noOptionCanSmuggleALine(String injection) {
        String text = "a" + injection + "b";
        var none = HandshakeOptions.NONE;
        assertThatIllegalArgumentException().isThrownBy(() -> none.withOrigin(text));
        assertThatIllegalArgumentException().isThrownBy(() -> none.withSubprotocols(text));
        assertThatIllegalArgumentException().isThrownBy(() -> none.withHeader(text, "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> none.withHeader("x", text));
    }

    @Test
    void subprotocolsAreUniqueTokens() {
        var none = HandshakeOptions.NONE;
        assertThatIllegalArgumentException().isThrownBy(() -> none.withSubprotocols("a", "a"));
        assertThatIllegalArgumentException().isThrownBy(() -> none.withSubprotocols(""));
        assertThatIllegalArgumentException().isThrownBy(() -> none.withSubprotocols("a b"));
    }

    @Test
    void aProviderOffersUnderItsOwnName() {
        var options = HandshakeOptions.NONE.withExtensions(new FakeExtension.Provider("one", "other", 0));
        assertThatIllegalArgumentException().isThrownBy(() -> handshake(options));
    }

    @Test
    void anAnswerIsAccepted() {
        assertThat(handshake(HandshakeOptions.NONE).judge(Heads.response(RESPONSE)))
                .isEqualTo(new HandshakeResult.Accepted(null, List.of()));
        assertThat(handshake(HandshakeOptions.NONE.withSubprotocols("chat"))
                        .judge(Heads.response(with("Sec-WebSocket-Protocol: chat"))))
                .isEqualTo(new HandshakeResult.Accepted("chat", List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 200, 302, 401, 426, 503})
    void anotherStatusIsARefusal(int status) {
        var response = Heads.response("HTTP/1.1 " + status + " x\nA: b\n\n");
        assertThat(handshake(HandshakeOptions.NONE).judge(response)).isEqualTo(new HandshakeResult.Refused(response));
    }

    @Test
    @DisplayName("11.3.5 Sec-WebSocket-Version may come several times in a response")
    void aRefusalMayNameSeveralVersions() {
        var response = Heads.response("HTTP/1.1 426 x\nSec-WebSocket-Version: 25\nSec-WebSocket-Version: 8, 7\n\n");
        assertThat(handshake(HandshakeOptions.NONE).judge(response)).isEqualTo(new HandshakeResult.Refused(response));
        assertThat(response.headers().elements("Sec-WebSocket-Version"))
                .extracting(HttpField::value)
                .containsExactly("25", "8", "7");
    }

    @Test
    void theFirstBrokenRuleIsTold() {
        var response = Heads.response(RESPONSE.replace("s3p", "S3P").replace("Upgrade: websocket\n", ""));
        assertThat(handshake(HandshakeOptions.NONE).judge(response))
                .isInstanceOfSatisfying(
                        HandshakeResult.Violated.class,
                        violated -> assertThat(violated.violation().rule()).isEqualTo(Rule.HANDSHAKE_UPGRADE));
    }

    @Test
    void extensionsAreAcceptedInTheServersOrder() {
        var one = new FakeExtension.Provider("one", Extension.RSV1);
        var two = new FakeExtension.Provider("two", Extension.RSV2);
        var result = handshake(HandshakeOptions.NONE.withExtensions(one, two))
                .judge(Heads.response(with("Sec-WebSocket-Extensions: two, one")));
        assertThat(result).isEqualTo(new HandshakeResult.Accepted(null, List.of(two.made.get(0), one.made.get(0))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "one, two   | \"two\": it uses a reserved bit of an extension before it",
                "one, one   | \"one\": it is in the answer twice",
                "one, two;p | \"two; p\": it has parameters",
            })
    void anAnswerThatDoesNotFitFailsTheHandshakeAndReleasesAll(String answer, String reason) {
        var one = new FakeExtension.Provider("one", Extension.RSV1 | Extension.RSV3);
        var two = new FakeExtension.Provider("two", Extension.RSV1);
        String response = with("Sec-WebSocket-Extensions: " + answer);
        var result = handshake(HandshakeOptions.NONE.withExtensions(one, two)).judge(Heads.response(response));
        int offset = Heads.wire(response).indexOf(answer);
        assertThat(result)
                .isEqualTo(new HandshakeResult.Violated(
                        new Violation(Rule.HANDSHAKE_EXTENSION, offset, "extension " + reason)));
        assertThat(one.made).allMatch(extension -> extension.released);
        assertThat(two.made).allMatch(extension -> extension.released);
    }

    @ParameterizedTest
    @CsvSource({
        "301, ws://b/, ws://b/",
        "302, /other?q, wss://a.example/other?q",
        "303, https://b/x, wss://b/x",
        "307, HTTP://b:8080/x, ws://b:8080/x",
        "308, x#fragment, wss://a.example/x",
        "308, //c/y, wss://c/y",
        "302, ?r, wss://a.example/chat?r",
        "302, ?r#fragment, wss://a.example/chat?r",
        "302, #fragment, wss://a.example/chat?q",
        "302, '', wss://a.example/chat?q",
    })
    void aRedirectLeadsSomewhere(int status, String location, String expected) {
        var refused = new HandshakeResult.Refused(
                Heads.response("HTTP/1.1 " + status + " x\nLocation: " + location + "\n\n"));
        assertThat(refused.redirect(URI.create("wss://a.example/chat?q"))).contains(URI.create(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200 x\nLocation: /a",
                "300 x\nLocation: /a",
                "304 x\nLocation: /a",
                "302 x",
                "302 x\nLocation: /a\nLocation: /a",
                "302 x\nLocation: http://[",
                "302 x\nLocation: ftp://a/",
                "302 x\nLocation: mailto:a@b",
                "302 x\nLocation: http:a",
                "302 x\nLocation: ws://u:p@b/",
                "302 x\nLocation: a b"
            })
    void otherAnswersLeadNowhere(String answer) {
        var refused = new HandshakeResult.Refused(Heads.response("HTTP/1.1 " + answer + "\n\n"));
        assertThat(refused.redirect(TARGET)).isEmpty();
    }

    @Test
    void aRelativeRedirectNeedsAUriToResolveItAgainst() {
        var refused = new HandshakeResult.Refused(Heads.response("HTTP/1.1 302 x\nLocation: a\n\n"));
        assertThat(refused.redirect(URI.create("chat"))).isEmpty();
    }

    @Test
    void optionsKeepWhatTheyAreNotAskedToChange() {
        var options = HandshakeOptions.NONE
                .withOrigin("http://a")
                .withHeader("A", "b")
                .withSubprotocols("c");
        assertThat(options)
                .isEqualTo(new HandshakeOptions("http://a", List.of("c"), HttpHeaders.of("A", "b"), List.of()));
    }
}
