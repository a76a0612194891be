package io.sansocket;

import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Event;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connection was opened, kept as long as it lasts and so kept small: the heads as bytes, which are read again when
 * somebody asks. As objects they would be the larger half of an idle connection.
 */
final class Handshake {
    /** What was read or written once can be read again, whatever the limits were. */
    private static final HttpLimits NO_LIMITS =
            new HttpLimits(HttpLimits.CEILING, HttpLimits.CEILING, HttpLimits.CEILING);

    private final byte[] request;
    private final byte[] response;
    private final @Nullable String subprotocol;
    private final List<ExtensionOffer> extensions;

    Handshake(Event.Opened opened) {
        request = HttpHeadWriter.write(opened.request());
        response = HttpHeadWriter.write(opened.response());
        subprotocol = opened.subprotocol();
        extensions = opened.extensions();
    }

    HttpRequest request() {
        return read(HttpHeadParser.forRequests(NO_LIMITS), request).request();
    }

    HttpResponse response() {
        return read(HttpHeadParser.forResponses(NO_LIMITS), response).response();
    }

    private static HttpHeadParser read(HttpHeadParser parser, byte[] head) {
        if (!parser.parse(ByteBuffer.wrap(head))) {
            throw new AssertionError("a head that was written cannot be read: " + parser.violation());
        }
        return parser;
    }

    @Nullable
    String subprotocol() {
        return subprotocol;
    }

    List<ExtensionOffer> extensions() {
        return extensions;
    }
}
