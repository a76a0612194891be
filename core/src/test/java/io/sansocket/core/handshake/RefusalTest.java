package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.http.Heads;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource({
        "HANDSHAKE_HOST, 400, Bad Request",
        "HANDSHAKE_ORIGIN, 403, Forbidden",
        "HANDSHAKE_METHOD, 405, Method Not Allowed",
        "HANDSHAKE_TIMEOUT, 408, Request Timeout",
        "HANDSHAKE_VERSION, 426, Upgrade Required",
        "HANDSHAKE_TOO_LARGE, 431, Request Header Fields Too Large",
        "HANDSHAKE_HTTP_VERSION, 505, HTTP Version Not Supported",
    })
    void aRefusalNamesTheRule(Rule rule, int status, String reason) {
        HttpResponse refusal = Refusal.of(new Violation(rule, 7, "what was found"));
        assertThat(refusal.status()).isEqualTo(status);
        assertThat(refusal.reason()).isEqualTo(reason);
        assertThat(refusal.headers().elements("Connection").get(0).value()).isEqualTo("close");
        assertThat(refusal.headers().first("Cache-Control")).isEqualTo("no-store");
        assertThat(refusal.headers().first("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(refusal.headers().first("Content-Length"))
                .isEqualTo(String.valueOf(refusal.body().remaining()));
        assertThat(StandardCharsets.UTF_8.decode(refusal.body()).toString())
                .isEqualTo(rule.id() + ": what was found (" + rule.source() + ")\n");
    }

    @Test
    void everyRuleWithAStatusHasAReason() {
        Arrays.stream(Rule.values())
                .filter(rule -> rule.httpStatus() != Rule.NONE)
                .forEach(rule -> assertThat(
                                Refusal.of(new Violation(rule, 0, "")).reason())
                        .isNotEmpty());
    }

    @Test
    void anUpgradeThatIsRequiredSaysWhichOne() {
        HttpHeaders headers =
                Refusal.of(new Violation(Rule.HANDSHAKE_UPGRADE, 0, "")).headers();
        assertThat(headers.all("Upgrade")).containsExactly("websocket");
        assertThat(headers.all("Sec-WebSocket-Version")).containsExactly("13");
        assertThat(headers.all("Connection")).containsExactly("close, Upgrade");
    }

    @Test
    void aMethodThatIsNotAllowedSaysWhichIs() {
        assertThat(Refusal.of(new Violation(Rule.HANDSHAKE_METHOD, 0, ""))
                        .headers()
                        .all("Allow"))
                .containsExactly("GET");
    }

    @Test
    void aRequestLineThatIsTooLongHasAStatusOfItsOwn() {
        var parser = HttpHeadParser.forRequests(new HttpLimits(20, 10, 100));
        parser.parse(ByteBuffer.wrap("GET /a-long-target HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII)));
        HttpResponse refusal = Refusal.of(Objects.requireNonNull(parser.violation()));
        assertThat(refusal.status()).isEqualTo(414);
        assertThat(refusal.reason()).isEqualTo("URI Too Long");
    }

    @Test
    void onlyRulesOfRequestsRefuseThem() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of(new Violation(Rule.RESERVED_BITS, 0, "")))
                .withMessage("no handshake is refused for reserved-bits");
    }

    @Test
    void hostileTextIsShownHarmless() {
        var request = Heads.request("GET / HTTP/1.1\nHost: <script>\u0085\u00e9\n\n");
        HttpResponse refusal = Refusal.of(RequestRules.check(request).get(0));
        assertThat(new String(HttpHeadWriter.write(refusal), StandardCharsets.UTF_8))
                .endsWith(
                        "handshake-host: Host is \"<script>\\u0085\\u00e9\", which is not a host with an optional port"
                                + " (RFC 6455 §4.1)\n");
        assertThat(refusal.headers().first("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void anApplicationsRefusalIsMadeFitToBeSent() {
        HttpHeaders headers = HttpHeaders.of("WWW-Authenticate", "Basic")
                .with("connection", "keep-alive")
                .with("Content-Length", "99");
        var version = new HttpVersion(1, 0);
        HttpResponse refusal =
                Refusal.of(new HttpResponse(version, 401, "Who?", headers, ByteBuffer.wrap(new byte[] {1, 2, 3})));
        assertThat(refusal)
                .isEqualTo(new HttpResponse(
                        HttpVersion.HTTP_1_1,
                        401,
                        "Who?",
                        HttpHeaders.of("WWW-Authenticate", "Basic")
                                .with("Connection", "close")
                                .with("Cache-Control", "no-store")
                                .with("Content-Length", "3"),
                        ByteBuffer.wrap(new byte[] {1, 2, 3})));
    }

    @Test
    void anApplicationMayAllowCaching() {
        var response = HttpResponse.of(301, "", HttpHeaders.of("cache-control", "max-age=60"));
        assertThat(Refusal.of(response).headers().all("Cache-Control")).containsExactly("max-age=60");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void someStatusesHaveNoBody(int status) {
        var response = HttpResponse.of(status, "", HttpHeaders.empty());
        assertThat(Refusal.of(response).headers().contains("Content-Length")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> Refusal.of(response.withBody("x")));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 101, 199})
    void aRefusalIsFinal(int status) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of(HttpResponse.of(status, "", HttpHeaders.empty())));
    }

    @Test
    void aFinalStatusRefusesWhateverItSays() {
        assertThat(Refusal.of(HttpResponse.of(200, "", HttpHeaders.empty())).status())
                .isEqualTo(200);
    }

    @Test
    void aRefusalIsSentWhole() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of(HttpResponse.of(400, "", HttpHeaders.of("Transfer-Encoding", "chunked"))));
    }
}
