package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import java.io.IOException;
import java.util.function.Function;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an application may answer to an opening handshake, and what becomes of a wrong answer. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandshakeDecisionTest {
    private static ServerBuilder server(Function<HandshakeRequest, HandshakeDecision> decider) {
        return WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .handler(WebSocket::receive)
                .onHandshake(decider);
    }

    private static WebSocketBuilder to(WebSocketServer server) {
        return WebSocket.builder("ws://127.0.0.1:" + server.port());
    }

    /** Whatever the fault is, the client learns that there is one, and the log whose it is, once. */
    private static void assertTheApplicationsFault(Function<HandshakeRequest, HandshakeDecision> decider, String says)
            throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var server = server(decider).start()) {
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(() -> to(server).connect())
                    .satisfies(e -> assertThat(e.response().status()).isEqualTo(500));

            log.await(text -> text.contains("refused with 500") && text.startsWith("= "));
            assertThat(log.records())
                    .filteredOn(line -> line.getLevel().intValue() > Level.INFO.intValue())
                    .singleElement()
                    .satisfies(line -> assertThat(line.getLevel()).isEqualTo(Level.SEVERE))
                    .satisfies(line -> assertThat(line.getMessage()).contains("the answer to the opening handshake"))
                    .satisfies(line -> assertThat(line.getThrown()).hasMessage(says));
        }
    }

    @Test
    void noDecisionIsAnsweredWith500() throws Exception {
        assertTheApplicationsFault(request -> null, "onHandshake returned null, not a decision");
    }

    @Test
    void aDeciderThatThrowsIsAnsweredWith500() throws Exception {
        assertTheApplicationsFault(
                request -> {
                    throw new StackOverflowError("planted");
                },
                "planted");
    }

    @Test
    void aDeciderInALanguageWithoutCheckedExceptionsIsAnsweredWith500() throws Exception {
        assertTheApplicationsFault(request -> undeclared(new IOException("planted")), "planted");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> HandshakeDecision undeclared(Throwable fault) throws T {
        throw (T) fault;
    }

    @Test
    void aSubprotocolThatWasNotAskedForIsAnsweredWith500() throws Exception {
        assertTheApplicationsFault(
                request -> HandshakeDecision.accept("nope"), "subprotocol \"nope\" was not asked for");
    }

    @Test
    void aRefusalThatCannotBeSentIsAnsweredWith500() throws Exception {
        assertTheApplicationsFault(
                request -> HandshakeDecision.refuse(101, "x"),
                "status 101 does not refuse, it is below 200 (RFC 9110 §15)");
    }

    @Test
    void whatDoesNotRefuseIsNoRefusal() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.refuse(101, "Switching Protocols"))
                .withMessage("status 101 does not refuse, it is below 200 (RFC 9110 §15)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.refuse(204, "x"))
                .withMessage("a response with status 204 has no body, not 2 bytes (RFC 9110 §6.4.1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.refuse(1000, "x"))
                .withMessage("status 1000 is not in 100-999 (RFC 9110 §15)");
        var chunked = HttpResponse.of(401, "Unauthorized", HttpHeaders.of("Transfer-Encoding", "chunked"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.refuse(chunked))
                .withMessageContaining("Transfer-Encoding");
    }

    @Test
    void aHeaderThatIsTheHandshakesOwnIsNotAdded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.accept().withHeader("Sec-WebSocket-Accept", "x"))
                .withMessage("header Sec-WebSocket-Accept belongs to the handshake");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.refuse(401, "Unauthorized").withHeader("Transfer-Encoding", "gzip"))
                .withMessageContaining("Transfer-Encoding");
    }

    @Test
    void aRefusalHasTheHeadersItIsGiven() throws Exception {
        try (var server = server(request -> HandshakeDecision.refuse(503, "Service Unavailable")
                        .withHeader("Cache-Control", "max-age=1")
                        .withHeader("Retry-After", "1"))
                .start()) {
            assertThatExceptionOfType(HandshakeRefusedException.class)
                    .isThrownBy(() -> to(server).connect())
                    .satisfies(e -> assertThat(e.response().headers().all("Cache-Control"))
                            .containsExactly("max-age=1"))
                    .satisfies(e -> assertThat(e.response().headers().all("Retry-After"))
                            .containsExactly("1"));
        }
    }

    @Test
    void aSubprotocolIsAToken() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HandshakeDecision.accept("a b"))
                .withMessage("subprotocol \"a b\" is not a token (RFC 6455 §4.1)");
    }

    @Test
    void whoAcceptsWithoutAChoiceLeavesItToTheServersSubprotocols() throws Exception {
        try (var server = server(request -> HandshakeDecision.accept().withHeader("X-User", "ann"))
                        .subprotocols("x", "y", "z")
                        .start();
                var both = to(server).subprotocols("z", "y").connect();
                var none = to(server).subprotocols("other").connect()) {
            assertThat(both.subprotocol()).contains("y");
            assertThat(both.response().headers().first("X-User")).isEqualTo("ann");
            assertThat(none.subprotocol()).isEmpty();
        }
    }

    @Test
    void aChoiceIsMadeBeforeTheServersSubprotocols() throws Exception {
        try (var server = server(request -> HandshakeDecision.accept("other"))
                        .subprotocols("x")
                        .start();
                var ws = to(server).subprotocols("x", "other").connect()) {
            assertThat(ws.subprotocol()).contains("other");
        }
    }
}
