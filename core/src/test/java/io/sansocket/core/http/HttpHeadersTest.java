package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HttpHeadersTest {
    private static final HttpHeaders HEADERS =
            HttpHeaders.of("Host", "a").with("X-Many", "1").with("x-many", "2").with("Cookie", "secret");

    @Test
    void namesCompareWithoutRegardToCase() {
        assertThat(HEADERS.first("HOST")).isEqualTo("a");
        assertThat(HEADERS.first("X-MANY")).isEqualTo("1");
        assertThat(HEADERS.all("x-Many")).containsExactly("1", "2");
        assertThat(HEADERS.first("none")).isNull();
        assertThat(HEADERS.contains("cookie")).isTrue();
        assertThat(HEADERS.contains("none")).isFalse();
        assertThat(HEADERS.size()).isEqualTo(4);
    }

    @Test
    void headersAreImmutable() {
        assertThat(HEADERS.without("X-MANY").size()).isEqualTo(2);
        assertThat(HEADERS.withAll(HttpHeaders.of("b", "c")).first("B")).isEqualTo("c");
        assertThat(HEADERS.size()).isEqualTo(4);
        assertThat(HttpHeaders.empty()).isEmpty();
    }

    @Test
    void equalityMeansNamesAndValuesInOrder() {
        assertThat(HttpHeaders.of("A", "b"))
                .isEqualTo(HttpHeaders.of("a", "b"))
                .hasSameHashCodeAs(HttpHeaders.of("a", "b"))
                .isNotEqualTo(HttpHeaders.of("a", "B"))
                .doesNotHaveSameHashCodeAs(HttpHeaders.of("a", "B"))
                .isNotEqualTo("a: b");
    }

    @Test
    void valuesAreNotShown() {
        assertThat(HEADERS).hasToString("[Host, X-Many, x-many, Cookie]");
        assertThat(HEADERS.fields("cookie").get(0)).hasToString("Cookie: 6 bytes at offset 0");
    }

    @Test
    void listsAreSplitAtCommasOverAllFields() {
        HttpRequest request = Heads.request("GET / HTTP/1.1\nL: a,b\t , , c d\nl:\nL: ,\nL: e\n\n");
        assertThat(request.headers().elements("L"))
                .containsExactly(
                        new HttpField("L", "a", 19),
                        new HttpField("L", "b", 21),
                        new HttpField("L", "c d", 28),
                        new HttpField("L", "e", 46));
        assertThat(request.headers().elements("none")).isEmpty();
    }
}
