package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The proof that all sequences of up to six frames are judged as a reference of a few lines does (RFC 6455 §5.4). */
class FrameSequenceProofTest {
    /** text, text not final, binary, binary not final, continuation, final continuation, ping, close */
    private static final int[] FIRST_BYTES = {0x81, 0x01, 0x82, 0x02, 0x00, 0x80, 0x89, 0x88};

    private static final int MAX_FRAMES = 6;
    private static final String OPEN = "open";
    private static final String CLOSED = "closed";

    @ParameterizedTest
    @EnumSource(Role.class)
    void everySequenceHasTheVerdictOfTheReference(Role role) {
        byte[][] frames = new byte[FIRST_BYTES.length][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Wire.frame(role.peer(), FIRST_BYTES[i], "");
        }
        int verdicts = 0;
        for (int length = 1; length <= MAX_FRAMES; length++) {
            int[] sequence = new int[length];
            for (int number = 0; number < (1 << (3 * length)); number++) {
                for (int i = 0; i < length; i++) {
                    sequence[i] = (number >> (3 * i)) & 7;
                }
                String expected = reference(sequence);
                String actual = verdict(role, frames, sequence);
                if (!expected.equals(actual)) {
                    assertThat(actual)
                            .as("%s", java.util.Arrays.toString(sequence))
                            .isEqualTo(expected);
                }
                verdicts++;
            }
        }
        assertThat(verdicts).isEqualTo(299_592); // 8 + 8² + … + 8⁶
    }

    /** Returns the messages and Pings told, and how it ended: open, closed, or the rule. */
    private static String reference(int[] sequence) {
        StringBuilder told = new StringBuilder();
        boolean fragmented = false;
        for (int each : sequence) {
            int first = FIRST_BYTES[each];
            int opcode = first & 0x0F;
            boolean fin = first >= 0x80;
            if (opcode == 8) {
                return told + CLOSED;
            } else if (opcode == 9) {
                told.append("P");
            } else if (opcode == 0 && !fragmented) {
                return told + Rule.UNEXPECTED_CONTINUATION.id();
            } else if (opcode != 0 && fragmented) {
                return told + Rule.EXPECTED_CONTINUATION.id();
            } else {
                fragmented = !fin;
                told.append(fin ? "M" : "");
            }
        }
        return told + OPEN;
    }

    private static String verdict(Role role, byte[][] frames, int[] sequence) {
        var output = new OutputQueue();
        var sender = new FrameSender(output, Limits.SERVER, role == Role.CLIENT ? () -> 0 : null);
        var connection = new Connection(role, Endpoint.settings(role), sender, output, 0);
        connection.open(new Event.Opened(null, null, null, List.of()), List.of());
        connection.nextEvent();
        for (int each : sequence) {
            connection.receive(ByteBuffer.wrap(frames[each]), 0);
        }
        output.advance(output.size());
        connection.transmitted();
        Rule broken = null;
        if (!connection.isOpen()) {
            connection.transportEnded(TransportEnd.PEER_EOF, 0);
        }
        StringBuilder told = new StringBuilder();
        for (Event event = connection.nextEvent(); event != null; event = connection.nextEvent()) {
            if (event instanceof Closed closed) {
                broken = closed.rule();
                return told + (broken == null ? CLOSED : broken.id());
            }
            told.append(event instanceof Event.Ping ? "P" : "M");
        }
        return told + OPEN;
    }
}
