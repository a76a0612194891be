package io.sansocket.fuzz.coverage;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.rule.Rule;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Plays one end of a connection and writes down what happens, in a form that does not tell how the bytes came. */
final class Session {
    static final long NOW = 1_000_000_000L;
    private static final int BUFFER = 4096;

    /** What happened: the events, streamed messages joined, and the bytes to write. */
    record Story(List<Object> events, ByteBuffer output) {}

    /** A streamed message so far, or what came of it when the connection closed. */
    private record Streamed(boolean text, ByteBuffer bytes, boolean last) {}

    private final Protocol protocol;
    private final List<Object> events = new ArrayList<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private ByteArrayOutputStream streamed = new ByteArrayOutputStream();
    private boolean streamedText;
    private boolean closed;

    /** Begins with a client's request, which goes out before anything can come. */
    Session(Protocol protocol) {
        this.protocol = protocol;
        transmit();
    }

    void receive(ByteBuffer in) {
        protocol.receive(in, NOW);
        Oracle.check(!in.hasRemaining(), "receive takes all bytes");
        poll();
    }

    /** Takes the events, and accepts every request. */
    private void poll() {
        for (Event event = protocol.nextEvent(); event != null; event = protocol.nextEvent()) {
            Oracle.check(!closed, "nothing comes after Closed");
            closed = event instanceof Closed;
            if (event instanceof Event.TextFragment fragment) {
                join(true, Oracle.utf8(fragment.text()), fragment.last());
            } else if (event instanceof Event.BinaryFragment fragment) {
                byte[] bytes = new byte[fragment.data().remaining()];
                fragment.data().get(bytes);
                join(false, bytes, fragment.last());
            } else {
                if (event instanceof Closed end) {
                    joined(false);
                    events.add(settled(end));
                } else {
                    events.add(event);
                }
            }
            if (event instanceof Event.HandshakeRequest && protocol instanceof ServerProtocol server) {
                server.accept(NOW);
            }
        }
    }

    /**
     * Leaves out how much of a payload had come when its decoded bytes broke a rule: which of its bytes did that, only
     * the inflater could say.
     */
    private static Closed settled(Closed end) {
        Rule rule = end.rule();
        boolean decoded =
                rule == Rule.COMPRESSED_DATA_INVALID || rule == Rule.INVALID_UTF8 || rule == Rule.MESSAGE_TOO_BIG;
        boolean compressed = end.progress().rsv() != 0 || end.progress().opcode() == Opcode.CONTINUATION;
        if (!decoded || !compressed) {
            return end;
        }
        return new Closed(
                end.sent(),
                end.received(),
                end.peerFirst(),
                end.transportEnd(),
                end.violation(),
                end.progress().withReceived(0),
                end.unsent());
    }

    private void join(boolean text, byte[] bytes, boolean last) {
        streamedText = text;
        streamed.writeBytes(bytes);
        if (last) {
            joined(true);
        }
    }

    private void joined(boolean last) {
        if (last || streamed.size() > 0) {
            events.add(new Streamed(streamedText, ByteBuffer.wrap(streamed.toByteArray()), last));
            streamed = new ByteArrayOutputStream();
        }
    }

    /** Ends the peer's stream, and says what happened. */
    Story end() {
        Oracle.check(!protocol.progress().toString().isEmpty(), "there is always something to say");
        transmit();
        protocol.receiveEof(NOW);
        transmit();
        poll();
        Oracle.check(closed, "every connection ends in Closed");
        Oracle.check(protocol.deadline() == Protocol.NO_DEADLINE, "a closed connection waits for nothing");
        protocol.receiveReset(NOW);
        protocol.timeout(Long.MAX_VALUE / 2);
        poll();
        return new Story(events, ByteBuffer.wrap(output.toByteArray()));
    }

    private void transmit() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (protocol.hasOutput()) {
            int count = protocol.transmit(buffer.clear());
            output.write(buffer.array(), 0, count);
        }
    }
}
