package io.sansocket.core.protocol;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.handshake.Refusal;
import io.sansocket.core.handshake.ServerHandshake;
import io.sansocket.core.http.HttpHeadParser;
import io.sansocket.core.http.HttpHeadWriter;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The opening handshake as a server lives it (RFC 6455 §4.2): a request comes, the application answers. */
final class ServerOpening implements Opening {
    private static final int SERVICE_UNAVAILABLE = 503;

    private final Connection connection;
    private final OutputQueue output;
    private final OriginPolicy origins;
    private final List<ExtensionProvider> providers;
    private final int maxEarlyData;
    private final HttpHeadParser parser;
    /** The lawful request that waits for its answer. */
    private @Nullable ServerHandshake request;
    /** What came behind the request before it was answered. */
    private ByteArrayOutputStream earlyData = new ByteArrayOutputStream(0);

    private int earlyBytes;

    ServerOpening(
            Connection connection,
            OutputQueue output,
            Limits limits,
            OriginPolicy origins,
            List<ExtensionProvider> providers) {
        this.connection = connection;
        this.output = output;
        this.origins = origins;
        this.providers = List.copyOf(providers);
        maxEarlyData = limits.maxEarlyData();
        parser = HttpHeadParser.forRequests(limits.http());
    }

    @Override
    public void receive(ByteBuffer in) {
        if (request == null) {
            boolean complete = parser.parse(in);
            Violation broken = parser.violation();
            if (broken != null) {
                refuse(broken);
            } else if (complete) {
                judge(ServerHandshake.of(parser.request(), origins));
            }
        } else {
            keepEarlyData(in);
        }
    }

    private void judge(ServerHandshake handshake) {
        if (!handshake.violations().isEmpty()) {
            refuse(handshake.violations().get(0));
            return;
        }
        request = handshake;
        connection.deliver(new Event.HandshakeRequest(handshake.request(), handshake.subprotocols()));
    }

    private void keepEarlyData(ByteBuffer in) {
        long size = (long) earlyBytes + in.remaining();
        if (size > maxEarlyData) {
            refuse(new Violation(
                    Rule.HANDSHAKE_TOO_LARGE,
                    (long) parser.bytesParsed() + maxEarlyData,
                    size + " bytes came behind the request before it was answered, the limit is " + maxEarlyData));
            return;
        }
        byte[] part = new byte[in.remaining()];
        in.get(part);
        earlyData.writeBytes(part);
        earlyBytes += part.length;
    }

    void accept(@Nullable String subprotocol, HttpHeaders headers, long now) {
        ServerHandshake handshake = requireRequest();
        ServerHandshake.Acceptance acceptance = handshake.accept(subprotocol, headers, providers);
        connection.tick(now);
        write(acceptance.response());
        request = null;
        List<Extension> extensions = acceptance.extensions();
        connection.open(
                new Event.Opened(
                        handshake.request(),
                        acceptance.response(),
                        acceptance.subprotocol(),
                        extensions.stream().map(Extension::agreed).toList()),
                extensions);
        connection.receiveEarly(ByteBuffer.wrap(earlyData.toByteArray()));
    }

    void refuse(HttpResponse response, long now) {
        requireRequest();
        connection.tick(now);
        HttpResponse refusal = Refusal.of(response);
        write(refusal);
        forget();
        connection.refuse(null, "the opening handshake was refused with " + refusal.status());
    }

    private void refuse(Violation broken) {
        write(Refusal.of(broken));
        forget();
        connection.refuse(broken, parser.progress());
    }

    /** Lets go of what only an accepted request needs: the client may take its time to close. */
    private void forget() {
        request = null;
        earlyData = new ByteArrayOutputStream(0);
    }

    private ServerHandshake requireRequest() {
        if (request == null) {
            throw nothingToAnswer(connection);
        }
        return request;
    }

    static IllegalStateException nothingToAnswer(Connection connection) {
        return new IllegalStateException("no handshake request waits for an answer: " + connection.progress());
    }

    private void write(HttpResponse response) {
        output.appendOwned(HttpHeadWriter.write(response));
    }

    @Override
    public void transportEnded(TransportEnd end) {
        connection.end(end, new Violation(Rule.HANDSHAKE_INCOMPLETE, received(), end + " " + progress()));
    }

    @Override
    public void timedOut() {
        if (request != null) {
            // No fault of the client's: it waits for the application.
            write(Refusal.of(HttpResponse.of(SERVICE_UNAVAILABLE, "Service Unavailable", HttpHeaders.empty())));
            forget();
            connection.refuse(
                    null, "the application did not answer the handshake request in time, so it was refused with 503");
            return;
        }
        refuse(new Violation(Rule.HANDSHAKE_TIMEOUT, received(), "the handshake took too long: " + progress()));
    }

    @Override
    public long received() {
        return parser.bytesParsed() + (long) earlyBytes;
    }

    @Override
    public String progress() {
        return request == null ? parser.progress() : "the handshake request waits for the application's answer";
    }
}
