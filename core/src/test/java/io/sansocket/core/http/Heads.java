package io.sansocket.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Heads for tests: written as text, parsed under three feeds. */
public final class Heads {
    /** What follows a head in the same segment; the parser must leave it alone. */
    static final String TAIL = "\r\n\r\nGET \0\u0081";

    private Heads() {}

    /** How a parser gets its bytes. */
    enum Feed {
        WHOLE,
        BYTE_BY_BYTE,
        WITH_A_TAIL;

        /** Feeds the wire text until the parser takes no more; checks what every feed must leave behind. */
        void into(HttpHeadParser parser, String wire) {
            int size = this == BYTE_BY_BYTE ? 1 : Integer.MAX_VALUE;
            byte[] bytes = bytes(this == WITH_A_TAIL ? wire + TAIL : wire);
            boolean done = feed(parser, bytes, size);
            assertThat(done).isEqualTo(parser.isComplete());
            if (done) {
                assertThat(parser.bytesParsed()).isEqualTo(wire.length());
            } else if (parser.violation() == null) {
                assertThat(parser.bytesParsed()).isEqualTo(bytes.length);
            } else {
                assertThat(parser.violation().offset()).isEqualTo(parser.bytesParsed());
            }
        }
    }

    /** Feeds bytes in chunks of a size; tells whether the head is complete. */
    static boolean feed(HttpHeadParser parser, byte[] bytes, int size) {
        int at = 0;
        boolean done = false;
        while (at < bytes.length && !done && parser.violation() == null) {
            ByteBuffer chunk = ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at));
            done = parser.parse(chunk);
            at = chunk.position();
        }
        assertThat(parser.bytesParsed()).isEqualTo(at);
        return done;
    }

    static byte[] bytes(String wire) {
        return wire.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Makes wire text of a text block: each line ends with CR LF. */
    public static String wire(String text) {
        return text.replace("\n", "\r\n");
    }

    /** Parses a request written as a text block. */
    public static HttpRequest request(String text) {
        var parser = HttpHeadParser.forRequests(HttpLimits.REQUEST);
        assertThat(parser.parse(ByteBuffer.wrap(bytes(wire(text)))))
                .as(parser::progress)
                .isTrue();
        return parser.request();
    }

    /** Parses a response written as a text block. */
    public static HttpResponse response(String text) {
        var parser = HttpHeadParser.forResponses(HttpLimits.RESPONSE);
        assertThat(parser.parse(ByteBuffer.wrap(bytes(wire(text)))))
                .as(parser::progress)
                .isTrue();
        return parser.response();
    }
}
