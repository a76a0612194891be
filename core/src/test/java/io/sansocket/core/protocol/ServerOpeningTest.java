package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The opening handshake as a server lives it. */
class ServerOpeningTest {
    private static final byte[] REQUEST = head(Wire.REQUEST);

    private Endpoint end = Endpoint.unopened(Role.SERVER);

    @AfterEach
    void nothingIsLeft() {
        end.assertExhausted();
    }

    private Closed expectRefusal(Endpoint refusing, String status, Rule rule) {
        assertThat(refusing.takeSentText()).startsWith("HTTP/1.1 " + status).contains("\r\nConnection: close");
        assertThat(refusing.protocol.isOutputDone()).isTrue();
        assertThat(refusing.protocol.progress().phase()).isEqualTo(Phase.CLOSING);
        Closed closed = refusing.receive(REQUEST).eof().expectClosed();
        assertThat(closed.rule()).isEqualTo(rule);
        assertThat(closed.sent()).isNull();
        assertThat(closed.closeCode()).isEqualTo(1006);
        return closed;
    }

    @Nested
    @DisplayName("4.2.2 Sending the Server's Opening Handshake")
    class Answering {
        @Test
        void aLawfulRequestIsAnsweredByTheApplication() {
            end.receive(REQUEST);
            Event.HandshakeRequest event = end.next(Event.HandshakeRequest.class);
            assertThat(event.request().target()).isEqualTo("/chat");
            assertThat(event.subprotocols()).isEmpty();
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("the handshake request waits for the application's answer");
            end.expectNothing().accept();
            assertThat(end.takeSentText()).isEqualTo(Wire.RESPONSE.replace("\n", "\r\n"));
            Event.Opened opened = end.next(Event.Opened.class);
            assertThat(opened.subprotocol()).isNull();
            assertThat(opened.extensions()).isEmpty();
            assertThat(end.protocol.progress().phase()).isEqualTo(Phase.BETWEEN_FRAMES);
        }

        @Test
        void aRequestMayComeByteByByte() {
            for (byte b : REQUEST) {
                end.expectNothing().receive(new byte[] {b});
            }
            end.next(Event.HandshakeRequest.class);
        }

        @Test
        void aSubprotocolThatWasOfferedMayBeAgreedTo() {
            end.receive(head(Wire.REQUEST.replace("\n\n", "\nSec-WebSocket-Protocol: a, b\n\n")));
            assertThat(end.next(Event.HandshakeRequest.class).subprotocols()).isEqualTo(List.of("a", "b"));
            assertThatIllegalArgumentException().isThrownBy(() -> end.accept("c", HttpHeaders.empty()));
            end.accept("b", HttpHeaders.of("Set-Cookie", "x=1"));
            assertThat(end.takeSentText()).contains("\r\nSec-WebSocket-Protocol: b\r\nSet-Cookie: x=1\r\n\r\n");
            assertThat(end.next(Event.Opened.class).subprotocol()).isEqualTo("b");
        }

        @Test
        void theHandshakesOwnHeadersAreNotTheApplications() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            assertThatIllegalArgumentException().isThrownBy(() -> end.accept(null, HttpHeaders.of("Upgrade", "h2c")));
            end.expectNothing().accept().next(Event.Opened.class);
            end.takeSent();
        }

        @Test
        void aRequestMayBeRefusedWithAnyResponse() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            var response = HttpResponse.of(401, "Unauthorized", HttpHeaders.of("WWW-Authenticate", "Basic"));
            end.block().server().refuse(response.withBody("who?"), end.now);
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("the opening handshake was refused with 401; 121 bytes wait to be transmitted");
            end.unblock();
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("the opening handshake was refused with 401; waiting for the peer to close");
            Closed closed = expectRefusal(end, "401 Unauthorized\r\nWWW-Authenticate: Basic\r\n", null);
            assertThat(closed.isClean()).isFalse();
            assertThat(closed.toString()).contains("refused with 401");
        }

        @Test
        void aPeerThatStaysAfterARefusalHasTheCloseTimeoutFromThenOn() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.advance(Duration.ofSeconds(9)).server().refuse(HttpResponse.of(403, "", HttpHeaders.empty()), end.now);
            end.takeSent();
            end.advance(Duration.ofNanos(9_999_999_999L)).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
        }

        @Test
        void a101IsNoRefusal() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> end.server().refuse(HttpResponse.of(101, "", HttpHeaders.empty()), 0));
            end.expectNothing();
        }

        @Test
        void aRequestIsAnsweredOnce() {
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.accept().next(Event.Opened.class);
            end.takeSent();
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.server().refuse(HttpResponse.of(403, "", HttpHeaders.empty()), 0));
        }

        @Test
        void aRefusalIsAnAnswerBeforeTheClientHasClosedToo() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.server().refuse(HttpResponse.of(403, "No", HttpHeaders.empty()), 0);
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            assertThat(end.takeSentText()).startsWith("HTTP/1.1 403 No").containsOnlyOnce("HTTP/1.1");
        }

        @Test
        void anAnswerThatComesAfterTheEndIsRefused() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.eof().expectClosed();
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            assertThatIllegalStateException()
                    .isThrownBy(() -> end.server().refuse(HttpResponse.of(403, "", HttpHeaders.empty()), 0));
            end.expectNothing();
        }

        @Test
        void anAnswerThatComesAfterOurOwnCloseIsRefused() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.protocol.close(io.sansocket.core.rule.CloseStatus.NONE, 0);
            Closed closed = end.expectClosed();
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL);
            assertThat(closed.toString()).contains("this end gave the opening handshake up");
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
        }
    }

    @Nested
    @DisplayName("4.2.1 Reading the Client's Opening Handshake")
    class Judging {
        /** Each line: what to replace in the request, by what, the status, the rule. */
        static List<List<String>> violations() {
            return List.of(
                    List.of("GET", "POST", "405", "HANDSHAKE_METHOD"),
                    List.of("HTTP/1.1", "HTTP/1.0", "505", "HANDSHAKE_HTTP_VERSION"),
                    List.of("HTTP/1.1", "HTTP/3.0", "505", "HANDSHAKE_HTTP_VERSION"),
                    List.of("/chat", "chat", "400", "HANDSHAKE_HEADER_SYNTAX"),
                    List.of("GET ", "GET  ", "400", "HANDSHAKE_HEADER_SYNTAX"),
                    List.of("Host: server.example.com\n", "", "400", "HANDSHAKE_HOST"),
                    List.of("Host: server.example.com\n", "Host: a\nHost: a\n", "400", "HANDSHAKE_HOST"),
                    List.of("Host: server.example.com\n", "Host: a b\n", "400", "HANDSHAKE_HOST"),
                    List.of("Upgrade: websocket\n", "", "426", "HANDSHAKE_UPGRADE"),
                    List.of("Upgrade: websocket\n", "Upgrade: h2c\nUpgrade: h2c\n", "426", "HANDSHAKE_UPGRADE"),
                    List.of("Upgrade: websocket\n", "Upgrade: h2c\n", "426", "HANDSHAKE_UPGRADE"),
                    List.of("Connection: Upgrade\n", "", "400", "HANDSHAKE_CONNECTION"),
                    List.of(
                            "Connection: Upgrade\n",
                            "Connection: close\nConnection: close\n",
                            "400",
                            "HANDSHAKE_CONNECTION"),
                    List.of("Connection: Upgrade\n", "Connection: close\n", "400", "HANDSHAKE_CONNECTION"),
                    List.of("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n", "", "400", "HANDSHAKE_KEY"),
                    List.of(
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n",
                            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n",
                            "400",
                            "HANDSHAKE_KEY"),
                    List.of("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ", "400", "HANDSHAKE_KEY"),
                    List.of("Sec-WebSocket-Version: 13\n", "", "426", "HANDSHAKE_VERSION"),
                    List.of(
                            "Sec-WebSocket-Version: 13\n",
                            "Sec-WebSocket-Version: 13\nSec-WebSocket-Version: 13\n",
                            "426",
                            "HANDSHAKE_VERSION"),
                    List.of("Version: 13", "Version: 8", "426", "HANDSHAKE_VERSION"),
                    List.of("\n\n", "\nSec-WebSocket-Protocol: a b\n\n", "400", "HANDSHAKE_SUBPROTOCOL"),
                    List.of("\n\n", "\nSec-WebSocket-Protocol: a, a\n\n", "400", "HANDSHAKE_SUBPROTOCOL"),
                    List.of("\n\n", "\nSec-WebSocket-Extensions: =\n\n", "400", "HANDSHAKE_EXTENSION"),
                    List.of("\n\n", "\nContent-Length: 1\n\n", "400", "HANDSHAKE_BODY"),
                    List.of("\n\n", "\nTransfer-Encoding: chunked\n\n", "400", "HANDSHAKE_BODY"),
                    List.of("\n\n", "\n folded\n\n", "400", "HANDSHAKE_HEADER_SYNTAX"));
        }

        @ParameterizedTest
        @MethodSource("violations")
        void aRequestThatBreaksARuleIsRefusedWithItsStatus(List<String> line) {
            String request = Wire.REQUEST.replaceFirst(java.util.regex.Pattern.quote(line.get(0)), line.get(1));
            end.receive(head(request));
            assertThat(end.takeEvents()).isEmpty();
            Closed closed = expectRefusal(end, line.get(2) + " ", Rule.valueOf(line.get(3)));
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
        }

        /** RFC 6455 §4.4: a client of another version can only try again when it is told which versions there are. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    "Host: server.example.com",
                    "Upgrade: websocket"
                })
        void aRequestOfAnotherVersionIsToldOursWhateverElseItLacks(String line) {
            end.receive(head(Wire.REQUEST.replace("Version: 13", "Version: 8").replace(line + "\n", "")));
            assertThat(end.takeSentText()).contains("\r\nSec-WebSocket-Version: 13\r\n");
            end.eof().next(Closed.class);
        }

        @Test
        void headersThatMayComeTwiceMay() {
            end.receive(head(Wire.REQUEST
                    .replace("Upgrade: websocket", "Upgrade: h2c\nUpgrade: websocket")
                    .replace("Connection: Upgrade", "Connection: keep-alive\nConnection: Upgrade")));
            end.next(Event.HandshakeRequest.class);
        }

        @Test
        void anotherOriginIsRefusedByDefault() {
            var protocol = new ServerProtocol(0);
            protocol.receive(
                    java.nio.ByteBuffer.wrap(head(Wire.REQUEST.replace("\n\n", "\nOrigin: http://evil.example\n\n"))),
                    0);
            var target = java.nio.ByteBuffer.allocate(1000);
            protocol.transmit(target);
            assertThat(new String(target.array(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 403 ");
        }

        @Test
        void aHeadThatIsTooLargeIsRefusedBeforeItEnds() {
            end.receive(head("GET / HTTP/1.1\nX: " + "x".repeat(9000)));
            expectRefusal(end, "431 ", Rule.HANDSHAKE_TOO_LARGE);
        }
    }

    @Nested
    @DisplayName("Bytes that come before the answer")
    class EarlyData {
        private final byte[] hello = frame(Role.CLIENT, 0x81, "hello");

        @Test
        void theyAreHeldAndReadInOrder() {
            end.receive(REQUEST, hello).next(Event.HandshakeRequest.class);
            end.receive(frame(Role.CLIENT, 0x81, "you")).expectNothing();
            assertThat(end.protocol.progress().received()).isEqualTo(REQUEST.length + 11 + 9);
            end.accept().next(Event.Opened.class);
            end.expect(new Event.TextMessage("hello"), new Event.TextMessage("you"));
            assertThat(end.protocol.progress().offset()).isEqualTo(11 + 9);
            end.takeSent();
        }

        @Test
        void theirTimeIsTheirOwn() {
            end.now = 5;
            end.receive(REQUEST, hello).next(Event.HandshakeRequest.class);
            end.now = 9;
            end.accept().takeEvents();
            assertThat(end.protocol.progress().lastByteAt()).isEqualTo(5);
            end.takeSent();
        }

        @Test
        void asManyAsTheLimitAreHeld() {
            int limit = Limits.SERVER.maxEarlyData();
            byte[] data = frame(Role.CLIENT, 0x82, new byte[limit - 8]);
            end.receive(REQUEST, data).next(Event.HandshakeRequest.class);
            end.accept().next(Event.Opened.class);
            end.next(Event.BinaryMessage.class);
            end.takeSent();
        }

        @Test
        void oneMoreIsRefused() {
            int limit = Limits.SERVER.maxEarlyData();
            end.receive(REQUEST, new byte[limit]).next(Event.HandshakeRequest.class);
            end.receive(new byte[1]);
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            Closed closed = expectRefusal(end, "431 ", Rule.HANDSHAKE_TOO_LARGE);
            assertThat(closed.violation().offset()).isEqualTo(REQUEST.length + limit);
            assertThat(closed.violation().message()).contains("65537 bytes", "the limit is 65536");
        }

        @Test
        void theyAreNotKeptOnceTheyAreRead() {
            List<Protocol> open = new ArrayList<>();
            long before = usedHeap();
            for (int i = 0; i < 200; i++) {
                Endpoint each = Endpoint.unopened(Role.SERVER);
                each.receive(REQUEST, frame(Role.CLIENT, 0x82, new byte[60_000]))
                        .accept()
                        .takeEvents();
                open.add(each.protocol);
            }
            assertThat(usedHeap() - before).isLessThan(200 * 10_000);
            assertThat(open).hasSize(200);
        }

        private long usedHeap() {
            System.gc();
            return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        }

        @Test
        void holdingThemIsLinear() {
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            var one = java.nio.ByteBuffer.allocate(1);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < Limits.SERVER.maxEarlyData(); i++) {
                end.protocol.receive(one.rewind(), 0);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
        }
    }

    @Nested
    @DisplayName("The end before the handshake's")
    class Ends {
        @Test
        void theStreamEndsInsideTheRequest() {
            end.receive(head("GET / HT"));
            assertThat(end.protocol.progress().toString())
                    .isEqualTo("in the request head: 8 bytes received, in the request line");
            Closed closed = end.eof().expectClosed();
            assertThat(closed.violation().toString())
                    .isEqualTo("handshake-incomplete at offset 8: the peer ended the stream (FIN) in the request head:"
                            + " 8 bytes received, in the request line (RFC 6455 §4.1)");
            assertThat(closed.progress().phase()).isEqualTo(Phase.HANDSHAKE);
            assertThat(closed.toString()).doesNotContain("between frames");
        }

        @Test
        void nothingAtAllComes() {
            Closed closed = end.reset().expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_INCOMPLETE);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_RESET);
        }

        @Test
        void theRequestTakesTooLong() {
            end.receive(head("GET / HT"))
                    .advance(Duration.ofNanos(9_999_999_999L))
                    .expectNothing();
            end.advance(Duration.ofNanos(1));
            assertThat(end.takeSentText()).startsWith("HTTP/1.1 408 ");
            end.advance(Duration.ofNanos(9_999_999_999L)).expectNothing();
            Closed closed = end.advance(Duration.ofNanos(1)).expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_TIMEOUT);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.LOCAL_TIMEOUT);
        }

        @Test
        void theApplicationTakesTooLong() {
            end.receive(REQUEST).next(Event.HandshakeRequest.class);
            end.advance(Duration.ofSeconds(10));
            assertThat(end.takeSentText()).startsWith("HTTP/1.1 503 ").contains("Connection: close");
            assertThatIllegalStateException().isThrownBy(() -> end.accept());
            Closed closed = end.eof().expectClosed();
            assertThat(closed.violation()).as("the client is not to blame").isNull();
            assertThat(closed.toString()).contains("the application did not answer the handshake request in time");
        }

        @Test
        void theClientIsGoneBeforeTheRefusalIsTransmitted() {
            end.block().receive(head("BREW / HTTP/1.1\nHost: a\n\n"));
            int size = (int) end.protocol.bufferedOutput();
            assertThat(size).isPositive();
            assertThat(end.reset().expectClosed().unsent()).isEqualTo(size);
        }

        @Test
        void aClientThatEndsItsStreamStillGetsTheRefusal() {
            end.block().receive(head("BREW / HTTP/1.1\nHost: a\n\n")).eof().expectNoEvent();
            assertThat(end.unblock().takeSentText()).startsWith("HTTP/1.1 405 ");
            Closed closed = end.expectClosed();
            assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_METHOD);
            assertThat(closed.transportEnd()).isEqualTo(TransportEnd.PEER_EOF);
            assertThat(closed.unsent()).isZero();
        }
    }
}
