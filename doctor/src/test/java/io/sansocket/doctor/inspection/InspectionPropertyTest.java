package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.report.Report;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What holds for every input: pieces do not matter, and nothing makes the doctor fail. Seeded. */
@Timeout(120)
class InspectionPropertyTest {
    private static final int[] FIRST_BYTES = {0x81, 0x82, 0x01, 0x02, 0x80, 0x00, 0x88, 0x89, 0x8a, 0xc1, 0x83, 0x09};

    /** Gives bytes in pieces of random sizes. */
    private static final class Dribble extends FilterInputStream {
        private final Random random;

        Dribble(byte[] bytes, Random random) {
            super(new ByteArrayInputStream(bytes));
            this.random = random;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
        }
    }

    private static List<Report> inspect(InputStream in, Role from) throws IOException {
        var reports = new ArrayList<Report>();
        var inspection = new Inspection(InspectionOptions.DEFAULT, reports::add);
        inspection.inspectStream(in, from);
        inspection.finish();
        return reports;
    }

    private static byte[] stream(Random random, Role from) {
        var out = new ByteArrayOutputStream();
        if (random.nextInt(3) == 0) {
            out.writeBytes((from == Role.CLIENT ? CaptureStory.REQUEST : CaptureStory.RESPONSE)
                    .getBytes(StandardCharsets.UTF_8));
        }
        for (int i = random.nextInt(8); i >= 0; i--) {
            byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(70_000) : random.nextInt(40)];
            Arrays.fill(payload, (byte) 'a');
            int b0 = FIRST_BYTES[random.nextInt(FIRST_BYTES.length)];
            out.writeBytes(from == Role.CLIENT ? Frames.client(b0, payload) : Frames.server(b0, payload));
        }
        byte[] bytes = out.toByteArray();
        for (int i = random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return Arrays.copyOf(bytes, bytes.length - random.nextInt(Math.min(10, bytes.length + 1)));
    }

    @Test
    void piecesDoNotMatter() throws IOException {
        for (int seed = 0; seed < 3000; seed++) {
            var random = new Random(seed);
            Role from = random.nextBoolean() ? Role.CLIENT : Role.SERVER;
            byte[] bytes = stream(random, from);
            assertThat(inspect(new Dribble(bytes, random), from))
                    .as("seed %d", seed)
                    .isEqualTo(inspect(new ByteArrayInputStream(bytes), from));
        }
    }

    @Test
    void segmentsDoNotMatter() {
        byte[] client = Frames.join(Frames.maskedText("Hello"), Frames.client(0x01, new byte[] {(byte) 0xc3}));
        byte[] server = Frames.join(
                Frames.text("a\u00e4".repeat(40)), Frames.server(0x83, new byte[3]), Frames.declaring(0x81, 9, client));
        for (int size = 1; size < 60; size++) {
            var story = CaptureStory.connect();
            pieces(story, Role.CLIENT, CaptureStory.REQUEST.getBytes(StandardCharsets.UTF_8), size);
            pieces(story, Role.SERVER, CaptureStory.RESPONSE.getBytes(StandardCharsets.UTF_8), size);
            pieces(story, Role.SERVER, server, size);
            pieces(story, Role.CLIENT, client, size);
            var doctor = Doctor.of(story.fin(Role.CLIENT).fin(Role.SERVER));
            var whole = Doctor.of(CaptureStory.upgraded()
                    .server(server)
                    .client(client)
                    .fin(Role.CLIENT)
                    .fin(Role.SERVER));
            assertThat(doctor.findings()).as("pieces of %d", size).isEqualTo(whole.findings());
            assertThat(doctor.frames().stream().map(f -> f.from() + " " + f.offset() + " " + f.payload() + f.content()))
                    .containsExactlyElementsOf(whole.frames().stream()
                            .map(f -> f.from() + " " + f.offset() + " " + f.payload() + f.content())
                            .toList());
        }
    }

    private static void pieces(CaptureStory story, Role from, byte[] bytes, int size) {
        for (int i = 0; i < bytes.length; i += size) {
            story.send(from, Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        }
    }

    @Test
    void randomBytesNeverFail() throws IOException {
        for (int seed = 0; seed < 2000; seed++) {
            var random = new Random(seed);
            byte[] bytes = new byte[random.nextInt(2000)];
            random.nextBytes(bytes);
            assertThat(inspect(new ByteArrayInputStream(bytes), Role.SERVER)).isNotEmpty();
            assertThat(inspect(new ByteArrayInputStream(bytes), Role.CLIENT)).isNotEmpty();
        }
    }

    @Test
    void mutatedCapturesNeverFail() {
        byte[] capture = CaptureStory.upgraded()
                .client(Frames.maskedText("Hello"))
                .server(Frames.text("x".repeat(2000)))
                .lost(Role.SERVER, new byte[100])
                .server(Frames.text("Hello"))
                .client(Frames.maskedClose(1000))
                .fin(Role.CLIENT)
                .toPcapng();
        long start = System.nanoTime();
        for (int seed = 0; seed < 4000; seed++) {
            var random = new Random(seed);
            byte[] mutated = capture.clone();
            for (int i = 1 + random.nextInt(12); i > 0; i--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
            }
            var reports = new ArrayList<Report>();
            var inspection = new Inspection(InspectionOptions.DEFAULT, reports::add);
            try {
                inspection.inspectCapture(new ByteArrayInputStream(mutated));
            } catch (IOException e) {
                assertThat(e).isInstanceOf(CaptureException.class);
            }
            inspection.finish();
            assertThat(reports).isNotEmpty();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
    }
}
