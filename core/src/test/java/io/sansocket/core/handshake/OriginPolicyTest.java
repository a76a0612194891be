package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.http.Heads;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginPolicyTest {
    private static HttpRequest request(String host, String origin) {
        return Heads.request("GET / HTTP/1.1\nHost: " + host + "\nOrigin: " + origin + "\n\n");
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, http://a.example",
        "a.example, https://a.example",
        "A.example, HTTPS://a.EXAMPLE",
        "a.example:443, https://a.example",
        "a.example:80, http://a.example",
        "a.example, https://a.example:443",
        "a.example:8765, http://a.example:8765",
        "[::1]:8080, http://[::1]:8080",
    })
    void thePagesOfTheSameHostAndPortAreLetIn(String host, String origin) {
        assertThat(OriginPolicy.sameOrigin().check(request(host, origin))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.example, http://b.example",
        "a.example, http://a.example.evil",
        "a.example, http://sub.a.example",
        "a.example:80, https://a.example",
        "a.example:443, http://a.example",
        "a.example:8765, http://a.example",
        "a.example, null",
        "a.example, a.example",
        "a.example, ://a.example",
        "a.example, http://",
        "a.example, http://a.example/path",
        "a.example, http://u@a.example",
        "a.example, http://a.example http://a.example",
        "a.example, ws://a.example",
        "a.example, h_p://a.example",
        "a b, http://a",
    })
    void otherPagesAreNot(String host, String origin) {
        assertThat(OriginPolicy.sameOrigin().check(request(host, origin)))
                .containsExactly(new Violation(
                        Rule.HANDSHAKE_ORIGIN,
                        "GET / HTTP/1.1\r\nHost: \r\nOrigin: ".length() + host.length(),
                        "Origin is \"" + origin + "\", which is not the origin of the requested host"));
    }

    @Test
    void withoutOneHostThereIsNoSameOrigin() {
        assertThat(OriginPolicy.sameOrigin().check(Heads.request("GET / HTTP/1.1\nOrigin: http://a\n\n")))
                .hasSize(1);
        assertThat(OriginPolicy.sameOrigin()
                        .check(Heads.request("GET / HTTP/1.1\nHost: a\nHost: a\nOrigin: http://a\n\n")))
                .hasSize(1);
    }

    @Test
    void noOriginCanHideBehindAnother() {
        HttpRequest two = Heads.request("GET / HTTP/1.1\nHost: a\nOrigin: http://a\nOrigin: http://b\n\n");
        assertThat(OriginPolicy.sameOrigin().check(two))
                .singleElement()
                .satisfies(violation -> assertThat(violation.message()).startsWith("Origin is \"http://b\""));
        assertThat(OriginPolicy.any().check(two)).isEmpty();
    }

    @Test
    void aRequestWithoutOriginIsLetInByEveryPolicy() {
        HttpRequest request = Heads.request("GET / HTTP/1.1\nHost: a\n\n");
        assertThat(OriginPolicy.sameOrigin().check(request)).isEmpty();
        assertThat(OriginPolicy.any().check(request)).isEmpty();
        assertThat(OriginPolicy.of().check(request)).isEmpty();
    }

    @Test
    void listedOriginsAreLetIn() {
        var policy =
                OriginPolicy.of("https://App.example", "http://localhost:3000", "null", "x1-app://id", "web+app://id");
        for (String origin : new String[] {
            "https://app.example",
            "https://app.example:443",
            "http://LOCALHOST:3000",
            "null",
            "x1-app://id",
            "web+app://id"
        }) {
            assertThat(policy.check(request("other", origin))).isEmpty();
        }
        for (String origin : new String[] {"http://app.example", "http://localhost", "NULL", "", "x1-app://other"}) {
            assertThat(policy.check(request("app.example", origin)))
                    .singleElement()
                    .satisfies(violation -> assertThat(violation.message())
                            .isEqualTo("Origin is \"" + origin + "\", which is not among the 5 allowed"));
        }
        assertThat(OriginPolicy.of("http://a").check(request("a", "null"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.example", "http://", "http://a/", "http://a b", "*", "https://*.a", "é://a"})
    void whatIsNoOriginCannotBeListed(String origin) {
        if (origin.contains("*.")) {
            // A star is a legal character of a name, and matches itself alone.
            assertThat(OriginPolicy.of(origin).check(request("b.a", "https://b.a")))
                    .hasSize(1);
        } else {
            assertThatIllegalArgumentException().isThrownBy(() -> OriginPolicy.of(origin));
        }
    }
}
