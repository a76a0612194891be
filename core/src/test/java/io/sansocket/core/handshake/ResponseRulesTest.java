package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.http.Heads;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseRulesTest {
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
    private static final RequestFacts FACTS =
            new RequestFacts("dGhlIHNhbXBsZSBub25jZQ==", List.of("chat"), List.of(ExtensionOffer.of("ext")));
    private static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: %s

            """.formatted(ACCEPT);
    private static final int END = Heads.wire(RESPONSE).length() - 2;

    private static List<Violation> check(String response) {
        return ResponseRules.check(FACTS, Heads.response(response));
    }

    private static String with(String lines) {
        return RESPONSE.replace("\n\n", "\n" + lines + "\n\n");
    }

    private static String line(String name) {
        return RESPONSE.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aGoodResponseBreaksNoRule() {
        assertThat(check(RESPONSE)).isEmpty();
        assertThat(check(RESPONSE.replace("websocket", "WebSocket").replace(": Upgrade", ": x, UPGRADE")))
                .isEmpty();
        assertThat(check(with("Sec-WebSocket-Protocol: chat\nSec-WebSocket-Extensions: ext; a=b")))
                .isEmpty();
    }

    @Test
    void anotherStatusIsTheOnlyViolation() {
        assertThat(check("HTTP/1.0 503 Busy\n\n"))
                .containsExactly(new Violation(Rule.HANDSHAKE_STATUS, 0, "the status is 503 \"Busy\", not 101"));
    }

    @Test
    void status101DoesNotExistInHttp10() {
        assertThat(check(RESPONSE.replace("HTTP/1.1", "HTTP/1.0")))
                .containsExactly(
                        new Violation(Rule.HANDSHAKE_HTTP_VERSION, 0, "status 101 does not exist in HTTP/1.0"));
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade, handshake-upgrade",
        "Connection, handshake-connection",
        "Sec-WebSocket-Accept, handshake-accept"
    })
    void aMissingHeaderIsShownAtTheEndOfTheHead(String name, String rule) {
        String line = line(name);
        assertThat(check(RESPONSE.replace(line + "\n", ""))).singleElement().satisfies(violation -> {
            assertThat(violation.rule().id()).isEqualTo(rule);
            assertThat(violation.offset()).isEqualTo(END - line.length() - 2);
            assertThat(violation.message()).isEqualTo("there is no " + name + " header");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket, handshake-upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=, handshake-accept",
        "Sec-WebSocket-Protocol: chat, handshake-subprotocol",
        "Sec-WebSocket-Extensions: ext, handshake-extension",
    })
    void aHeaderMustNotBeDoubled(String line, String rule) {
        String name = line.substring(0, line.indexOf(':'));
        String response = with(line + (RESPONSE.contains(name) ? "" : "\n" + line));
        assertThat(check(response)).singleElement().satisfies(violation -> {
            assertThat(violation.rule().id()).isEqualTo(rule);
            assertThat(violation.offset()).isEqualTo(Heads.wire(response).lastIndexOf(name) + name.length() + 2);
            assertThat(violation.message()).isEqualTo("there are 2 " + name + " headers, the limit is 1");
        });
    }

    @Test
    void connectionMayBeDoubled() {
        assertThat(check(with("Connection: keep-alive"))).isEmpty();
    }

    @Test
    void aContentLengthOfZeroSaysThatThereIsNoBody() {
        assertThat(check(with("Content-Length: 0"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Upgrade: h2c | HANDSHAKE_UPGRADE | Upgrade is \"h2c\", not \"websocket\"",
                "Upgrade: websocket, h2c | HANDSHAKE_UPGRADE | Upgrade is \"websocket, h2c\", not \"websocket\"",
                "Connection: close | HANDSHAKE_CONNECTION | Connection is \"close\", and \"Upgrade\" is not in the list",
                "Sec-WebSocket-Protocol: Chat | HANDSHAKE_SUBPROTOCOL | Sec-WebSocket-Protocol is \"Chat\", which was not asked for",
                "Sec-WebSocket-Protocol: chat, chat | HANDSHAKE_SUBPROTOCOL | Sec-WebSocket-Protocol is \"chat, chat\", which was not asked for",
                "Sec-WebSocket-Extensions: other | HANDSHAKE_EXTENSION | extension \"other\" was not offered",
                "Sec-WebSocket-Extensions: =xt | HANDSHAKE_EXTENSION | Sec-WebSocket-Extensions is \"=xt\": \"=\" where an extension's name is expected",
                "Content-Length: 5 | HANDSHAKE_BODY | Content-Length is \"5\", a handshake has no body",
                "Transfer-Encoding: chunked | HANDSHAKE_BODY | Transfer-Encoding is \"chunked\", a handshake has no body",
            })
    void aWrongValueIsShownAtItsPlace(String line, Rule rule, String message) {
        String name = line.substring(0, line.indexOf(':'));
        String response = RESPONSE.contains(name) ? RESPONSE.replace(line(name), line) : with(line);
        int offset = Heads.wire(response).indexOf(name + ":") + name.length() + 2;
        assertThat(check(response)).containsExactly(new Violation(rule, offset, message));
    }

    @Test
    void ofTheExtensionsTheFirstThatWasNotOfferedIsReported() {
        assertThat(check(with("Sec-WebSocket-Extensions: ext" + ", x".repeat(1000))))
                .hasSize(1);
    }

    @Test
    void eachCharacterOfTheAcceptCounts() {
        for (int i = 0; i < ACCEPT.length(); i++) {
            char wrong = ACCEPT.charAt(i) == 'A' ? 'B' : 'A';
            String accept = ACCEPT.substring(0, i) + wrong + ACCEPT.substring(i + 1);
            assertThat(check(RESPONSE.replace(ACCEPT, accept)))
                    .containsExactly(new Violation(
                            Rule.HANDSHAKE_ACCEPT,
                            Heads.wire(RESPONSE).indexOf(ACCEPT),
                            "Sec-WebSocket-Accept is \"" + accept + "\", expected \"" + ACCEPT + "\""));
        }
        assertThat(check(RESPONSE.replace(ACCEPT, ACCEPT.toLowerCase(java.util.Locale.ROOT))))
                .hasSize(1);
        assertThat(check(RESPONSE.replace(ACCEPT, ""))).hasSize(1);
    }

    @Test
    void whatNeedsTheRequestIsNotJudgedWithoutIt() {
        String response = with("Sec-WebSocket-Protocol: x\nSec-WebSocket-Extensions: y");
        assertThat(ResponseRules.checkAlone(Heads.response(response.replace(ACCEPT, "z"))))
                .isEmpty();
        assertThat(ResponseRules.checkAlone(Heads.response(RESPONSE.replace("Accept", "X"))))
                .hasSize(1);
        var keyless = new RequestFacts(null, List.of("x"), List.of(ExtensionOffer.of("y")));
        assertThat(ResponseRules.check(keyless, Heads.response(response))).isEmpty();
    }
}
