package io.sansocket.fuzz.differential;

import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.handshake.WebSocketKey;
import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Limits;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The core. */
final class SansocketJudge implements Judge {
    private static final URI TARGET = URI.create("ws://server.example.com/");
    private static final long NOW = 0;
    private static final int SCRATCH = 4096;

    private final PermessageDeflate compression = PermessageDeflate.create();

    @Override
    public String name() {
        return "sansocket";
    }

    @Override
    public String version() {
        return "this checkout";
    }

    @Override
    public List<Verdict> judge(List<Stream> streams) {
        return streams.stream().map(this::judge).toList();
    }

    private Verdict judge(Stream stream) {
        Protocol protocol = stream.receiver() == Role.SERVER ? server(stream.deflate()) : client(stream.deflate());
        var items = new ArrayList<Verdict.Item>();
        Closed closed = null;
        for (byte[] piece : stream.pieces()) {
            protocol.receive(ByteBuffer.wrap(piece), NOW);
            closed = take(protocol, items, closed);
        }
        protocol.receiveEof(NOW);
        closed = take(protocol, items, closed);
        if (closed == null) {
            throw new IllegalStateException("no Closed came at the end of " + stream);
        }
        return new Verdict(items, end(closed), String.valueOf(closed.violation()));
    }

    private static Verdict.End end(Closed closed) {
        if (closed.received() != null) {
            return Verdict.End.close(closed.received().code(), closed.received().reason());
        }
        return closed.sent() == null
                ? Verdict.End.EOF
                : Verdict.End.fail(closed.sent().code());
    }

    private static @Nullable Closed take(Protocol protocol, List<Verdict.Item> items, @Nullable Closed before) {
        drain(protocol);
        Closed closed = before;
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            if (closed != null) {
                throw new IllegalStateException(event + " came behind " + closed);
            } else if (event instanceof Event.TextMessage text) {
                items.add(Verdict.Item.text(text.text()));
            } else if (event instanceof Event.BinaryMessage binary) {
                items.add(Verdict.Item.of(Verdict.Type.BINARY, binary.data()));
            } else if (event instanceof Event.Ping ping) {
                items.add(Verdict.Item.of(Verdict.Type.PING, ping.payload()));
            } else if (event instanceof Event.Pong pong) {
                items.add(Verdict.Item.of(Verdict.Type.PONG, pong.payload()));
            } else if (event instanceof Closed last) {
                closed = last;
            } else {
                throw new IllegalStateException("unexpected " + event);
            }
        }
        return closed;
    }

    private static void drain(Protocol protocol) {
        ByteBuffer scratch = ByteBuffer.allocate(SCRATCH);
        while (protocol.transmit(scratch) > 0) {
            scratch.clear();
        }
    }

    private Protocol server(@Nullable Deflate deflate) {
        var protocol = new ServerProtocol(settings(Settings.SERVER), OriginPolicy.any(), List.of(compression), NOW);
        protocol.receive(head(HandshakeHeads.request(deflate)), NOW);
        expect(protocol.nextEvent(), Event.HandshakeRequest.class);
        protocol.accept(NOW);
        return open(protocol, deflate);
    }

    private Protocol client(@Nullable Deflate deflate) {
        HandshakeOptions options = HandshakeOptions.NONE.withExtensions(compression);
        var protocol = ClientProtocol.connect(TARGET, options, settings(Settings.CLIENT), () -> 0, NOW);
        String accept = WebSocketKey.accept(WebSocketKey.of(new byte[WebSocketKey.NONCE_LENGTH]));
        protocol.receive(head(HandshakeHeads.response(accept, deflate)), NOW);
        return open(protocol, deflate);
    }

    private static Protocol open(Protocol protocol, @Nullable Deflate deflate) {
        Event.Opened opened = expect(protocol.nextEvent(), Event.Opened.class);
        if (opened.extensions().isEmpty() != (deflate == null)) {
            throw new IllegalStateException("agreed to " + opened.extensions() + ", wanted " + deflate);
        }
        drain(protocol);
        return protocol;
    }

    private static <E extends Event> E expect(@Nullable Event event, Class<E> type) {
        if (!type.isInstance(event)) {
            throw new IllegalStateException("expected " + type.getSimpleName() + ", got " + event);
        }
        return type.cast(event);
    }

    private static Settings settings(Settings defaults) {
        Limits limits = defaults.limits().withMessageLimits(LIMIT, LIMIT);
        return defaults.withLimits(limits);
    }

    private static ByteBuffer head(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
