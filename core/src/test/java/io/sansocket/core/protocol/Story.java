package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.frame.Role;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * All that an end said about the bytes it was given, in a form that does not tell how they came: streamed pieces are
 * joined, output is kept as one run of bytes.
 *
 * <p>A server accepts what may be accepted. Output is taken at the end, since Pongs depend on when it is.
 */
final class Story {
    private static final Limits LIMITS = new Limits(
            1 << 20, 1 << 20, 100, 1 << 24, 16, 1 << 22, 1 << 16, 5, io.sansocket.core.http.HttpLimits.REQUEST);

    final Protocol protocol;
    private final List<String> lines = new ArrayList<>();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private @Nullable Closed closed;

    Story(Role role, Delivery delivery, ExtensionProvider... extensions) {
        Settings settings = Endpoint.settings(role).withLimits(LIMITS).withDelivery(delivery);
        protocol = role == Role.CLIENT
                ? ClientProtocol.connect(
                        URI.create("ws://server.example.com/chat"),
                        HandshakeOptions.NONE.withExtensions(extensions),
                        settings,
                        Endpoint.keys(),
                        0)
                : new ServerProtocol(settings, OriginPolicy.any(), List.of(extensions), 0);
    }

    Story receive(ByteBuffer bytes) {
        protocol.receive(bytes, 0);
        return note();
    }

    /** Gives bytes to a sink that has enough at every chance, or throws; what it leaves is given again. */
    Story push(ByteBuffer bytes, Random chance) {
        var sink = new Reluctant(chance);
        do {
            int before = sink.taken - bytes.remaining();
            try {
                if (bytes.isReadOnly()) {
                    protocol.receive(bytes, 0, sink);
                } else {
                    protocol.receiveInPlace(bytes, 0, sink);
                }
            } catch (EnoughException e) {
                // As good as an answer: nothing is lost.
            }
            assertThat(!bytes.hasRemaining() || sink.taken - bytes.remaining() > before)
                    .as("something was done")
                    .isTrue();
        } while (bytes.hasRemaining());
        return note();
    }

    /** What a sink throws. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Notes what it is given, and goes on in one of three cases. */
    private final class Reluctant implements MessageSink {
        private final Random chance;
        private int taken;

        private Reluctant(Random chance) {
            this.chance = chance;
        }

        private boolean goesOn() {
            taken++;
            int choice = chance.nextInt(3);
            if (choice == 0) {
                throw new EnoughException();
            }
            return choice == 1;
        }

        @Override
        public boolean text(String text) {
            note(new Event.TextMessage(text));
            return goesOn();
        }

        @Override
        public boolean binary(ByteBuffer data) {
            note(new Event.BinaryMessage(data));
            return goesOn();
        }

        @Override
        public boolean binaryInPlace(ByteBuffer borrowed) {
            note(new Event.BinaryMessage(borrowed));
            return goesOn();
        }

        @Override
        public boolean event(Event event) {
            take(event);
            return goesOn();
        }
    }

    Story eof() {
        transmit();
        protocol.receiveEof(0);
        transmit();
        return note();
    }

    void transmit() {
        ByteBuffer target = ByteBuffer.allocate(1 << 12);
        while (protocol.transmit(target.clear()) > 0) {
            sent.write(target.array(), 0, target.position());
        }
    }

    Story note() {
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            take(event);
        }
        return this;
    }

    private void take(Event event) {
        if (event instanceof Event.HandshakeRequest && protocol instanceof ServerProtocol server) {
            server.accept(0);
        }
        note(event);
    }

    private void note(Event event) {
        if (event instanceof Event.TextFragment fragment) {
            note("text ", fragment.text().getBytes(StandardCharsets.UTF_8), fragment.last());
        } else if (event instanceof Event.BinaryFragment fragment) {
            note("binary ", bytes(fragment.data()), fragment.last());
        } else if (event instanceof Event.BinaryMessage message) {
            lines.add("binary message " + Wire.show(bytes(message.data())));
        } else if (event instanceof Event.Ping ping) {
            addPiece();
            lines.add("ping " + Wire.show(bytes(ping.payload())));
        } else if (event instanceof Event.Pong pong) {
            addPiece();
            lines.add("pong " + Wire.show(bytes(pong.payload())) + " " + pong.latency());
        } else {
            addPiece();
            lines.add(event.toString());
            if (event instanceof Closed last) {
                closed = last;
            }
        }
    }

    private void note(String kind, byte[] bytes, boolean last) {
        piece.writeBytes(bytes);
        if (last) {
            addPiece();
            lines.add(kind + "ends");
        }
    }

    /** What came of a message before something else did. */
    private void addPiece() {
        if (piece.size() > 0) {
            lines.add("piece " + Wire.show(piece.toByteArray()));
            piece.reset();
        }
    }

    private static byte[] bytes(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        return bytes;
    }

    @Nullable
    Closed closed() {
        return closed;
    }

    List<String> lines() {
        return lines;
    }

    /** Returns everything, for comparison. */
    String tell() {
        addPiece();
        return String.join("\n", lines) + "\nsent " + Wire.show(sent.toByteArray()) + "\n" + protocol.progress();
    }
}
