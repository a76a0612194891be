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
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String REQUEST = """
            GET /chat HTTP/1.1
            Host: server.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: %s
            Sec-WebSocket-Version: 13

            """.formatted(KEY);
    private static final int HEADERS = "GET /chat HTTP/1.1\r\n".length();
    private static final int END = Heads.wire(REQUEST).length() - 2;

    private static List<Violation> check(String request) {
        return RequestRules.check(Heads.request(request));
    }

    private static String with(String line) {
        return REQUEST.replace("\n\n", "\n" + line + "\n\n");
    }

    private static String line(String name) {
        return REQUEST.lines()
                .filter(line -> line.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
    }

    /** The offset of a value, wherever the header stands. */
    private static long offset(String request, String value) {
        return Heads.wire(request).indexOf(value);
    }

    @Test
    void aGoodRequestBreaksNoRule() {
        assertThat(check(REQUEST)).isEmpty();
        assertThat(check(REQUEST.replace("Upgrade: websocket", "upgrade: h2c, WebSocket, foo/2")))
                .isEmpty();
        assertThat(check(REQUEST.replace("Connection: Upgrade", "CONNECTION: keep-alive,, uPGRADE")))
                .isEmpty();
        assertThat(check(REQUEST.replace("HTTP/1.1", "HTTP/1.2"))).isEmpty();
        assertThat(check(with("Sec-WebSocket-Protocol: a, A\nSec-WebSocket-Protocol: b")))
                .isEmpty();
        assertThat(check(with("Sec-WebSocket-Extensions: a; b=\"c\"\nSec-WebSocket-Extensions: d")))
                .isEmpty();
        assertThat(check(with("Content-Length: 0"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Host, handshake-host",
        "Upgrade, handshake-upgrade",
        "Connection, handshake-connection",
        "Sec-WebSocket-Key, handshake-key",
        "Sec-WebSocket-Version, handshake-version",
    })
    void aMissingHeaderIsShownAtTheEndOfTheHead(String name, String rule) {
        String line = line(name);
        assertThat(check(REQUEST.replace(line + "\n", ""))).singleElement().satisfies(violation -> {
            assertThat(violation.rule().id()).isEqualTo(rule);
            assertThat(violation.offset()).isEqualTo(END - line.length() - 2);
            assertThat(violation.message()).isEqualTo("there is no " + name + " header");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "Host, handshake-host",
        "Sec-WebSocket-Key, handshake-key",
        "Sec-WebSocket-Version, handshake-version",
    })
    void aDoubledHeaderIsShownAtItsSecondValue(String name, String rule) {
        assertThat(check(with(line(name)))).singleElement().satisfies(violation -> {
            assertThat(violation.rule().id()).isEqualTo(rule);
            assertThat(violation.offset()).isEqualTo(END + name.length() + 2);
            assertThat(violation.message()).isEqualTo("there are 2 " + name + " headers, the limit is 1");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Upgrade", "Connection"})
    void listsMayBeDoubled(String name) {
        assertThat(check(with(line(name)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Host | `` | handshake-host | Host is \"\", which is not a host with an optional port",
                "Host | a:b | handshake-host | Host is \"a:b\", which is not a host with an optional port",
                "Host | u@a | handshake-host | Host is \"u@a\", which is not a host with an optional port",
                "Upgrade | `` | handshake-upgrade | Upgrade is empty",
                "Upgrade | `, ,` | handshake-upgrade | Upgrade is empty",
                "Upgrade | h2c | handshake-upgrade | Upgrade is \"h2c\", and \"websocket\" is not in the list",
                "Upgrade | websocket/13 | handshake-upgrade | Upgrade is \"websocket/13\", and \"websocket\" is not in the list",
                "Upgrade | `@, websocket` | handshake-upgrade | Upgrade is \"@\", which is not a protocol (RFC 9110 §7.8)",
                "Upgrade | `a/, websocket` | handshake-upgrade | Upgrade is \"a/\", which is not a protocol (RFC 9110 §7.8)",
                "Upgrade | `/a, websocket` | handshake-upgrade | Upgrade is \"/a\", which is not a protocol (RFC 9110 §7.8)",
                "Connection | close | handshake-connection | Connection is \"close\", and \"Upgrade\" is not in the list",
                "Connection | `a b, upgrade` | handshake-connection | Connection is \"a b\", which is not a token (RFC 9110 §7.6.1)",
                "Connection | `` | handshake-connection | Connection is empty",
                "Sec-WebSocket-Key | abc | handshake-key | Sec-WebSocket-Key is \"abc\", which is not 16 bytes in base64",
                "Sec-WebSocket-Version | 8 | handshake-version | Sec-WebSocket-Version is \"8\", not 13",
                "Sec-WebSocket-Version | 013 | handshake-version | Sec-WebSocket-Version is \"013\", not 13",
                "Sec-WebSocket-Version | `13, 8` | handshake-version | Sec-WebSocket-Version is \"13, 8\", not 13",
            })
    void aWrongValueIsShownAtItsPlace(String name, String value, String rule, String message) {
        String wrong = REQUEST.replace(line(name), name + ": " + value);
        int place = Heads.wire(wrong).indexOf(name + ":")
                + name.length()
                + 1
                + (value.isEmpty() || value.startsWith(",") ? 0 : 1);
        assertThat(check(wrong)).singleElement().satisfies(violation -> {
            assertThat(violation.rule().id()).isEqualTo(rule);
            assertThat(violation.message()).isEqualTo(message);
            assertThat(violation.offset()).isBetween((long) place, (long) place + 1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Content-Length: 5 | handshake-body | 5 | Content-Length is \"5\", a handshake has no body",
                "Content-Length: 00 | handshake-body | 00 | Content-Length is \"00\", a handshake has no body",
                "Transfer-Encoding: chunked | handshake-body | chunked | Transfer-Encoding is \"chunked\", a handshake has no body",
                "Transfer-Encoding: identity | handshake-body | identity | Transfer-Encoding is \"identity\", a handshake has no body",
                "Sec-WebSocket-Protocol: a b | handshake-subprotocol | a b | Sec-WebSocket-Protocol is \"a b\", which is not a token",
                "Sec-WebSocket-Protocol: zz, yy, zz | handshake-subprotocol | zz!| Sec-WebSocket-Protocol is \"zz\", which was asked for before",
                "Sec-WebSocket-Protocol: , | handshake-subprotocol | , | Sec-WebSocket-Protocol is empty",
                "Sec-WebSocket-Extensions: foo; | handshake-extension | foo;! | Sec-WebSocket-Extensions is \"foo;\": the end where a parameter's name is expected",
            })
    void aWrongAdditionIsShownAtItsPlace(String line, String rule, String value, String message) {
        String request = with(line);
        String wire = Heads.wire(request);
        boolean later = value.endsWith("!");
        String text = later ? value.substring(0, value.length() - 1) : value;
        int place = wire.lastIndexOf(text) + (text.equals("foo;") ? text.length() : 0);
        assertThat(check(request)).containsExactly(new Violation(ruleOf(rule), place, message));
    }

    private static Rule ruleOf(String id) {
        for (Rule rule : Rule.values()) {
            if (rule.id().equals(id)) {
                return rule;
            }
        }
        throw new AssertionError(id);
    }

    @Test
    void ofAListTheFirstBadElementIsReported() {
        String bad = "@, upgrade, websocket" + ",@".repeat(1000);
        assertThat(check(REQUEST.replace(line("Upgrade"), "Upgrade: " + bad))).hasSize(1);
        assertThat(check(REQUEST.replace(line("Connection"), "Connection: " + bad)))
                .hasSize(1);
        assertThat(check(with("Sec-WebSocket-Protocol: " + bad))).hasSize(1);
        assertThat(check(with("Sec-WebSocket-Extensions: " + bad))).hasSize(1);
    }

    @Test
    void theMethodIsGet() {
        assertThat(check(REQUEST.replace("GET", "get")))
                .containsExactly(new Violation(Rule.HANDSHAKE_METHOD, 0, "the method is \"get\", not GET"));
    }

    @Test
    void theHttpVersionIsAtLeastOneDotOne() {
        assertThat(check(REQUEST.replace("HTTP/1.1", "HTTP/1.0")))
                .containsExactly(new Violation(
                        Rule.HANDSHAKE_HTTP_VERSION, 0, "the HTTP version is HTTP/1.0, at least HTTP/1.1 is required"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a?b|c",
                "/%zz",
                "http://server.example.com/chat",
                "HTTPS://SERVER.example.com?q",
                "http://server.example.com"
            })
    void theTargetIsAPathOrAnAbsoluteUriOfTheHost(String target) {
        assertThat(check(REQUEST.replace("/chat", target))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "chat", "server.example.com:80", "ws://server.example.com/", "http:/a"})
    void otherTargetsAreRefused(String target) {
        assertThat(check(REQUEST.replace("/chat", target)))
                .containsExactly(new Violation(
                        Rule.HANDSHAKE_HEADER_SYNTAX,
                        4,
                        "the request target is \"" + target + "\", it must be a path or an http URI"));
    }

    @Test
    void theTargetHasNoFragment() {
        assertThat(check(REQUEST.replace("/chat", "/a#b")))
                .containsExactly(new Violation(Rule.HANDSHAKE_HEADER_SYNTAX, 6, "the request target has a fragment"));
    }

    @Test
    void anAbsoluteTargetMustNameTheHost() {
        String request = REQUEST.replace("/chat", "http://other.example/");
        assertThat(check(request))
                .containsExactly(new Violation(
                        Rule.HANDSHAKE_HOST,
                        offset(request, "server.example.com"),
                        "Host is \"server.example.com\", the request target says \"other.example\""));
    }

    @Test
    void allViolationsAreReportedInTheOrderOfTheRfc() {
        assertThat(
                        check(
                                "POST # HTTP/1.0\nContent-Length: 1\nSec-WebSocket-Protocol: a b\nSec-WebSocket-Extensions: ,\n\n"))
                .extracting(Violation::rule)
                .containsExactly(
                        Rule.HANDSHAKE_METHOD,
                        Rule.HANDSHAKE_HTTP_VERSION,
                        Rule.HANDSHAKE_HEADER_SYNTAX,
                        Rule.HANDSHAKE_HEADER_SYNTAX,
                        Rule.HANDSHAKE_HOST,
                        Rule.HANDSHAKE_UPGRADE,
                        Rule.HANDSHAKE_CONNECTION,
                        Rule.HANDSHAKE_KEY,
                        Rule.HANDSHAKE_VERSION,
                        Rule.HANDSHAKE_SUBPROTOCOL,
                        Rule.HANDSHAKE_EXTENSION,
                        Rule.HANDSHAKE_BODY);
    }

    @Test
    void everyCombinationOfMissingPartsIsReportedWhole() {
        List<String> names = List.of("Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version");
        for (int missing = 0; missing < 1 << names.size(); missing++) {
            String request = REQUEST;
            for (int i = 0; i < names.size(); i++) {
                if ((missing & 1 << i) != 0) {
                    request = request.replace(line(names.get(i)) + "\n", "");
                }
            }
            assertThat(check(request)).hasSize(Integer.bitCount(missing));
        }
        assertThat(HEADERS).isEqualTo(Heads.request(REQUEST).headers().startOffset());
    }

    @Test
    void theFactsLeaveOutWhatIsMalformed() {
        assertThat(RequestFacts.of(Heads.request(REQUEST))).isEqualTo(new RequestFacts(KEY, List.of(), List.of()));
        String more = with("Sec-WebSocket-Protocol: a, b c, a\nSec-WebSocket-Extensions: x");
        assertThat(RequestFacts.of(Heads.request(more)))
                .isEqualTo(new RequestFacts(KEY, List.of("a"), List.of(ExtensionOffer.of("x"))));
        assertThat(RequestFacts.of(Heads.request(with(line("Sec-WebSocket-Key"))))
                        .key())
                .isNull();
        assertThat(RequestFacts.of(Heads.request(REQUEST.replace(KEY, "x"))).key())
                .isNull();
    }
}
