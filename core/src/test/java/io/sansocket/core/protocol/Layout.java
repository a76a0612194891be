package io.sansocket.core.protocol;

import io.sansocket.core.frame.Frame;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Phase;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.FrameStreams.FrameStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session's bytes, laid out: what an end must say when it has received so many of them and no more. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Layout(Role receiver, byte[] head, FrameStream frames, int firstCut) {
    private static final int SHORT_LENGTH = 125;
    private static final int LONG_LENGTH = 65_535;

    /**
     * What must be said of a cut.
     *
     * @param rule null when the closing handshake is done
     * @param offset the violation's
     * @param header the bytes of the unfinished frame's header that came
     * @param events what came before
     */
    record Expected(
            Phase phase,
            @Nullable Rule rule,
            long offset,
            String header,
            int headerLength,
            @Nullable Opcode opcode,
            long declared,
            long received,
            int fragments,
            long messageBytes,
            List<Event> events) {}

    byte[] bytes() {
        return Wire.join(head, frames.bytes());
    }

    Expected cutAt(int cut) {
        if (cut < head.length) {
            return new Expected(Phase.HANDSHAKE, Rule.HANDSHAKE_INCOMPLETE, cut, "", 0, null, -1, cut, 0, 0, List.of());
        }
        int position = cut - head.length;
        List<Event> events = new ArrayList<>();
        var message = new ByteArrayOutputStream();
        boolean open = false;
        boolean text = false;
        int fragments = 0;
        for (Frame frame : frames.frames()) {
            int header = headerLength(frame);
            long end = frame.offset() + header + frame.payload().length;
            if (position < end) {
                return position == frame.offset()
                        ? between(open, position, fragments, message.size(), events)
                        : inside(frame, position, header, fragments, message.size(), events);
            }
            if (frame.opcode() == Opcode.CLOSE) {
                return new Expected(Phase.CLOSING, null, 0, "", 0, null, -1, 0, fragments, message.size(), events);
            } else if (frame.opcode().isControl()) {
                ByteBuffer payload = ByteBuffer.wrap(frame.payload());
                events.add(frame.opcode() == Opcode.PING ? new Event.Ping(payload) : new Event.Pong(payload, -1));
            } else {
                text = frame.opcode() == Opcode.CONTINUATION ? text : frame.opcode() == Opcode.TEXT;
                open = !frame.fin();
                fragments++;
                message.writeBytes(frame.payload());
                if (frame.fin()) {
                    events.add(message(text, message.toByteArray()));
                    message.reset();
                    fragments = 0;
                }
            }
        }
        return between(open, position, fragments, message.size(), events);
    }

    private static Event message(boolean text, byte[] bytes) {
        return text
                ? new Event.TextMessage(new String(bytes, StandardCharsets.UTF_8))
                : new Event.BinaryMessage(ByteBuffer.wrap(bytes));
    }

    private static Expected between(boolean open, int position, int fragments, long size, List<Event> events) {
        Phase phase = open ? Phase.BETWEEN_FRAGMENTS : Phase.BETWEEN_FRAMES;
        Rule rule = open ? Rule.INCOMPLETE_MESSAGE : Rule.MISSING_CLOSE_FRAME;
        return new Expected(phase, rule, position, "", 0, null, -1, 0, fragments, size, events);
    }

    private Expected inside(Frame frame, int position, int header, int fragments, long size, List<Event> events) {
        int start = (int) frame.offset();
        int came = position - start;
        boolean whole = came >= header;
        return new Expected(
                whole ? Phase.IN_PAYLOAD : Phase.IN_HEADER,
                Rule.INCOMPLETE_FRAME,
                start,
                Wire.show(Arrays.copyOfRange(frames.bytes(), start, start + Math.min(came, header))),
                came < 2 ? 0 : header,
                frame.opcode(),
                whole ? frame.payload().length : -1,
                whole ? came - header : 0,
                fragments,
                size,
                events);
    }

    private static int headerLength(Frame frame) {
        int length = frame.payload().length;
        int extended = length <= SHORT_LENGTH ? 0 : length <= LONG_LENGTH ? 2 : 8;
        return 2 + extended + (frame.masked() ? 4 : 0);
    }
}
