package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of RFC 6455 §1.2 and §1.3, through every layer. */
class RfcExampleTest {
    private static final byte[] NONCE = "the sample nonce".getBytes(StandardCharsets.US_ASCII);

    @Test
    void theExampleOfTheRfcIsAcceptedByBothSides() {
        var options = HandshakeOptions.NONE.withOrigin("http://example.com").withSubprotocols("chat", "superchat");
        var client = ClientHandshake.of(URI.create("ws://server.example.com/chat"), options, NONCE);

        var server = ServerHandshake.of(parseRequest(client.request()), OriginPolicy.any());
        assertThat(server.violations()).isEmpty();
        assertThat(server.subprotocols()).containsExactly("chat", "superchat");
        var acceptance = server.accept("chat", HttpHeaders.empty(), List.of());

        assertThat(new String(HttpHeadWriter.write(acceptance.response()), StandardCharsets.US_ASCII))
                .isEqualTo("""
                        HTTP/1.1 101 Switching Protocols
                        Upgrade: websocket
                        Connection: Upgrade
                        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                        Sec-WebSocket-Protocol: chat

                        """.replace("\n", "\r\n"));
        assertThat(client.judge(parseResponse(acceptance.response())))
                .isEqualTo(new HandshakeResult.Accepted("chat", List.of()));
    }

    private static HttpRequest parseRequest(HttpRequest request) {
        var parser = HttpHeadParser.forRequests(HttpLimits.REQUEST);
        assertThat(parser.parse(ByteBuffer.wrap(HttpHeadWriter.write(request)))).isTrue();
        assertThat(parser.request()).isEqualTo(request);
        return parser.request();
    }

    private static HttpResponse parseResponse(HttpResponse response) {
        var parser = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
        assertThat(parser.parse(ByteBuffer.wrap(HttpHeadWriter.write(response))))
                .isTrue();
        assertThat(parser.response()).isEqualTo(response);
        return parser.response();
    }
}
