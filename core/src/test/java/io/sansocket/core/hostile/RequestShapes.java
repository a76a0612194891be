package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.Bytes.count;
import static io.sansocket.core.hostile.Bytes.join;
import static io.sansocket.core.hostile.Bytes.latin1;
import static io.sansocket.core.hostile.Bytes.masked;
import static io.sansocket.core.hostile.Bytes.repeat;

import io.sansocket.core.hostile.Shape.Start;
import java.util.List;

/** Hostile requests: what a client may try before the connection is open. */
final class RequestShapes {
    static final String GET = "GET /chat HTTP/1.1\r\n";
    static final String NEEDED = """
            Host: server.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13
            """.replace("\n", "\r\n");
    static final byte[] LAWFUL = latin1(GET + NEEDED + "\r\n");

    /** Below the limit of a line, so that only the head's limit stands in the way. */
    private static final int LINE = 7_000;
    /** Below the limit of a request's head, so that it is lawful as far as that goes. */
    private static final int FITS = 15_000;

    private RequestShapes() {}

    static List<Shape> all() {
        return List.of(
                head("many-headers", "a header in each four bytes", "handshake-too-large", n -> flood("a:\r\n", n)),
                head("one-long-header", "a value that never ends", "handshake-too-large", n -> line("a: ", "b", n)),
                head(
                        "long-request-line",
                        "a target that never ends",
                        "handshake-too-large",
                        n -> join(latin1("GET /"), repeat(latin1("a"), n))),
                head("long-method", "a method that never ends", "handshake-too-large", n -> repeat(latin1("G"), n)),
                head(
                        "name-without-colon",
                        "a header name that never ends",
                        "handshake-too-large",
                        n -> line("", "a", n)),
                head("folded-lines", "one value over many lines", "handshake-header-syntax", n -> flood(" a\r\n", n)),
                head(
                        "empty-lines-first",
                        "lines before the request",
                        "handshake-header-syntax",
                        n -> repeat(latin1("\r\n"), n)),
                head(
                        "spaces-in-a-value",
                        "whitespace that has to be trimmed",
                        Shape.GOES_ON,
                        n -> lawful("X: ", " ", " ", n)),
                head(
                        "head-just-below-the-limit",
                        "all that a head may hold",
                        Shape.GOES_ON,
                        n -> join(
                                latin1(GET + NEEDED),
                                count(n - 300, i -> latin1("X-" + i + ": " + "v".repeat(190) + "\r\n")))),
                head(
                        "repeated-keys",
                        "as many keys as there may be headers",
                        "handshake-key",
                        n -> lawful("", "Sec-WebSocket-Key: a\r\n", Math.min(n, 1_900))),
                head(
                        "huge-key",
                        "a key that decodes to much",
                        "handshake-key",
                        n -> join(latin1(GET
                                + NEEDED.replace("dGhlIHNhbXBsZSBub25jZQ==", "A".repeat(Math.min(n, LINE) / 4 * 4))
                                + "\r\n"))),
                head(
                        "connection-options",
                        "a list of thousands of options",
                        Shape.GOES_ON,
                        n -> lawful("Connection: ", "a,", "a", n)),
                head(
                        "list-of-commas",
                        "thousands of empty elements",
                        Shape.GOES_ON,
                        n -> lawful("Connection: ", ",", "", n)),
                head(
                        "upgrade-protocols",
                        "thousands of protocols, each with a version",
                        Shape.GOES_ON,
                        n -> lawful("Upgrade: ", "a/1,", "a", n)),
                head(
                        "subprotocols",
                        "thousands of names, which must all differ",
                        Shape.GOES_ON,
                        n -> numbered("Sec-WebSocket-Protocol: ", RequestShapes::name, n)),
                head(
                        "subprotocols-of-one-hash",
                        "names with the same hash code",
                        Shape.GOES_ON,
                        n -> numbered("Sec-WebSocket-Protocol: ", RequestShapes::colliding, n)),
                head(
                        "extension-offers",
                        "thousands of extensions",
                        Shape.GOES_ON,
                        n -> lawful("Sec-WebSocket-Extensions: ", "x,", "x", n)),
                head(
                        "declined-offers",
                        "offers of permessage-deflate, each to be declined",
                        Shape.GOES_ON,
                        n -> lawful("Sec-WebSocket-Extensions: ", "permessage-deflate;x,", "x", n)),
                head(
                        "extension-parameters",
                        "thousands of parameters of one offer",
                        Shape.GOES_ON,
                        n -> lawful(
                                "Sec-WebSocket-Extensions: ",
                                "",
                                "permessage-deflate" + ";x".repeat(Math.min(n, LINE) / 2),
                                1)),
                head(
                        "quoted-backslashes",
                        "a quoted value of escapes",
                        Shape.GOES_ON,
                        n -> lawful(
                                "Sec-WebSocket-Extensions: ",
                                "",
                                "x;y=\"" + "\\a".repeat(Math.min(n, LINE) / 2) + "\"",
                                1)),
                head(
                        "quote-that-never-ends",
                        "a quoted value without its end",
                        "handshake-extension",
                        n -> lawful(
                                "Sec-WebSocket-Extensions: ", "", "x;y=\"" + "\\a".repeat(Math.min(n, LINE) / 2), 1)),
                new Shape(
                        "early-data",
                        "frames behind a request that the application has not answered",
                        Start.SERVER_UNANSWERED,
                        80_000,
                        "handshake-too-large",
                        n -> repeat(masked(0x82, (byte) 1), n)));
    }

    private static Shape head(String id, String attacks, String outcome, java.util.function.IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.SERVER_HEAD, FITS, outcome, bytes);
    }

    private static byte[] flood(String line, int about) {
        return join(latin1(GET), latin1("b: c\r\n"), repeat(latin1(line), about));
    }

    private static byte[] line(String name, String unit, int about) {
        return join(latin1(GET + name), repeat(latin1(unit), about));
    }

    /** Returns a request with one more line, often. */
    private static byte[] lawful(String ignored, String line, int about) {
        return join(latin1(GET + NEEDED + ignored), repeat(latin1(line), about), latin1("\r\n"));
    }

    /** Returns a request with more lines of a list's elements. */
    private static byte[] lawful(String name, String unit, String last, int about) {
        int room = Math.min(about, LINE) - name.length() - last.length() - 2;
        String elements = unit.repeat(unit.isEmpty() ? 0 : Math.max(1, room / unit.length()));
        byte[] line = latin1(name + elements + last + "\r\n");
        return join(latin1(GET + NEEDED), repeat(line, about), latin1("\r\n"));
    }

    private static byte[] numbered(String name, java.util.function.IntFunction<String> element, int about) {
        var head = new StringBuilder(GET + NEEDED);
        int number = 0;
        while (head.length() < about) {
            head.append(name);
            for (int end = Math.min(about, head.length() + LINE); head.length() < end; number++) {
                head.append(element.apply(number)).append(',');
            }
            head.append(element.apply(number++)).append("\r\n");
        }
        return latin1(head.append("\r\n").toString());
    }

    private static String name(int number) {
        return Integer.toString(number, Character.MAX_RADIX);
    }

    /** Returns names of 26 characters, all different and all with the same hash code. */
    private static String colliding(int number) {
        var name = new StringBuilder();
        for (int bit = 0; bit < 13; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
