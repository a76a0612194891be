package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sansocket.core.http.Heads.Feed;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly a limit passes, one more fails, whatever the feed; the message has both numbers. */
class HttpLimitsTest {
    private static final String START = "GET / HTTP/1.1\r\n";

    private static HttpHeadParser parsed(Feed feed, HttpLimits limits, String wire) {
        var parser = HttpHeadParser.forRequests(limits);
        feed.into(parser, wire);
        return parser;
    }

    private static Violation tooLarge(int offset, String message) {
        return new Violation(Rule.HANDSHAKE_TOO_LARGE, offset, message);
    }

    @ParameterizedTest
    @EnumSource
    void theRequestLineHasALimit(Feed feed) {
        var limits = new HttpLimits(200, 5, 1000);
        String target = "/" + "x".repeat(200 - "GET / HTTP/1.1".length());
        assertThat(parsed(feed, limits, "GET " + target + " HTTP/1.1\r\n\r\n").isComplete())
                .isTrue();
        assertThat(parsed(feed, limits, "GET " + target + "x HTTP/1.1\r\n\r\n").violation())
                .isEqualTo(tooLarge(200, "the request line: the line has 201 bytes or more, the limit is 200"));
    }

    @ParameterizedTest
    @EnumSource
    void aHeaderLineHasALimit(Feed feed) {
        var limits = new HttpLimits(300, 5, 1000);
        String line = "A: " + "x".repeat(297);
        assertThat(parsed(feed, limits, START + line + "\r\n\r\n").isComplete()).isTrue();
        assertThat(parsed(feed, limits, START + line + "x\r\n\r\n").violation())
                .isEqualTo(tooLarge(316, "header line 1 (\"A\"): the line has 301 bytes or more, the limit is 300"));
    }

    @ParameterizedTest
    @EnumSource
    void theNumberOfHeadersHasALimit(Feed feed) {
        var limits = new HttpLimits(100, 3, 1000);
        String three = "A: b\r\n".repeat(3);
        assertThat(parsed(feed, limits, START + three + "\r\n").isComplete()).isTrue();
        assertThat(parsed(feed, limits, START + three + "A: b\r\n\r\n").violation())
                .isEqualTo(tooLarge(34, "header line 4: the head has 4 headers or more, the limit is 3"));
    }

    @ParameterizedTest
    @EnumSource
    void theHeadHasALimit(Feed feed) {
        var limits = new HttpLimits(100, 3, 40);
        String exact = START + "A: " + "x".repeat(40 - START.length() - 7) + "\r\n\r\n";
        assertThat(exact).hasSize(40);
        assertThat(parsed(feed, limits, exact).isComplete()).isTrue();
        assertThat(parsed(feed, limits, exact.replace("A: ", "A: y")).violation())
                .isEqualTo(tooLarge(40, "the empty line at the end: the head has 41 bytes or more, the limit is 40"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theDefaultsHoldToTheByte(boolean requests) {
        HttpLimits limits = requests ? HttpLimits.REQUEST : HttpLimits.RESPONSE;
        String start = requests ? START : "HTTP/1.1 101 x\r\n";
        var wire = new StringBuilder(start);
        while (wire.length() < limits.maxHead() - 9000) {
            wire.append("A: ").append("x".repeat(limits.maxLine() - 3)).append("\r\n");
        }
        wire.append("B: ")
                .append("y".repeat(limits.maxHead() - wire.length() - 4))
                .append("\r\n\r\n");
        for (int more = 0; more < 2; more++) {
            var parser = requests ? HttpHeadParser.forRequests(limits) : HttpHeadParser.forResponses(limits);
            Feed.BYTE_BY_BYTE.into(parser, wire.toString().replace("B: ", "B: " + "z".repeat(more)));
            assertThat(parser.isComplete()).isEqualTo(more == 0);
        }
        var hundred = HttpHeadParser.forRequests(HttpLimits.REQUEST);
        Feed.WHOLE.into(hundred, START + "A: b\r\n".repeat(100) + "\r\n");
        assertThat(hundred.isComplete()).isTrue();
        var hundredAndOne = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
        Feed.WHOLE.into(hundredAndOne, "HTTP/1.1 101 x\r\n" + "A: b\r\n".repeat(101) + "\r\n");
        assertThat(hundredAndOne.violation()).isNotNull();
    }

    @Test
    void aHeadMayBeWithoutHeadersAtALimitOfZero() {
        var limits = new HttpLimits(100, 0, 100);
        assertThat(parsed(Feed.WHOLE, limits, START + "\r\n").isComplete()).isTrue();
        assertThat(parsed(Feed.WHOLE, limits, START + "A: b\r\n\r\n").violation())
                .isEqualTo(tooLarge(16, "header line 1: the head has 1 headers or more, the limit is 0"));
    }

    @Test
    void theDefaultsAreFinite() {
        assertThat(HttpLimits.REQUEST).isEqualTo(new HttpLimits(8192, 100, 16384));
        assertThat(HttpLimits.RESPONSE).isEqualTo(new HttpLimits(8192, 100, 65536));
    }

    @Test
    void aLimitIsFiniteAndAllowsSomething() {
        int ceiling = HttpLimits.CEILING;
        assertThat(new HttpLimits(ceiling, ceiling, ceiling)).isNotNull();
        assertThatThrownBy(() -> new HttpLimits(0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxLine is 0, allowed are 1-16777216");
        assertThatThrownBy(() -> new HttpLimits(1, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HttpLimits(1, 1, ceiling + 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHeadThatDribblesInCostsLinearTime() {
        var limits = new HttpLimits(4_000_000, 1, 8_000_000);
        String wire = START + "A: " + "x".repeat(3_000_000) + "\r\n\r\n";
        var parser = HttpHeadParser.forRequests(limits);
        long before = System.nanoTime();
        Feed.BYTE_BY_BYTE.into(parser, wire);
        // Linear is some 50 ms; quadratic would be hours.
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(20));
        assertThat(parser.isComplete()).isTrue();
    }
}
