package io.sansocket.core.protocol;

import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.handshake.HandshakeResult;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What happened on a connection, in the order it happened.
 *
 * <p>Events own their data: a buffer in an event is nobody else's. Each connection gives exactly one {@link Closed}, and
 * nothing after it.
 *
 * @since 0.1
 */
public sealed interface Event
        permits Closed,
                Event.HandshakeRequest,
                Event.Opened,
                Event.Refused,
                Event.TextMessage,
                Event.BinaryMessage,
                Event.TextFragment,
                Event.BinaryFragment,
                Event.Ping,
                Event.Pong,
                Event.Stalled {
    /**
     * A lawful opening handshake asks the server for an answer: {@link ServerProtocol#accept} or
     * {@link ServerProtocol#refuse}.
     *
     * @param request the request's head
     * @param subprotocols the subprotocols the client offers, in its order of preference
     */
    record HandshakeRequest(HttpRequest request, List<String> subprotocols) implements Event {}

    /**
     * The opening handshake is done: messages may be sent, and may come (RFC 6455 §4.1, §4.2.2).
     *
     * @param request the client's request
     * @param response the server's response, with status 101
     * @param subprotocol the agreed subprotocol, or null when there is none
     * @param extensions the agreed extensions
     */
    record Opened(
            HttpRequest request,
            HttpResponse response,
            @Nullable String subprotocol,
            List<ExtensionOffer> extensions) implements Event {}

    /**
     * The server answered the client with a status other than 101 (RFC 6455 §4.1). A redirect or a demand for credentials
     * is the caller's to follow, on a new connection. {@link Closed} comes next.
     *
     * @param response the response, with as much of its body as came, up to the limit
     * @param bodyComplete whether that is the whole body
     */
    record Refused(HttpResponse response, boolean bodyComplete) implements Event {
        /**
         * Returns where a redirect leads, as {@link HandshakeResult.Refused#redirect} does; empty when this is none.
         *
         * @param from the URI that was asked for
         */
        public Optional<URI> redirect(URI from) {
            return new HandshakeResult.Refused(response).redirect(from);
        }
    }

    /** A whole text message. */
    record TextMessage(String text) implements Event {}

    /** A whole binary message. */
    record BinaryMessage(ByteBuffer data) implements Event {}

    /**
     * A piece of a text message, where messages are streamed ({@link Delivery#STREAMED}). Pieces follow what came over
     * the wire, not the peer's fragments.
     *
     * @param text the next characters, never half of one
     * @param last whether the message ends with it; the last piece may be empty
     */
    record TextFragment(String text, boolean last) implements Event {}

    /**
     * A piece of a binary message, where messages are streamed ({@link Delivery#STREAMED}).
     *
     * @param data the next bytes
     * @param last whether the message ends with it; the last piece may be empty
     */
    record BinaryFragment(ByteBuffer data, boolean last) implements Event {}

    /** A Ping, with at most 125 bytes. It is answered without the caller's doing, the latest of several (RFC 6455 §5.5.2). */
    record Ping(ByteBuffer payload) implements Event {}

    /**
     * A Pong that answers a Ping of the application, and those before it, or none at all (RFC 6455 §5.5.3). Answers to
     * keepalive Pings are no events, unless they answer a Ping of the application before them; {@link Protocol#latency} has
     * their measure.
     *
     * @param payload that of the latest Ping of the application it answers, or of a Pong that answers none: at most 125 bytes
     * @param latency the nanoseconds since the Ping was queued, or {@link #UNSOLICITED}
     */
    record Pong(ByteBuffer payload, long latency) implements Event {
        /** The latency of a Pong that answers no Ping of ours. */
        public static final long UNSOLICITED = -1;
    }

    /**
     * No byte of an unfinished frame came for the progress timeout. Once for each silence; the connection goes on, unless
     * {@link StallPolicy#FAIL} is set.
     *
     * @param progress which frame, and how much of it is missing
     */
    record Stalled(Progress progress) implements Event {}
}
