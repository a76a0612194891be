package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.rule.Violation;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any bytes end in a head or a violation, the same under any chunking; what is written is parsed again. */
class HttpHeadFuzzTest {
    private static final HttpLimits LIMITS = new HttpLimits(60, 6, 200);
    private static final String ALPHABET = "\r\n\r\n\t :,;/.\"\\HTTP/1.1aZ09\0\u007f\u0080\u00ff";
    private static final String REQUEST =
            "GET /chat HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nX: \u00e9\r\n\r\n";
    private static final String RESPONSE = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nX:\r\n\r\n";

    private record Verdict(
            boolean complete,
            int parsed,
            @Nullable Violation violation,
            @Nullable Object head) {}

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mutatedHeadsGetOneVerdictUnderAnyChunking(boolean requests) {
        var random = new Random(requests ? 1 : 2);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = mutate(requests ? REQUEST : RESPONSE, random);
            Verdict whole = verdict(requests, bytes, bytes.length);
            assertThat(verdict(requests, bytes, 1)).isEqualTo(whole);
            assertThat(verdict(requests, bytes, 2 + random.nextInt(20))).isEqualTo(whole);
            if (whole.violation() != null) {
                // Every shorter beginning was in order: the fault was shown at the earliest byte.
                byte[] before = Arrays.copyOf(bytes, whole.parsed());
                assertThat(verdict(requests, before, bytes.length).violation()).isNull();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyBeginningOfAGoodHeadNeedsMore(boolean requests) {
        byte[] bytes = Heads.bytes(requests ? REQUEST : RESPONSE);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(verdict(requests, Arrays.copyOf(bytes, length), bytes.length))
                    .isEqualTo(new Verdict(false, length, null, null));
        }
        assertThat(verdict(requests, bytes, bytes.length).complete()).isTrue();
    }

    private static Verdict verdict(boolean requests, byte[] bytes, int size) {
        var parser = requests ? HttpHeadParser.forRequests(LIMITS) : HttpHeadParser.forResponses(LIMITS);
        boolean complete = Heads.feed(parser, bytes, size);
        assertThat(parser.progress()).isNotEmpty();
        Object head = complete ? requests ? parser.request() : parser.response() : null;
        return new Verdict(complete, parser.bytesParsed(), parser.violation(), head);
    }

    private static byte[] mutate(String seed, Random random) {
        var text = new StringBuilder(seed);
        for (int n = random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(text.length());
            String piece = String.valueOf(
                    random.nextBoolean()
                            ? ALPHABET.charAt(random.nextInt(ALPHABET.length()))
                            : (char) random.nextInt(0x100));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, piece);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.setCharAt(at, piece.charAt(0));
                default -> text.insert(at, text.substring(random.nextInt(at + 1), at));
            }
        }
        return Heads.bytes(text.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void whatIsWrittenIsParsedAgain(int size) {
        var random = new Random(3);
        for (int i = 0; i < 500; i++) {
            HttpHeaders headers = HttpHeaders.empty();
            for (int n = random.nextInt(5); n > 0; n--) {
                headers = headers.with("N" + random.nextInt(9), value(random));
            }
            var request = new HttpRequest("M" + i, "/" + i, new HttpVersion(1, random.nextInt(10)), headers);
            var requests = HttpHeadParser.forRequests(HttpLimits.REQUEST);
            assertThat(Heads.feed(requests, HttpHeadWriter.write(request), size))
                    .isTrue();
            assertThat(requests.request()).isEqualTo(request);

            var response = HttpResponse.of(100 + random.nextInt(900), value(random), headers);
            var responses = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
            assertThat(Heads.feed(responses, HttpHeadWriter.write(response), size))
                    .isTrue();
            assertThat(responses.response()).isEqualTo(response);
        }
    }

    private static String value(Random random) {
        var value = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            char c = (char) random.nextInt(0x100);
            value.append(HttpTokens.isText(c) ? c : 'x');
        }
        return value.toString().strip().replaceAll("^[ \t]+|[ \t]+$", "");
    }
}
