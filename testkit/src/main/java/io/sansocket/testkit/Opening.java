package io.sansocket.testkit;

import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.ClientHandshake;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.HandshakeResult;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.handshake.ServerHandshake;
import io.sansocket.core.handshake.WebSocketKey;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpLimits;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening handshake of a faulty peer: its lawful head, whole, cut or with the wrong accept. */
final class Opening {
    private static final String ACCEPT = "Sec-WebSocket-Accept";
    /** A nonce need not be random here: nothing is kept from anybody. */
    private static final byte[] NONCE = new byte[WebSocketKey.NONCE_LENGTH];

    private final Conversation conversation;
    private final Role role;
    /** The request that {@link #readHead} read and nothing has answered yet. */
    private @Nullable HttpRequest unanswered;

    Opening(Conversation conversation, Role role) {
        this.conversation = conversation;
        this.role = role;
    }

    void run() throws IOException {
        if (role == Role.SERVER) {
            conversation.send(HttpHeadWriter.write(response()));
            return;
        }
        ClientHandshake handshake = request();
        conversation.send(HttpHeadWriter.write(handshake.request()));
        HttpResponse response =
                read(HttpHeadParser.forResponses(HttpLimits.RESPONSE)).response();
        if (!(handshake.judge(response) instanceof HandshakeResult.Accepted)) {
            throw new IOException("the server did not accept: " + response);
        }
    }

    void sendPart(int bytes) throws IOException {
        byte[] head = role == Role.SERVER
                ? HttpHeadWriter.write(response())
                : HttpHeadWriter.write(request().request());
        if (bytes < 0 || bytes > head.length) {
            throw new IllegalArgumentException(
                    "the head has " + head.length + " bytes, " + bytes + " of them cannot be sent");
        }
        conversation.send(head, bytes);
    }

    void acceptWrongly() throws IOException {
        if (role == Role.CLIENT) {
            throw new IllegalStateException("a client accepts nothing");
        }
        HttpResponse lawful = response();
        String wrong = WebSocketKey.accept(WebSocketKey.of(NONCE));
        HttpHeaders headers = lawful.headers().without(ACCEPT).with(ACCEPT, wrong);
        conversation.send(HttpHeadWriter.write(lawful.withHeaders(headers)));
    }

    void readHead() throws IOException {
        if (role == Role.SERVER) {
            unanswered = readRequest();
        } else {
            read(HttpHeadParser.forResponses(HttpLimits.RESPONSE));
        }
    }

    private HttpRequest readRequest() throws IOException {
        return read(HttpHeadParser.forRequests(HttpLimits.REQUEST)).request();
    }

    private ClientHandshake request() {
        return ClientHandshake.of(
                URI.create("ws://" + conversation.authority() + "/"), HandshakeOptions.NONE, NONCE.clone());
    }

    /** Reads the request, unless it was, and returns the response that accepts it. */
    private HttpResponse response() throws IOException {
        HttpRequest request = unanswered == null ? readRequest() : unanswered;
        unanswered = null;
        ServerHandshake handshake = ServerHandshake.of(request, OriginPolicy.any());
        if (!handshake.violations().isEmpty()) {
            throw new IOException(
                    "the client broke a rule: " + handshake.violations().get(0));
        }
        return handshake.accept(null, HttpHeaders.empty(), List.of()).response();
    }

    /** Reads a head byte by byte, and nothing behind it. */
    private HttpHeadParser read(HttpHeadParser parser) throws IOException {
        byte[] one = new byte[1];
        while (!parser.isComplete() && parser.violation() == null) {
            if (conversation.readSome(one, 1) < 0) {
                throw new EOFException("the stream ended " + parser.progress());
            }
            parser.parse(ByteBuffer.wrap(one));
        }
        if (parser.violation() != null) {
            throw new IOException("the other end broke a rule: " + parser.violation());
        }
        return parser;
    }
}
