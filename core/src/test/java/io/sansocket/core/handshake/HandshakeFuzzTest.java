package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.http.Heads;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.rule.Violation;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a peer writes, the rules answer with violations inside its head, and never with an exception. */
class HandshakeFuzzTest {
    private static final String REQUEST = Heads.wire("""
            GET http://a.example/chat HTTP/1.1
            Host: a.example
            Upgrade: h2c/1, websocket
            Connection: keep-alive, Upgrade
            Origin: http://a.example
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Protocol: chat, superchat
            Sec-WebSocket-Extensions: ext; a="b", other

            """);
    private static final String RESPONSE = Heads.wire("""
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Location: http://a.example/x?y
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            Sec-WebSocket-Protocol: chat
            Sec-WebSocket-Extensions: ext

            """);
    private static final String ALPHABET = " \t:,;/\\\"=[]@#%?.-a0\u00e9";
    private static final int ROUNDS = 20_000;

    private static String mutate(String seed, Random random) {
        var text = new StringBuilder(seed);
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(text.length());
            char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, c);
                case 1 -> text.deleteCharAt(at);
                default -> text.setCharAt(at, c);
            }
        }
        return text.toString();
    }

    private static void areInside(List<Violation> violations, String wire) {
        assertThat(violations).allMatch(violation -> violation.offset() >= 0 && violation.offset() < wire.length());
    }

    @Test
    void anyRequestIsAcceptedOrRefused() {
        var random = new Random(1);
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String wire = mutate(REQUEST, random);
            var parser = HttpHeadParser.forRequests(HttpLimits.REQUEST);
            if (parser.parse(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)))) {
                ServerHandshake handshake = ServerHandshake.of(parser.request(), OriginPolicy.sameOrigin());
                areInside(handshake.violations(), wire);
                for (Violation violation : handshake.violations()) {
                    assertThat(Refusal.of(violation).status()).isGreaterThanOrEqualTo(400);
                }
                if (handshake.violations().isEmpty()) {
                    accepted++;
                    handshake.accept(null, HttpHeaders.empty(), List.of(new FakeExtension.Provider("other", 1)));
                }
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 100);
    }

    @Test
    void anyResponseIsJudged() {
        var random = new Random(2);
        var uri = URI.create("ws://a.example/");
        var options =
                HandshakeOptions.NONE.withSubprotocols("chat").withExtensions(new FakeExtension.Provider("ext", 4));
        var client = ClientHandshake.of(uri, options, "the sample nonce".getBytes(StandardCharsets.US_ASCII));
        int accepted = 0;
        for (int i = 0; i < ROUNDS; i++) {
            String wire = mutate(i % 2 == 0 ? RESPONSE : RESPONSE.replace("101", "302"), random);
            var parser = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
            if (parser.parse(ByteBuffer.wrap(wire.getBytes(StandardCharsets.ISO_8859_1)))) {
                areInside(ResponseRules.checkAlone(parser.response()), wire);
                HandshakeResult result = client.judge(parser.response());
                if (result instanceof HandshakeResult.Violated violated) {
                    areInside(List.of(violated.violation()), wire);
                } else if (result instanceof HandshakeResult.Refused refused) {
                    refused.redirect(uri)
                            .ifPresent(to -> assertThat(to.getScheme()).isIn("ws", "wss"));
                } else {
                    accepted++;
                }
            }
        }
        assertThat(accepted).isGreaterThan(ROUNDS / 100);
    }
}
