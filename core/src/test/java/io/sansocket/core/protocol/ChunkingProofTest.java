package io.sansocket.core.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.core.testing.BufferKind;
import io.sansocket.core.testing.FrameStreams;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proof that the pieces in which a session comes make no difference to what is said about it. */
class ChunkingProofTest {
    private static final int SESSIONS = 3_000;
    private static final BufferKind[] KINDS = BufferKind.values();

    @ParameterizedTest
    @CsvSource({"CLIENT, WHOLE", "CLIENT, STREAMED", "SERVER, WHOLE", "SERVER, STREAMED"})
    void aSessionInAnyPiecesInAnyBuffersIsTheSameSession(Role role, Delivery delivery) {
        int broken = 0;
        int clean = 0;
        for (int seed = 0; seed < SESSIONS; seed++) {
            byte[] stream = session(seed, role);
            String whole = tell(role, delivery, new byte[][] {stream}, new Random(seed));
            byte[][] pieces = FrameStreams.cut(stream, new Random(seed)).toArray(byte[][]::new);
            assertThat(tell(role, delivery, pieces, new Random(seed)))
                    .as("seed %d, %s, %s", seed, role, delivery)
                    .isEqualTo(whole);
            assertThat(push(role, delivery, pieces, new Random(seed)))
                    .as("seed %d, %s, %s, to a sink", seed, role, delivery)
                    .isEqualTo(whole);
            assertThat(push(role, delivery, new byte[][] {stream}, new Random(seed)))
                    .as("seed %d, %s, %s, whole to a sink", seed, role, delivery)
                    .isEqualTo(whole);
            broken += whole.contains("closed abnormally: ") && !whole.contains("(RFC 6455 §7.1.") ? 1 : 0;
            clean += whole.contains("closed cleanly") ? 1 : 0;
        }
        // The sessions are worth something: some break rules, some end well.
        assertThat(broken).isGreaterThan(SESSIONS / 10);
        assertThat(clean).isGreaterThan(SESSIONS / 20);
    }

    private static String tell(Role role, Delivery delivery, byte[][] pieces, Random random) {
        Story story = new Story(role, delivery);
        for (byte[] piece : pieces) {
            story.receive(KINDS[random.nextInt(KINDS.length)].of(piece));
        }
        return story.eof().tell();
    }

    private static String push(Role role, Delivery delivery, byte[][] pieces, Random random) {
        Story story = new Story(role, delivery);
        for (byte[] piece : pieces) {
            story.push(KINDS[random.nextInt(KINDS.length)].of(piece), random);
        }
        return story.eof().tell();
    }

    /** A handshake and frames; in one of four the frames are corrupted, in one of sixteen the handshake is. */
    private static byte[] session(int seed, Role role) {
        Random random = new Random(seed);
        byte[] head = Wire.head(role == Role.SERVER ? Wire.REQUEST : response(random));
        if (random.nextInt(16) == 0) {
            int at = random.nextInt(head.length);
            head[at] ^= (byte) (1 << random.nextInt(8));
            head = random.nextBoolean() ? head : Arrays.copyOf(head, at);
        }
        boolean corrupted = random.nextInt(4) == 0;
        var frames = corrupted ? FrameStreams.corrupted(seed, role.peer()) : FrameStreams.lawful(seed, role.peer());
        return Wire.join(head, frames.bytes());
    }

    private static String response(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> "HTTP/1.1 103 Early Hints\nLink: </a>\n\n" + Wire.RESPONSE;
            case 1 -> "HTTP/1.1 403 No\nContent-Length: 12\n\n";
            case 2 -> "HTTP/1.1 403 No\nTransfer-Encoding: chunked\n\n3\nabc\n0\n\n";
            case 3 -> "HTTP/1.1 500 No\n\n";
            default -> Wire.RESPONSE;
        };
    }
}
