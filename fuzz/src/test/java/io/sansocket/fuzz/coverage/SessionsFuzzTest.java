package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.handshake.WebSocketKey;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Delivery;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Whole sessions: the pieces do not matter, Closed comes once, memory follows what came, only lawful bytes go out. */
class SessionsFuzzTest {
    private static final URI LOCAL = URI.create("ws://server.example/chat");
    private static final int STREAMED = 1;
    private static final int COMPRESSED = 2;
    private static final int SMALL = 4;
    private static final Limits SMALL_LIMITS =
            Limits.SERVER.withMessageLimits(60, 100).withMaxFragments(3);
    private static final Limits COMPRESSED_LIMITS = Limits.SERVER.withMessageLimits(1 << 20, 4096);

    private static final PermessageDeflate DEFLATE = PermessageDeflate.create();
    private static final byte[] REQUEST = head(
            "GET /chat HTTP/1.1",
            "Host: server.example",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Extensions: permessage-deflate");
    private static final String ACCEPT = WebSocketKey.accept(WebSocketKey.of(new byte[WebSocketKey.NONCE_LENGTH]));
    private static final byte[] RESPONSE = head(response());
    private static final byte[] COMPRESSED_RESPONSE = head(response(), "Sec-WebSocket-Extensions: permessage-deflate");

    private static String response() {
        return String.join(
                "\r\n",
                "HTTP/1.1 101 Switching Protocols",
                "Upgrade: websocket",
                "Connection: Upgrade",
                "Sec-WebSocket-Accept: " + ACCEPT);
    }

    private static byte[] head(String... lines) {
        return (String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Frames that a client sent to a server. */
    @FuzzTest
    void server(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int options = input.choice();
        Session.Story story = play(() -> newServer(options), join(REQUEST, input.rest()), place, options);
        Oracle.check(Output.checkServer(story.output()), "a lawful request is accepted");
    }

    /** Frames that a server sent to a client. */
    @FuzzTest
    void client(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int options = input.choice();
        byte[] head = (options & COMPRESSED) != 0 ? COMPRESSED_RESPONSE : RESPONSE;
        Session.Story story = play(() -> newClient(options), join(head, input.rest()), place, options);
        Oracle.check(story.events().get(0) instanceof Event.Opened, "a lawful response opens");
        Output.checkClient(story.output());
    }

    /** Whatever comes in place of a request. */
    @FuzzTest
    void serverOpening(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int options = input.choice();
        Session.Story story = play(() -> newServer(options), input.rest(), place, options);
        boolean accepted = Output.checkServer(story.output());
        boolean opened = story.events().stream().anyMatch(Event.Opened.class::isInstance);
        Oracle.same(opened, accepted, "whether a session opened, and whether the server said so");
        for (Object event : story.events()) {
            if (event instanceof Event.Opened open) {
                String key = open.request().headers().first("Sec-WebSocket-Key");
                Oracle.same(WebSocketKey.accept(key), accept(open.response()), "the answer to the key");
            }
        }
    }

    /** Whatever comes in place of a response. */
    @FuzzTest
    void clientOpening(byte[] bytes) {
        var input = new Input(bytes);
        int place = input.place();
        int options = input.choice();
        Session.Story story = play(() -> newClient(options), input.rest(), place, options);
        Output.checkClient(story.output());
        for (Object event : story.events()) {
            if (event instanceof Event.Opened open) {
                Oracle.same(101, open.response().status(), "the status that opens");
                Oracle.same(ACCEPT, accept(open.response()), "the answer to the key");
            } else if (event instanceof Event.Refused refused) {
                Oracle.check(refused.response().status() != 101, "101 refuses nothing");
                refused.redirect(LOCAL)
                        .ifPresent(to -> Oracle.check(isWebSocket(to), "a redirect leads to a WebSocket"));
            }
        }
    }

    private static String accept(HttpResponse response) {
        return response.headers().first("Sec-WebSocket-Accept");
    }

    private static boolean isWebSocket(URI uri) {
        return uri.getScheme().equalsIgnoreCase("ws") || uri.getScheme().equalsIgnoreCase("wss");
    }

    private static ServerProtocol newServer(int options) {
        return new ServerProtocol(
                settings(Settings.SERVER, options), OriginPolicy.sameOrigin(), offered(options), Session.NOW);
    }

    private static ClientProtocol newClient(int options) {
        HandshakeOptions asked =
                HandshakeOptions.NONE.withExtensions(offered(options).toArray(ExtensionProvider[]::new));
        return ClientProtocol.connect(LOCAL, asked, settings(Settings.CLIENT, options), () -> 0, Session.NOW);
    }

    private static List<ExtensionProvider> offered(int options) {
        return (options & COMPRESSED) != 0 ? List.of(DEFLATE) : List.of();
    }

    private static Settings settings(Settings defaults, int options) {
        Settings settings = defaults.withDelivery((options & STREAMED) != 0 ? Delivery.STREAMED : Delivery.WHOLE);
        if ((options & SMALL) != 0) {
            return settings.withLimits(SMALL_LIMITS);
        }
        return (options & COMPRESSED) != 0 ? settings.withLimits(COMPRESSED_LIMITS) : settings;
    }

    private static Session.Story play(Supplier<Protocol> ends, byte[] stream, int place, int options) {
        Session.Story whole = (options & COMPRESSED) != 0
                ? playWhole(ends.get(), stream)
                : Allocation.bounded(stream.length, () -> playWhole(ends.get(), stream));
        var session = new Session(ends.get());
        Pieces.cut(stream, place, session::receive);
        Session.Story cut = session.end();
        Oracle.same(whole.events(), cut.events(), "the events of a whole stream and of one in pieces");
        Oracle.same(whole.output(), cut.output(), "the answers to a whole stream and to one in pieces");
        return whole;
    }

    private static Session.Story playWhole(Protocol end, byte[] stream) {
        var session = new Session(end);
        Pieces.whole(stream, session::receive);
        return session.end();
    }

    private static byte[] join(byte[] head, byte[] frames) {
        byte[] stream = Arrays.copyOf(head, head.length + frames.length);
        System.arraycopy(frames, 0, stream, head.length, frames.length);
        return stream;
    }
}
