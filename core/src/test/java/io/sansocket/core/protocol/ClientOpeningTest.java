package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.head;
import static io.sansocket.core.protocol.Wire.join;
import static io.sansocket.core.protocol.Wire.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.WebSocketKey;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.CloseStatus;
import io.sansocket.core.rule.Rule;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake as a client lives it. */
class ClientOpeningTest {
    private static final byte[] RESPONSE = head(Wire.RESPONSE);
    private static final URI TARGET = URI.create("ws://server.example.com/chat");

    private final Endpoint end = Endpoint.unopened(Role.CLIENT);

    @BeforeEach
    void theRequestIsSent() {
        assertThat(end.takeSentText()).isEqualTo(Wire.REQUEST.replace("\n", "\r\n"));
    }

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private static HttpResponse refusal(Endpoint refused, boolean complete) {
        Event.Refused event = refused.next(Event.Refused.class);
        assertThat(event.bodyComplete()).isEqualTo(complete);
        return event.response();
    }

    private static String body(HttpResponse response) {
        return StandardCharsets.UTF_8.decode(response.body()).toString();
    }

    @Nested
    @DisplayName("4.1 Client Requirements")
    class Judging {
        @Test
        void a101ThatAnswersTheKeyOpens() {
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("in the response head: 0 bytes received, in the status line");
            Event.Opened opened = end.receive(RESPONSE).next(Event.Opened.class);
            assertThat(opened.request().target()).isEqualTo("/chat");
            assertThat(opened.response().status()).isEqualTo(101);
            assertThat(end.protocol.progress().toString()).isEqualTo("between frames at offset 0: waiting for a frame");
        }

        @Test
        void bytesBehindThe101AreFramesInOrder() {
            byte[] stream = join(RESPONSE, frame(Role.SERVER, 0x81, "a"), frame(Role.SERVER, 0x81, "b"));
            end.receive(stream).next(Event.Opened.class);
            end.expect(new Event.TextMessage("a"), new Event.TextMessage("b"));
        }

        @Test
        void theResponseMayComeByteByByte() {
            for (byte b : join(RESPONSE, frame(Role.SERVER, 0x81, "a"))) {
                end.receive(new byte[] {b});
            }
            end.next(Event.Opened.class);
            end.expect(new Event.TextMessage("a"));
        }

        /** Each line: what to replace in the response, by what, the rule. */
        static List<List<String>> violations() {
            return List.of(
                    List.of("HTTP/1.1", "HTTP/1.0", "HANDSHAKE_HTTP_VERSION"),
                    List.of("HTTP/1.1 101 ", "HTTP/1.1  101 ", "HANDSHAKE_HEADER_SYNTAX"),
                    List.of("HTTP/1.1", "ICY/1.1", "HANDSHAKE_HEADER_SYNTAX"),
                    List.of("Upgrade: websocket\n", "", "HANDSHAKE_UPGRADE"),
                    List.of("Upgrade: websocket\n", "Upgrade: websocket\nUpgrade: websocket\n", "HANDSHAKE_UPGRADE"),
                    List.of("Upgrade: websocket\n", "Upgrade: h2c\n", "HANDSHAKE_UPGRADE"),
                    List.of("Connection: Upgrade\n", "", "HANDSHAKE_CONNECTION"),
                    List.of("Connection: Upgrade\n", "Connection: close\nConnection: close\n", "HANDSHAKE_CONNECTION"),
                    List.of("Connection: Upgrade\n", "Connection: close\n", "HANDSHAKE_CONNECTION"),
                    List.of("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n", "", "HANDSHAKE_ACCEPT"),
                    List.of(
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n",
                            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n",
                            "HANDSHAKE_ACCEPT"),
                    List.of("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOO=", "HANDSHAKE_ACCEPT"),
                    List.of("\n\n", "\nSec-WebSocket-Protocol: a\n\n", "HANDSHAKE_SUBPROTOCOL"),
                    List.of("\n\n", "\nSec-WebSocket-Extensions: a\n\n", "HANDSHAKE_EXTENSION"),
                    List.of("\n\n", "\nContent-Length: 1\n\n", "HANDSHAKE_BODY"),
                    List.of("\n\n", "\nTransfer-Encoding: chunked\n\n", "HANDSHAKE_BODY"),
                    List.of("\n\n", "\nX : y\n\n", "HANDSHAKE_HEADER_SYNTAX"));
        }

        @ParameterizedTest
        @MethodSource("violations")
        void aResponseThatBreaksARuleEndsTheConnection(List<String> line) {
            end.receive(head(Wire.RESPONSE.replaceFirst(Pattern.quote(line.get(0)), line.get(1))), RESPONSE);
            Closed closed = end.expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.valueOf(line.get(2)));
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL);
            assertThat(closed.sent()).isNull();
            assertThat(closed.progress().phase()).isEqualTo(Phase.HANDSHAKE);
            end.receive(RESPONSE).eof().expectNothing();
        }

        @Test
        void eachCharacterOfTheAcceptValueCounts() {
            String accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
            for (int i = 0; i < accept.length(); i++) {
                Endpoint one = Endpoint.unopened(Role.CLIENT);
                one.takeSent();
                String wrong = accept.substring(0, i) + "!" + accept.substring(i + 1);
                one.receive(head(Wire.RESPONSE.replace(accept, wrong)));
                assertThat(one.expectClosed().rule()).isEqualTo(Rule.HANDSHAKE_ACCEPT);
            }
        }

        @Test
        void aHeadThatIsTooLargeEndsTheConnection() {
            end.receive(head("HTTP/1.1 101 Switching Protocols\nX: " + "x".repeat(9000)));
            assertThat(end.expectClosed().rule()).isEqualTo(Rule.HANDSHAKE_TOO_LARGE);
        }

        @Test
        void whatWasAskedForIsAskedFor() {
            var options = HandshakeOptions.NONE
                    .withOrigin("http://example.com")
                    .withSubprotocols("a", "b")
                    .withHeader("X-Trace", "1");
            var protocol = ClientProtocol.connect(TARGET, options, Settings.CLIENT, Endpoint.keys(), 0);
            var target = ByteBuffer.allocate(1000);
            protocol.transmit(target);
            assertThat(new String(target.array(), StandardCharsets.US_ASCII))
                    .contains("\r\nOrigin: http://example.com\r\nSec-WebSocket-Protocol: a, b\r\nX-Trace: 1\r\n\r\n");
            String agreed = Wire.RESPONSE.replace("\n\n", "\nSec-WebSocket-Protocol: b\n\n");
            protocol.receive(ByteBuffer.wrap(head(agreed)), 0);
            assertThat(((Event.Opened) protocol.nextEvent()).subprotocol()).isEqualTo("b");
        }

        @Test
        @DisplayName("4.1, 5.3 the nonce is drawn for each connection, the masking key for each frame")
        void theDefaultsDrawFreshKeys() {
            var nonces = new HashSet<String>();
            var maskingKeys = new HashSet<Integer>();
            for (int i = 0; i < 10; i++) {
                var protocol = ClientProtocol.connect(TARGET, 0);
                var target = ByteBuffer.allocate(1000);
                protocol.transmit(target);
                String request = new String(target.array(), StandardCharsets.US_ASCII);
                int at = request.indexOf("Sec-WebSocket-Key: ") + "Sec-WebSocket-Key: ".length();
                String key = request.substring(at, request.indexOf('\r', at));
                nonces.add(key);
                String answer = Wire.RESPONSE.replace("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", WebSocketKey.accept(key));
                protocol.receive(ByteBuffer.wrap(head(answer)), 0);
                protocol.sendText("");
                protocol.sendText("");
                protocol.transmit(target.clear());
                maskingKeys.add(target.getInt(2));
                maskingKeys.add(target.getInt(8));
            }
            assertThat(nonces).hasSize(10);
            assertThat(maskingKeys)
                    .as("20 draws of 32 bits; 2 alike happen once in 10^7 runs")
                    .hasSizeGreaterThan(18);
        }

        @Test
        void theDefaultsNeedAUriAndATime() {
            var protocol = ClientProtocol.connect(TARGET, 0);
            var target = ByteBuffer.allocate(1000);
            assertThat(protocol.transmit(target)).isGreaterThan(100);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ClientProtocol.connect(URI.create("http://example.com"), 0));
        }
    }

    @Nested
    @DisplayName("RFC 9110 15.2 Informational 1xx")
    class Informational {
        private final byte[] hints = head("HTTP/1.1 103 Early Hints\nLink: </a>\n\n");

        @Test
        void informationalResponsesArePassedOver() {
            end.receive(hints, hints, hints, hints, hints, RESPONSE, frame(Role.SERVER, 0x81, "a"));
            end.next(Event.Opened.class);
            end.expect(new Event.TextMessage("a"));
        }

        @Test
        void oneMoreThanTheLimitEndsTheConnection() {
            end.receive(hints, hints, hints, hints, hints, hints, RESPONSE);
            Closed closed = end.expectClosed();
            assertThat(closed.violation().toString())
                    .contains("handshake-too-large at offset " + 5 * hints.length, "number 6, the limit is 5");
        }

        @Test
        void offsetsCountFromTheFirstByteOfTheStream() {
            end.receive(hints, head("HTTP/1.1 x"));
            assertThat(end.expectClosed().violation().offset()).isEqualTo(hints.length + 9);
        }

        @Test
        void receivedBytesAreAllBytes() {
            end.receive(hints, head("HTTP/"));
            assertThat(end.protocol.progress().received()).isEqualTo(hints.length + 5);
            assertThat(end.eof().expectClosed().violation().offset()).isEqualTo(hints.length + 5);
        }
    }

    @Nested
    @DisplayName("4.1 \"If the status code received from the server is not 101\"")
    class Refusals {
        private Closed expectRefused(TransportEnd how) {
            Closed closed = end.expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_STATUS);
            assertThat(closed.transportEnd()).isEqualTo(how);
            return closed;
        }

        @Test
        void aBodyOfDeclaredLengthIsReadToItsEnd() {
            end.receive(head("HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic\nContent-Length: 5\n\nwh"))
                    .expectNothing();
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("in the body of a response that refuses: 2 bytes received");
            end.receive(utf8("o? behind"));
            HttpResponse response = refusal(end, true);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers().first("www-authenticate")).isEqualTo("Basic");
            assertThat(body(response)).isEqualTo("who? ");
            assertThat(expectRefused(TransportEnd.LOCAL).violation().message())
                    .isEqualTo("the server answered 401 \"Unauthorized\", not 101");
        }

        @Test
        void aSuccessThatIsNot101RefusesToo() {
            end.receive(head("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi"));
            assertThat(body(refusal(end, true))).isEqualTo("hi");
            assertThat(expectRefused(TransportEnd.LOCAL).violation().message())
                    .isEqualTo("the server answered 200 \"OK\", not 101");
        }

        @Test
        void aRedirectIsHandedOver() {
            end.receive(head("HTTP/1.1 302 Found\nLocation: /other\nContent-Length: 0\n\n"));
            Event.Refused refused = end.next(Event.Refused.class);
            assertThat(refused.redirect(TARGET)).contains(URI.create("ws://server.example.com/other"));
            expectRefused(TransportEnd.LOCAL);
        }

        @ParameterizedTest
        @ValueSource(ints = {204, 304})
        void someStatusesHaveNoBody(int status) {
            end.receive(head("HTTP/1.1 " + status + " x\nContent-Length: 7\n\n"));
            assertThat(body(refusal(end, true))).isEmpty();
            expectRefused(TransportEnd.LOCAL);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "5\r\nhello\r\n0\r\n\r\n",
                    "3\r\nhel\r\n2;x=y\r\nlo\r\n000\r\nTrailer: 1\r\nMore: 2\r\n\r\n",
                    "5 \r\nhello\r\n0;last\r\n\r\n",
                    "5\nhello\n0\n\n"
                })
        void aChunkedBodyIsReadToItsEnd(String body) {
            end.receive(head("HTTP/1.1 403 Forbidden\nTransfer-Encoding: Chunked\n\n"));
            for (byte b : utf8(body)) {
                end.expectNothing().receive(new byte[] {b});
            }
            assertThat(body(refusal(end, true))).isEqualTo("hello");
            expectRefused(TransportEnd.LOCAL);
        }

        @ParameterizedTest
        @CsvSource({
            "x, ''",
            "5\\hellox, hello",
            "123456789, ''",
            "100000000, ''",
            "'', ''",
            "';', ''",
            "3\\abc\\\\\\x, abc"
        })
        void aBrokenChunkEndsTheBody(String broken, String kept) {
            end.receive(head("HTTP/1.1 403 Forbidden\nTransfer-Encoding: chunked\n\n"));
            end.receive(utf8(broken.replace("\\", "\r\n") + "\r\n"));
            assertThat(body(refusal(end, false))).isEqualTo(kept);
            expectRefused(TransportEnd.LOCAL);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "Transfer-Encoding: gzip\n",
                    "Content-Length: 3\nContent-Length: 3\n",
                    "Content-Length: x\n",
                    "Content-Length:\n",
                    "Content-Length: +3\n",
                    "Content-Length: -3\n",
                    "Content-Length: 0000000000000000005\n",
                    "Content-Length: 99999999999999999999\n"
                })
        void aBodyWithoutAPlausibleLengthEndsWithTheStream(String headers) {
            end.receive(head("HTTP/1.1 500 Oops\n" + headers + "\nhello")).expectNothing();
            end.eof();
            assertThat(body(refusal(end, true))).isEqualTo("hello");
            expectRefused(TransportEnd.PEER_EOF);
        }

        @Test
        void aLengthOf18DigitsIsPlausible() {
            end.receive(head("HTTP/1.1 500 Oops\nContent-Length: 000000000000000005\n\nhello"));
            assertThat(body(refusal(end, true))).isEqualTo("hello");
            expectRefused(TransportEnd.LOCAL);
        }

        @Test
        void aResetCutsABodyThatEndsWithTheStream() {
            end.receive(head("HTTP/1.1 500 Oops\n\nhel")).reset();
            assertThat(body(refusal(end, false))).isEqualTo("hel");
            expectRefused(TransportEnd.PEER_RESET);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Content-Length: 6\n\nhello", "Transfer-Encoding: chunked\n\n6\nhello"})
        void theEndOfTheStreamCutsABodyOfKnownLength(String rest) {
            end.receive(head("HTTP/1.1 500 Oops\n" + rest)).eof();
            assertThat(body(refusal(end, false))).isEqualTo("hello");
            expectRefused(TransportEnd.PEER_EOF);
        }

        @Test
        void theHandshakeTimeoutCutsABody() {
            end.advance(Duration.ofSeconds(9)).receive(head("HTTP/1.1 500 Oops\n\nhel"));
            end.advance(Duration.ofNanos(999_999_999)).expectNothing();
            end.advance(Duration.ofNanos(1));
            assertThat(body(refusal(end, false))).isEqualTo("hel");
            expectRefused(TransportEnd.LOCAL_TIMEOUT);
        }

        @ParameterizedTest
        @CsvSource({"Content-Length: 65536, true", "Transfer-Encoding: chunked, true", "X: y, true"})
        void aBodyOfTheLimitIsWhole(String header) {
            end.receive(head("HTTP/1.1 500 Oops\n" + header + "\n\n"));
            boolean chunked = header.contains("chunked");
            end.receive(utf8(chunked ? "10000\r\n" : ""), new byte[65_536], utf8(chunked ? "\r\n0\r\n\r\n" : ""));
            if (header.startsWith("X")) {
                end.eof();
            }
            assertThat(refusal(end, true).body().remaining()).isEqualTo(65_536);
            end.next(Closed.class);
        }

        @ParameterizedTest
        @ValueSource(strings = {"Content-Length: 65537", "Transfer-Encoding: chunked", "X: y"})
        void aLargerBodyIsCutAtTheLimit(String header) {
            end.receive(head("HTTP/1.1 500 Oops\n" + header + "\n\n"));
            end.receive(utf8(header.contains("chunked") ? "10001\r\n" : ""), new byte[65_537]);
            assertThat(refusal(end, false).body().remaining()).isEqualTo(65_536);
            expectRefused(TransportEnd.LOCAL);
        }

        @Test
        void receivedBytesAreAllBytes() {
            byte[] stream = head("HTTP/1.1 500 Oops\nTransfer-Encoding: chunked\n\n3;x=y\nab");
            end.receive(stream);
            assertThat(end.protocol.progress().received()).isEqualTo(stream.length);
            end.eof();
            refusal(end, false);
            expectRefused(TransportEnd.PEER_EOF);
        }
    }

    @Nested
    @DisplayName("The end before the handshake's")
    class Ends {
        @Test
        void theStreamEndsInsideTheResponse() {
            end.receive(head("HTTP/1.1 101 Switching Protocols\nUpg"));
            Closed closed = end.eof().expectClosed();
            assertThat(closed.toString())
                    .isEqualTo("closed abnormally: handshake-incomplete at offset 37: the peer ended the stream (FIN)"
                            + " in the response head: 37 bytes received, in header line 1 (RFC 6455 §4.1);"
                            + " the peer ended the stream (FIN); Close received: none; Close sent: none");
        }

        @Test
        void theServerTakesTooLong() {
            end.advance(Duration.ofNanos(9_999_999_999L)).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.violation().message())
                    .isEqualTo(
                            "the handshake took too long: in the response head: 0 bytes received, in the status line");
            assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_TIMEOUT);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
        }

        @Test
        void theApplicationGivesUp() {
            end.receive(head("HTTP/1.1 "));
            end.protocol.close(CloseStatus.NONE, end.now);
            Closed closed = end.expectClosed();
            assertThat(closed.violation()).isNull();
            assertThat(closed.isClean()).isFalse();
            assertThat(closed.toString())
                    .isEqualTo(
                            "closed abnormally; this end closed the connection; Close received: none; Close sent: none;"
                                    + " this end gave the opening handshake up; in the response head: 9 bytes received,"
                                    + " in the status line");
        }

        @Test
        void theServerIsGoneBeforeTheRequestIsTransmitted() {
            var protocol = ClientProtocol.connect(TARGET, HandshakeOptions.NONE, Settings.CLIENT, Endpoint.keys(), 0);
            protocol.transmit(ByteBuffer.allocate(10));
            protocol.receiveReset(0);
            assertThat(((Closed) protocol.nextEvent()).unsent())
                    .isEqualTo(Wire.REQUEST.replace("\n", "\r\n").length() - 10);
            assertThat(protocol.hasOutput()).isFalse();
        }
    }
}
