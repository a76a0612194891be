package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sansocket.core.http.Heads.Feed;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadParserTest {
    private static final String START = "GET / HTTP/1.1\r\n";

    private static HttpHeadParser requests() {
        return HttpHeadParser.forRequests(HttpLimits.REQUEST);
    }

    private static HttpHeadParser responses() {
        return HttpHeadParser.forResponses(HttpLimits.RESPONSE);
    }

    private static void refusesRequest(String wire, Rule rule, int offset, String message) {
        for (Feed feed : Feed.values()) {
            HttpHeadParser parser = requests();
            feed.into(parser, wire);
            assertThat(parser.violation()).isEqualTo(new Violation(rule, offset, message));
        }
    }

    private static void refusesRequest(String wire, int offset, String message) {
        refusesRequest(wire, Rule.HANDSHAKE_HEADER_SYNTAX, offset, message);
    }

    private static void refusesResponse(String wire, Rule rule, int offset, String message) {
        for (Feed feed : Feed.values()) {
            HttpHeadParser parser = responses();
            feed.into(parser, wire);
            assertThat(parser.violation()).isEqualTo(new Violation(rule, offset, message));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRequestIsParsedWithTheOffsetsOfItsValues(Feed feed) {
        HttpHeadParser parser = requests();
        feed.into(
                parser, "GET /chat?a=b HTTP/1.1\r\nHost: example.com\r\nX-Empty:\r\nx:\t a b\t \r\nSpaces: \t\r\n\r\n");
        HttpRequest request = parser.request();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/chat?a=b");
        assertThat(request.version()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(request.offset()).isZero();
        assertThat(request.headers())
                .containsExactly(
                        new HttpField("Host", "example.com", 30),
                        new HttpField("X-Empty", "", 51),
                        new HttpField("x", "a b", 57),
                        new HttpField("Spaces", "", 73));
        assertThat(request.headers().startOffset()).isEqualTo(24);
        assertThat(request.headers().endOffset()).isEqualTo(75);
        assertThat(parser.violation()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void aResponseIsParsed(Feed feed) {
        HttpHeadParser parser = responses();
        feed.into(parser, "HTTP/1.1 101 Switching \u00e9\r\nUpgrade:websocket\r\n\r\n");
        HttpResponse response = parser.response();
        assertThat(response.version()).isEqualTo(HttpVersion.HTTP_1_1);
        assertThat(response.status()).isEqualTo(101);
        assertThat(response.reason()).isEqualTo("Switching \u00e9");
        assertThat(response.headers()).isEqualTo(HttpHeaders.of("upgrade", "websocket"));
        assertThat(response.body().remaining()).isZero();
        assertThat(response.offset()).isZero();
    }

    @Test
    void aResponseBehindAnInterimOneKeepsTheOffsetsOfTheStream() {
        var parser = HttpHeadParser.forResponses(HttpLimits.RESPONSE, 1000);
        assertThat(parser.parse(ByteBuffer.wrap(Heads.bytes("HTTP/1.0 200 \r\nA: b\r\n\r\n"))))
                .isTrue();
        assertThat(parser.response().offset()).isEqualTo(1000);
        assertThat(parser.response().reason()).isEmpty();
        assertThat(parser.response().headers()).containsExactly(new HttpField("A", "b", 1018));

        var refusing = HttpHeadParser.forResponses(HttpLimits.RESPONSE, 1000);
        assertThat(refusing.parse(ByteBuffer.wrap(Heads.bytes("HTTP/1.0 2x")))).isFalse();
        assertThat(refusing.violation())
                .isNotNull()
                .extracting(Violation::offset)
                .isEqualTo(1010L);
        assertThat(refusing.bytesParsed()).isEqualTo(10);
    }

    @Test
    void afterItsEndNothingIsConsumed() {
        HttpHeadParser parser = requests();
        assertThat(parser.parse(ByteBuffer.wrap(Heads.bytes(START + "\r\n")))).isTrue();
        ByteBuffer more = ByteBuffer.wrap(new byte[] {1, 2});
        assertThat(parser.parse(more)).isTrue();
        assertThat(more.remaining()).isEqualTo(2);
    }

    @Test
    void afterAViolationNothingIsConsumed() {
        HttpHeadParser parser = requests();
        assertThat(parser.parse(ByteBuffer.wrap(Heads.bytes("\n")))).isFalse();
        ByteBuffer more = ByteBuffer.wrap(Heads.bytes(START + "\r\n"));
        assertThat(parser.parse(more)).isFalse();
        assertThat(more.position()).isZero();
    }

    @Test
    void onlyACompleteHeadOfItsKindIsGivenOut() {
        HttpHeadParser request = requests();
        assertThatThrownBy(request::request).isInstanceOf(IllegalStateException.class);
        request.parse(ByteBuffer.wrap(Heads.bytes(START + "\r\n")));
        assertThatThrownBy(request::response)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no complete response: in the request head: 18 bytes received, complete");
        HttpHeadParser response = responses();
        assertThatThrownBy(response::response).isInstanceOf(IllegalStateException.class);
        response.parse(ByteBuffer.wrap(Heads.bytes("HTTP/1.1 200 \r\n\r\n")));
        assertThatThrownBy(response::request).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                       | 0 bytes received, in the request line",
                "GET                      | 3 bytes received, in the request line",
                "GET / HTTP/1.1~          | 16 bytes received, in header line 1",
                "GET / HTTP/1.1~Ho        | 18 bytes received, in header line 1",
                "GET / HTTP/1.1~A:b~Host: | 26 bytes received, in header line 2 (\"Host\")",
                "GET / HTTP/1.1~A:b~^     | 22 bytes received, in the empty line at the end",
                "GET / HTTP/1.1~A:b~~     | 23 bytes received, complete",
                "GET / HTTP/1.1~A:b^^     | 20 bytes received, refused in header line 1 (\"A\")",
            })
    void progressSaysWhereTheHeadStands(String wire, String expected) {
        HttpHeadParser parser = requests();
        parser.parse(ByteBuffer.wrap(Heads.bytes(wire.replace("~", "\r\n").replace("^", "\r"))));
        assertThat(parser.progress()).isEqualTo("in the request head: " + expected);
    }

    @Test
    void progressTellsResponsesApart() {
        assertThat(responses().progress()).isEqualTo("in the response head: 0 bytes received, in the status line");
    }

    @Nested
    @DisplayName("RFC 9112 §3 Request Line")
    class RequestLine {
        @Test
        void theMethodIsAToken() {
            refusesRequest(" GET /", 0, "the request line: byte 0x20 in the method");
            refusesRequest("G\u00e9T /", 1, "the request line: byte 0xe9 in the method");
            refusesRequest("GET\t/", 3, "the request line: byte 0x09 in the method");
            refusesRequest("G@T /", 1, "the request line: byte 0x40 (@) in the method");
        }

        @Test
        void oneSpaceStandsOnEachSideOfTheTarget() {
            refusesRequest("GET  / HTTP/1.1\r\n", 4, "the request line: byte 0x20 in the request target");
            refusesRequest("GET /  HTTP/1.1\r\n", 6, "the request line: byte 0x20 where HTTP/1.1 is expected");
            refusesRequest("GET /\tHTTP/1.1\r\n", 5, "the request line: byte 0x09 in the request target");
        }

        @Test
        void theTargetIsVisibleAscii() {
            refusesRequest("GET /\u00e9", 5, "the request line: byte 0xe9 in the request target");
            refusesRequest("GET /\u007f", 5, "the request line: byte 0x7f in the request target");
            refusesRequest("GET /\0", 5, "the request line: byte 0x00 in the request target");
        }

        @Test
        void theVersionIsWrittenExactly() {
            refusesRequest("GET / http/1.1", 6, "the request line: byte 0x68 (h) where HTTP/1.1 is expected");
            refusesRequest(
                    "GET / HTTP/x.1",
                    11,
                    "the request line: byte 0x78 (x) in the HTTP version where a digit is expected");
            refusesRequest(
                    "GET / HTTP/1,1",
                    12,
                    "the request line: byte 0x2c (,) in the HTTP version where \".\" is expected");
            refusesRequest(
                    "GET / HTTP/1.\0", 13, "the request line: byte 0x00 in the HTTP version where a digit is expected");
            refusesRequest("GET / HTTP/1.1 ", 14, "the request line: byte 0x20 behind the HTTP version");
        }

        @Test
        void anotherMajorVersionIsAFaultOfItsOwn() {
            refusesRequest(
                    "PRI * HTTP/2.0\r\n\r\n",
                    Rule.HANDSHAKE_HTTP_VERSION,
                    11,
                    "the request line: HTTP major version 2, only 1 is understood");
        }

        @Test
        void otherMinorVersionsAreParsed() {
            assertThat(Heads.request("GET / HTTP/1.0\n\n").version()).isEqualTo(new HttpVersion(1, 0));
            assertThat(Heads.request("GET / HTTP/1.9\n\n").version()).isEqualTo(new HttpVersion(1, 9));
        }

        @Test
        void theLineIsComplete() {
            refusesRequest("GET\r\n", 3, "the request line: the line ends without the HTTP version");
            refusesRequest("GET /\r\n", 5, "the request line: the line ends without the HTTP version");
            // As long as a space and the version would be: 9 bytes.
            refusesRequest("GET /chat\r\n", 9, "the request line: the line ends without the HTTP version");
            refusesRequest("GET / HTTP/1.\r\n", 13, "the request line: the line ends inside the HTTP version");
            refusesRequest("\r\nGET", 0, "the request line: an empty line comes first");
        }

        @Test
        void tlsOnAPlainPortIsRecognized() {
            refusesRequest(
                    "\u0016\u0003\u0001",
                    0,
                    "the request line: byte 0x16 in the method: this looks like TLS, not HTTP");
            refusesRequest("G\u0016", 1, "the request line: byte 0x16 in the method");
        }
    }

    @Nested
    @DisplayName("RFC 9112 §4 Status Line")
    class StatusLine {
        @Test
        void theVersionComesFirst() {
            Rule syntax = Rule.HANDSHAKE_HEADER_SYNTAX;
            refusesResponse("ICY 200", syntax, 0, "the status line: byte 0x49 (I) where HTTP/1.1 is expected");
            refusesResponse(
                    "\u0015\u0003",
                    syntax,
                    0,
                    "the status line: byte 0x15 where HTTP/1.1 is expected: this looks like TLS, not HTTP");
            refusesResponse(
                    "HTTP/3.0",
                    Rule.HANDSHAKE_HTTP_VERSION,
                    5,
                    "the status line: HTTP major version 3, only 1 is understood");
        }

        @Test
        void theStatusHasThreeDigitsBetweenSingleSpaces() {
            Rule syntax = Rule.HANDSHAKE_HEADER_SYNTAX;
            refusesResponse("HTTP/1.1\t101", syntax, 8, "the status line: byte 0x09 where a single space is expected");
            refusesResponse("HTTP/1.1  101", syntax, 9, "the status line: byte 0x20 in the status code");
            refusesResponse("HTTP/1.1 099", syntax, 9, "the status line: byte 0x30 (0) in the status code");
            refusesResponse("HTTP/1.1 10x", syntax, 11, "the status line: byte 0x78 (x) in the status code");
            refusesResponse(
                    "HTTP/1.1 1010", syntax, 12, "the status line: byte 0x30 (0) where a single space is expected");
            refusesResponse(
                    "HTTP/1.1 101\r\n",
                    syntax,
                    12,
                    "the status line: the line ends before the space behind the status code");
            refusesResponse(
                    "HTTP/1.1\r\n",
                    syntax,
                    8,
                    "the status line: the line ends before the space behind the status code");
        }

        @Test
        void theReasonIsText() {
            refusesResponse(
                    "HTTP/1.1 200 O\u001bK",
                    Rule.HANDSHAKE_HEADER_SYNTAX,
                    14,
                    "the status line: byte 0x1b in the reason phrase");
            assertThat(Heads.response("HTTP/1.1 999  a\tb \n\n").reason()).isEqualTo(" a\tb ");
        }
    }

    @Nested
    @DisplayName("RFC 9112 §2.2 Lines, §5 Field Lines")
    class FieldLines {
        @Test
        void aLineEndsWithCrLfAlone() {
            refusesRequest("GET / HTTP/1.1\nHost: a", 14, "the request line: LF without CR");
            refusesRequest(START + "A: b\n", 20, "header line 1 (\"A\"): LF without CR");
            refusesRequest(
                    START + "A: b\rc", 21, "header line 1 (\"A\"): byte 0x63 (c) behind a CR, where only LF may stand");
            refusesRequest(
                    START + "A: b\r\r\n", 21, "header line 1 (\"A\"): byte 0x0d behind a CR, where only LF may stand");
            refusesRequest(START + "\n", 16, "header line 1: LF without CR");
            refusesRequest(
                    START + "\rX", 17, "the empty line at the end: byte 0x58 (X) behind a CR, where only LF may stand");
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "\t"})
        void noLineIsFolded(String fold) {
            refusesRequest(START + "A: b\r\n" + fold + "c\r\n", 22, "header line 2: whitespace folds the line before");
            refusesRequest(START + fold + "A: b\r\n", 16, "header line 1: whitespace folds the line before");
        }

        @ParameterizedTest
        @ValueSource(strings = {" ", "\t"})
        void noWhitespaceStandsInAName(String space) {
            refusesRequest(START + "A" + space + ": b\r\n", 17, "header line 1: whitespace in the name");
        }

        @Test
        void aNameIsAToken() {
            refusesRequest(START + ": b\r\n", 16, "header line 1: byte 0x3a (:) in the name");
            refusesRequest(START + "A(: b\r\n", 17, "header line 1: byte 0x28 (() in the name");
            refusesRequest(START + "A\0: b\r\n", 17, "header line 1: byte 0x00 in the name");
            refusesRequest(START + "\u00e9: b\r\n", 16, "header line 1: byte 0xe9 in the name");
        }

        @Test
        void aLineHasAColon() {
            refusesRequest(START + "Host\r\n", 20, "header line 1: the line ends without a colon");
        }

        @Test
        void noControlByteStandsInAValue() {
            for (int b = 0; b < 0x100; b++) {
                boolean allowed = b == '\t' || (b >= ' ' && b != 0x7F);
                HttpHeadParser parser = requests();
                parser.parse(ByteBuffer.wrap(Heads.bytes(START + "A: x" + (char) b + "y\r\n\r\n")));
                assertThat(parser.isComplete()).as("byte %x", b).isEqualTo(allowed);
            }
            refusesRequest(START + "A:\0\r\n", 18, "header line 1 (\"A\"): byte 0x00 in the value");
        }
    }
}
