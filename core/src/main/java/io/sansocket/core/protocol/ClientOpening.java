package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.handshake.ClientHandshake;
import io.sansocket.core.handshake.HandshakeResult;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The opening handshake as a client lives it (RFC 6455 §4.1): the request is sent, the response comes. */
final class ClientOpening implements Opening {
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL_STATUS = 200;

    private final Connection connection;
    private final Limits limits;
    private final ClientHandshake handshake;
    private HttpHeadParser parser;
    /** Bytes of the informational responses before the current one, and how many those are. */
    private long before;

    private int informational;
    /** The response that refused, and its body so far. */
    private @Nullable HttpResponse refusal;

    private @Nullable RefusalBody body;

    ClientOpening(Connection connection, Limits limits, ClientHandshake handshake) {
        this.connection = connection;
        this.limits = limits;
        this.handshake = handshake;
        parser = HttpHeadParser.forResponses(limits.http());
    }

    @Override
    public void receive(ByteBuffer in) {
        if (body == null) {
            receiveHead(in);
        }
        receiveBody(in);
    }

    private void receiveHead(ByteBuffer in) {
        boolean complete = parser.parse(in);
        Violation broken = parser.violation();
        if (broken != null) {
            connection.end(TransportEnd.LOCAL, broken);
        } else if (complete) {
            HttpResponse response = parser.response();
            if (isInformational(response)) {
                skip(response);
            } else {
                judge(response);
            }
        }
    }

    /** RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final response". */
    private static boolean isInformational(HttpResponse response) {
        return response.status() < FIRST_FINAL_STATUS && response.status() != SWITCHING_PROTOCOLS;
    }

    private void skip(HttpResponse response) {
        informational++;
        if (informational > limits.maxInformationalResponses()) {
            String message = "a response with status " + response.status() + " is informational response number "
                    + informational + ", the limit is " + limits.maxInformationalResponses();
            connection.end(TransportEnd.LOCAL, new Violation(Rule.HANDSHAKE_TOO_LARGE, before, message));
            return;
        }
        before += parser.bytesParsed();
        parser = HttpHeadParser.forResponses(limits.http(), before);
    }

    private void judge(HttpResponse response) {
        HandshakeResult result = handshake.judge(response);
        if (result instanceof HandshakeResult.Accepted accepted) {
            connection.open(
                    new Event.Opened(
                            handshake.request(),
                            response,
                            accepted.subprotocol(),
                            accepted.extensions().stream()
                                    .map(Extension::agreed)
                                    .toList()),
                    accepted.extensions());
        } else if (result instanceof HandshakeResult.Violated violated) {
            connection.end(TransportEnd.LOCAL, violated.violation());
        } else {
            refusal = response;
            body = new RefusalBody(response, limits.maxRefusalBody());
        }
    }

    private void receiveBody(ByteBuffer in) {
        if (body != null) {
            body.receive(in);
            if (body.isEnded()) {
                refused(TransportEnd.LOCAL, body.isComplete());
            }
        }
    }

    private void refused(TransportEnd end, boolean complete) {
        HttpResponse response = Objects.requireNonNull(refusal);
        RefusalBody received = Objects.requireNonNull(body);
        connection.deliver(new Event.Refused(response.withBody(received.toBuffer()), complete));
        String message = "the server answered " + response.status() + " " + Excerpt.of(response.reason()) + ", not 101";
        connection.end(end, new Violation(Rule.HANDSHAKE_STATUS, before, message));
    }

    @Override
    public void transportEnded(TransportEnd end) {
        if (body != null) {
            refused(end, end == TransportEnd.PEER_EOF && body.endsWithStream());
        } else {
            connection.end(end, new Violation(Rule.HANDSHAKE_INCOMPLETE, received(), end + " " + progress()));
        }
    }

    @Override
    public void timedOut() {
        if (body != null) {
            refused(TransportEnd.LOCAL_TIMEOUT, false);
        } else {
            String message = "the handshake took too long: " + progress();
            connection.end(TransportEnd.LOCAL_TIMEOUT, new Violation(Rule.HANDSHAKE_TIMEOUT, received(), message));
        }
    }

    @Override
    public long received() {
        return before + parser.bytesParsed() + (body == null ? 0 : body.received());
    }

    @Override
    public String progress() {
        return body == null
                ? parser.progress()
                : "in the body of a response that refuses: " + body.received() + " bytes received";
    }
}
