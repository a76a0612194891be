package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTTP heads: what the parser takes is what the grammar says, as a regular expression, and no more than the limits. */
class HeadsFuzzTest {
    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
    private static final String TEXT = "[\\t \\x21-\\x7e\\x80-\\xff]*+";
    private static final String FIELDS = "(?:" + TOKEN + ":" + TEXT + "\\r\\n)*+\\r\\n";
    private static final Pattern REQUEST = Pattern.compile(TOKEN + " [\\x21-\\x7e]++ HTTP/1\\.[0-9]\\r\\n" + FIELDS);
    private static final Pattern RESPONSE =
            Pattern.compile("HTTP/1\\.[0-9] [1-9][0-9][0-9] " + TEXT + "\\r\\n" + FIELDS);

    private static final int SMALL = 1;
    private static final HttpLimits SMALL_LIMITS = new HttpLimits(40, 3, 120);
    private static final HttpLimits NO_LIMITS =
            new HttpLimits(HttpLimits.CEILING, HttpLimits.CEILING, HttpLimits.CEILING);

    @FuzzTest
    void request(byte[] bytes) {
        var parser = check(new Input(bytes), HttpHeadParser::forRequests, REQUEST);
        if (parser.isComplete()) {
            HttpRequest request = parser.request();
            Oracle.same(0L, request.offset(), "the place of a request");
            var again = HttpHeadParser.forRequests(NO_LIMITS);
            Oracle.check(again.parse(ByteBuffer.wrap(HttpHeadWriter.write(request))), "a written request is one");
            Oracle.same(request, again.request(), "a request, and as it was written and read");
        }
    }

    @FuzzTest
    void response(byte[] bytes) {
        var parser = check(new Input(bytes), HttpHeadParser::forResponses, RESPONSE);
        if (parser.isComplete()) {
            HttpResponse response = parser.response();
            Oracle.same(0L, response.offset(), "the place of a response");
            var again = HttpHeadParser.forResponses(NO_LIMITS);
            Oracle.check(again.parse(ByteBuffer.wrap(HttpHeadWriter.write(response))), "a written response is one");
            Oracle.same(response, again.response(), "a response, and as it was written and read");
        }
    }

    private static HttpHeadParser check(Input input, Function<HttpLimits, HttpHeadParser> parsers, Pattern grammar) {
        int place = input.place();
        HttpLimits limits = (input.choice() & SMALL) != 0 ? SMALL_LIMITS : HttpLimits.REQUEST;
        byte[] bytes = input.rest();

        HttpHeadParser whole = parsers.apply(limits);
        Pieces.whole(bytes, in -> parse(whole, in));
        HttpHeadParser cut = parsers.apply(limits);
        Pieces.cut(bytes, place, in -> parse(cut, in));
        Oracle.same(whole.isComplete(), cut.isComplete(), "whether a head is complete, whole and in pieces");
        Oracle.same(whole.violation(), cut.violation(), "what is wrong with a head, whole and in pieces");
        Oracle.same(whole.bytesParsed(), cut.bytesParsed(), "the bytes of a head, whole and in pieces");
        Oracle.same(whole.progress(), cut.progress(), "what a parser waits for, whole and in pieces");

        checkGrammar(whole, bytes, limits, grammar);
        return whole;
    }

    private static void parse(HttpHeadParser parser, ByteBuffer in) {
        int before = parser.bytesParsed() - in.position();
        boolean complete = parser.parse(in);
        Oracle.check(complete == parser.isComplete(), "parse tells whether the head is complete");
        Oracle.check(before == parser.bytesParsed() - in.position(), "the bytes parsed are the bytes taken");
        Oracle.check(
                !in.hasRemaining() || complete || parser.violation() != null, "a head that goes on takes all bytes");
    }

    private static void checkGrammar(HttpHeadParser parser, byte[] bytes, HttpLimits limits, Pattern grammar) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Matcher matcher = grammar.matcher(text);
        Violation violation = parser.violation();
        if (parser.isComplete()) {
            Oracle.check(violation == null, "a complete head breaks no rule");
            Oracle.check(matcher.lookingAt(), "a complete head is grammatical");
            Oracle.same(matcher.end(), parser.bytesParsed(), "the end of a head");
            Oracle.check(fits(text.substring(0, matcher.end()), limits), "a complete head is within the limits");
        } else if (violation == null) {
            Oracle.same(bytes.length, parser.bytesParsed(), "the bytes of a head that goes on");
            Oracle.check(!matcher.lookingAt(), "a grammatical head is complete");
        } else {
            Oracle.same((long) parser.bytesParsed(), violation.offset(), "the place of a broken rule");
            boolean lawful = matcher.lookingAt() && fits(text.substring(0, matcher.end()), limits);
            Oracle.check(!lawful, "a grammatical head within the limits breaks no rule");
        }
    }

    private static boolean fits(String head, HttpLimits limits) {
        List<String> lines = head.lines().toList();
        return head.length() <= limits.maxHead()
                // Neither the first line nor the empty one is a field.
                && lines.size() - 2 <= limits.maxHeaders()
                && lines.stream().allMatch(line -> line.length() <= limits.maxLine());
    }
}
