package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an application makes is checked before its first byte is written. */
class HttpValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"\r\nX: y", "\n", "\r", "\0", "\u001b", "\u007f", "\u0100", "\u2028", "\ud83d\ude00"})
    void noTextCanSmuggleALine(String injection) {
        refusesEverywhere(injection + "b");
        refusesEverywhere("a" + injection + "b");
    }

    private static void refusesEverywhere(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpHeaders.of(text, "v"));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpHeaders.of("N", text));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpRequest(text, "/", HttpVersion.HTTP_1_1, HttpHeaders.empty()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpRequest("GET", text, HttpVersion.HTTP_1_1, HttpHeaders.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpResponse.of(400, text, HttpHeaders.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a:", "é", "a,", "(", "\u212a"})
    void namesAndMethodsAreTokens(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpHeaders.of(text, "v"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HttpRequest(text, "/", HttpVersion.HTTP_1_1, HttpHeaders.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {" a", "a ", "\ta", "a\t", " "})
    void whitespaceAroundAValueIsRefusedAsItWouldNotArrive(String value) {
        assertThatThrownBy(() -> HttpHeaders.of("N", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("value of header N starts or ends with whitespace (RFC 9110 §5.5)");
    }

    @Test
    void messagesShowWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> HttpHeaders.of("N", "ab\r\n"))
                .hasMessage("value of header N has a character that is not allowed at index 2: \"\\u000d\""
                        + " (RFC 9110 §5.5)");
    }

    @Test
    void latinValuesAndTabsAreAllowed() {
        assertThat(HttpHeaders.of("N", "a\tb \u00e9\u0080").first("n")).isEqualTo("a\tb \u00e9\u0080");
        assertThat(HttpHeaders.of("N", "").first("n")).isEmpty();
    }

    @Test
    void targetsAreVisibleAscii() {
        for (String target : new String[] {"", "/a b", "/é", "/\t"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HttpRequest("GET", target, HttpVersion.HTTP_1_1, HttpHeaders.empty()));
        }
    }

    @Test
    void tokensConsistOfLettersDigitsAndFifteenMarks() {
        String allowed = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        for (char c = 0; c < 0x200; c++) {
            assertThat(HttpTokens.isToken(String.valueOf(c)))
                    .as("U+%04x", (int) c)
                    .isEqualTo(allowed.indexOf(c) >= 0);
        }
    }

    @Test
    void queriesAndValuesAreNotShown() {
        var request = new HttpRequest("GET", "/a?token=1", HttpVersion.HTTP_1_1, HttpHeaders.of("Cookie", "x"));
        assertThat(request).hasToString("GET \"/a?...\" HTTP/1.1 [Cookie]");
        assertThat(new HttpRequest("GET", "/a", HttpVersion.HTTP_1_1, HttpHeaders.empty()))
                .hasToString("GET \"/a\" HTTP/1.1 []");
        assertThat(new HttpRequest("GET", "?token=1", HttpVersion.HTTP_1_1, HttpHeaders.empty()))
                .hasToString("GET \"?...\" HTTP/1.1 []");
        assertThat(HttpResponse.of(400, "No", HttpHeaders.of("A", "x")).withBody("four"))
                .hasToString("HTTP/1.1 400 \"No\" [A], body of 4 bytes");
    }

    @Test
    void whatWasNotReceivedHasOffsetZero() {
        assertThat(new HttpRequest("GET", "/a", HttpVersion.HTTP_1_1, HttpHeaders.empty()).offset())
                .isZero();
        assertThat(HttpResponse.of(400, "No", HttpHeaders.empty()).offset()).isZero();
    }

    @Test
    void aRequestBeginsItsLineAndALineEndBeforeItsHeaders() {
        var headers = new HttpHeaders(List.of(), 1017, 1017);
        assertThat(new HttpRequest("GET", "/a", HttpVersion.HTTP_1_1, headers).offset())
                .isEqualTo(1017 - "GET /a HTTP/1.1\r\n".length());
    }

    @Test
    void statusesHaveThreeDigits() {
        assertThat(HttpResponse.of(100, "", HttpHeaders.empty()).status()).isEqualTo(100);
        assertThat(HttpResponse.of(999, "", HttpHeaders.empty()).status()).isEqualTo(999);
        assertThatIllegalArgumentException().isThrownBy(() -> HttpResponse.of(99, "", HttpHeaders.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> HttpResponse.of(1000, "", HttpHeaders.empty()));
    }

    @Test
    void aBodyIsCopiedAndCannotBeChanged() {
        byte[] bytes = {0, 1, 2, 3};
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, 2);
        HttpResponse response = HttpResponse.of(400, "", HttpHeaders.empty()).withBody(buffer);
        bytes[1] = 9;
        assertThat(buffer.remaining()).isEqualTo(2);
        assertThat(response.body()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2}));
        response.body().get();
        assertThat(response.body().remaining()).isEqualTo(2);
        assertThat(response.body().isReadOnly()).isTrue();
    }

    @Test
    void otherHeadersLeaveTheRestOfAResponse() {
        HttpResponse response =
                HttpResponse.of(403, "No", HttpHeaders.of("A", "b")).withBody("body");
        HttpHeaders others = HttpHeaders.of("C", "d");
        assertThat(response.withHeaders(others))
                .isEqualTo(HttpResponse.of(403, "No", others).withBody("body"));
    }

    @Test
    void aRequestIsWrittenAsItIsParsed() {
        var headers = HttpHeaders.of("Host", "a").with("B", "\u00e9");
        byte[] wire = HttpHeadWriter.write(new HttpRequest("GET", "/?a", HttpVersion.HTTP_1_1, headers));
        assertThat(wire).isEqualTo(Heads.bytes("GET /?a HTTP/1.1\r\nHost: a\r\nB: \u00e9\r\n\r\n"));
    }

    @Test
    void aResponseIsWrittenWithItsBody() {
        HttpResponse response =
                HttpResponse.of(403, "No\u00e9", HttpHeaders.of("A", "b")).withBody("ü");
        assertThat(HttpHeadWriter.write(response))
                .isEqualTo(Heads.bytes("HTTP/1.1 403 No\u00e9\r\nA: b\r\n\r\n"
                        + new String("ü".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
    }

    @Test
    void versionsAreOrderedAndHaveOneDigitEach() {
        var version = HttpVersion.HTTP_1_1;
        assertThat(new HttpVersion(1, 0).isBefore(version)).isTrue();
        assertThat(new HttpVersion(0, 9).isBefore(version)).isTrue();
        assertThat(version.isBefore(version)).isFalse();
        assertThat(new HttpVersion(2, 0).isBefore(version)).isFalse();
        assertThat(new HttpVersion(9, 9)).hasToString("HTTP/9.9");
        for (int[] bad : new int[][] {{-1, 0}, {10, 0}, {0, -1}, {0, 10}}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new HttpVersion(bad[0], bad[1]));
        }
    }
}
