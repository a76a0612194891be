package io.sansocket.core.hostile;

import static io.sansocket.core.hostile.Bytes.join;
import static io.sansocket.core.hostile.Bytes.latin1;
import static io.sansocket.core.hostile.Bytes.repeat;

import io.sansocket.core.hostile.Shape.Start;
import java.util.List;
import java.util.function.IntFunction;

/** Hostile responses: what a server may try before the connection is open. */
final class ResponseShapes {
    private static final String SWITCHING = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            """.replace("\n", "\r\n");
    static final byte[] LAWFUL = latin1(SWITCHING + "\r\n");

    private static final String REFUSED = "HTTP/1.1 403 Forbidden\r\n";
    private static final String CHUNKED = REFUSED + "Transfer-Encoding: chunked\r\n\r\n";
    /** Beyond the limit of what is kept of a body. */
    private static final int BODY = 80_000;

    private static final int HEAD = 60_000;

    private ResponseShapes() {}

    static List<Shape> all() {
        return List.of(
                head(
                        "informational-responses",
                        "responses before the one that counts",
                        2_000,
                        "handshake-too-large",
                        n -> repeat(latin1("HTTP/1.1 100 Continue\r\n\r\n"), n)),
                head(
                        "informational-heads",
                        "five of them, each as large as may be",
                        300_000,
                        Shape.GOES_ON,
                        n -> repeat(informational(n / 5), n / 5 * 5)),
                head(
                        "long-reason",
                        "a reason phrase that never ends",
                        HEAD,
                        "handshake-too-large",
                        n -> join(latin1("HTTP/1.1 101 "), repeat(latin1("a"), n))),
                head(
                        "response-headers",
                        "a header in each four bytes",
                        HEAD,
                        "handshake-too-large",
                        n -> join(latin1(SWITCHING), repeat(latin1("a:\r\n"), n))),
                head(
                        "extension-answers",
                        "thousands of extensions agreed to",
                        HEAD,
                        "handshake-extension",
                        n -> join(latin1(SWITCHING), lines("Sec-WebSocket-Extensions: ", "x,", n), latin1("\r\n"))),
                head(
                        "subprotocol-answers",
                        "thousands of subprotocols agreed to",
                        HEAD,
                        "handshake-subprotocol",
                        n -> join(latin1(SWITCHING), lines("Sec-WebSocket-Protocol: ", "x,", n), latin1("\r\n"))),
                head(
                        "refusal-body",
                        "a body that never ends",
                        BODY,
                        "handshake-status",
                        n -> join(latin1(REFUSED + "\r\n"), repeat(latin1("a"), n))),
                head(
                        "refusal-length",
                        "a declared length of 18 digits",
                        BODY,
                        "handshake-status",
                        n -> join(
                                latin1(REFUSED + "Content-Length: 999999999999999999\r\n\r\n"),
                                repeat(latin1("a"), n))),
                head(
                        "tiny-chunks",
                        "six bytes for each byte of a body",
                        400_000,
                        "handshake-status",
                        n -> join(latin1(CHUNKED), repeat(latin1("1\r\na\r\n"), n))),
                head(
                        "chunk-extension",
                        "a chunk extension that never ends",
                        BODY,
                        Shape.GOES_ON,
                        n -> join(latin1(CHUNKED + "1;"), repeat(latin1("a"), n))),
                head(
                        "trailers",
                        "trailers that never end",
                        BODY,
                        Shape.GOES_ON,
                        n -> join(latin1(CHUNKED + "0\r\n"), repeat(latin1("a:b\r\n"), n))));
    }

    private static Shape head(String id, String attacks, int size, String outcome, IntFunction<byte[]> bytes) {
        return new Shape(id, attacks, Start.CLIENT_HEAD, size, outcome, bytes);
    }

    private static byte[] informational(int about) {
        String status = "HTTP/1.1 103 Early Hints\r\n";
        int line = 6_000;
        int lines = Math.max(1, (about - status.length()) / line);
        String header = "Link: " + "a".repeat(Math.min(line, about) - 10) + "\r\n";
        return latin1(status + header.repeat(lines) + "\r\n");
    }

    private static byte[] lines(String name, String unit, int about) {
        int line = 7_000;
        String elements = unit.repeat(Math.max(1, (Math.min(about, line) - name.length()) / unit.length()));
        return repeat(latin1(name + elements + "x\r\n"), about);
    }
}
