package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.HandshakeState;
import io.sansocket.doctor.report.MessagePart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lawful compressed messages: both directions, all windows, every cut. */
class InflatedMessagesTest {
    private static final List<String> TEXTS =
            List.of("Hello", "Hello Hello Hello", "Z\u00fcrich \u20ac \ud83d\ude00", "", "{\"bid\":1,\"bid\":2}");

    private static String text(FrameReport frame) {
        return new String(frame.payload().head(), StandardCharsets.UTF_8);
    }

    private static List<String> texts(Doctor doctor, Role from) {
        return doctor.frames(from).stream().map(InflatedMessagesTest::text).toList();
    }

    @Test
    void bothDirectionsAreInflated() {
        var client = new Deflated.Zip(true);
        var server = new Deflated.Zip(true);
        var story = Deflated.agreed("");
        for (String text : TEXTS) {
            story.client(Frames.client(Deflated.WHOLE_TEXT, client.message(text)));
            story.server(server.text(text));
        }
        var doctor = Doctor.of(story);
        assertThat(texts(doctor, Role.CLIENT)).isEqualTo(TEXTS);
        assertThat(texts(doctor, Role.SERVER)).isEqualTo(TEXTS);
        assertThat(doctor.findings()).isEmpty();
        assertThat(doctor.frames(Role.SERVER)).allMatch(f -> f.content() == Content.TEXT && f.complete());
    }

    @Test
    void lengthsAreThoseOfTheWire() {
        byte[] data = new Deflated.Zip(true).message("a".repeat(1000));
        var frame = Deflated.ofServer("", Frames.server(Deflated.WHOLE_TEXT, data))
                .frames()
                .get(0);
        assertThat(frame.declared()).isEqualTo(data.length);
        assertThat(frame.received()).isEqualTo(data.length);
        assertThat(frame.part()).isEqualTo(new MessagePart(1, true, 1000));
        assertThat(text(frame)).isEqualTo("a".repeat(1000));
    }

    @Test
    void messagesThatAreNotCompressedPassBetween() {
        var zip = new Deflated.Zip(true);
        var doctor = Deflated.ofServer(
                "", zip.text("Hello"), Frames.text("plain"), Frames.server(0x89, new byte[0]), zip.text("Hello"));
        assertThat(texts(doctor, Role.SERVER)).containsExactly("Hello", "plain", "", "Hello");
        assertThat(doctor.frames().stream().map(frame -> frame.part().message()))
                .containsExactly(1L, 2L, 0L, 3L);
        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void eachFrameShowsWhatItAdds() {
        String text = "{\"symbol\":\"SNSK\",\"bid\":12.5,\"ask\":12.75,\"symbol\":\"SNSK\"}";
        byte[] data = new Deflated.Zip(true).message(text);
        var frames = new ArrayList<byte[]>();
        for (int at = 0; at < data.length; at += 3) {
            boolean last = at + 3 >= data.length;
            int b0 = at == 0 ? Deflated.RSV1 | Frames.TEXT : last ? Frames.FIN : 0;
            frames.add(Frames.server(b0, Arrays.copyOfRange(data, at, Math.min(data.length, at + 3))));
            frames.add(Frames.server(0x89, new byte[] {'p'}));
        }
        var doctor = Deflated.ofServer("", Frames.join(frames.toArray(new byte[0][])));
        var parts = doctor.frames().stream().filter(f -> f.opcodeBits() != 9).toList();
        assertThat(String.join(
                        "", parts.stream().map(InflatedMessagesTest::text).toList()))
                .isEqualTo(text);
        assertThat(parts)
                .allMatch(frame -> frame.part().inflated() == text(frame).length());
        assertThat(parts).allMatch(frame -> frame.part().message() == 1);
        assertThat(doctor.findings()).isEmpty();
    }

    static Stream<DeflateContext> contexts() {
        return IntStream.rangeClosed(8, 15)
                .boxed()
                .flatMap(bits -> Stream.of(new DeflateContext(bits, true), new DeflateContext(bits, false)));
    }

    @ParameterizedTest
    @MethodSource("contexts")
    void everyWindowIsInflated(DeflateContext context) {
        var random = new Random(7);
        var client = new Deflated.Core(context);
        var server = new Deflated.Core(context);
        var sent = new ArrayList<String>();
        var story = Deflated.agreed(Deflated.parameters(context, context));
        for (int i = 0; i < 40; i++) {
            var text = new StringBuilder();
            for (int words = random.nextInt(200); words >= 0; words--) {
                text.append(Integer.toString(random.nextInt(500), 36)).append(' ');
            }
            sent.add(text.toString());
            story.client(Frames.client(Deflated.WHOLE_TEXT, client.message(text.toString())));
            story.server(Frames.server(Deflated.WHOLE_TEXT, server.message(text.toString())));
        }
        var doctor = Doctor.of(story);
        assertThat(doctor.findings()).isEmpty();
        assertThat(texts(doctor, Role.CLIENT)).isEqualTo(sent);
        assertThat(texts(doctor, Role.SERVER)).isEqualTo(sent);
    }

    /** A session with what is hard: fragments of a byte, a cut character, a ping between, takeover, a plain message. */
    private static byte[] session() {
        var zip = new Deflated.Zip(true);
        byte[] second = zip.message("Z\u00fcrich, Z\u00fcrich \u20ac");
        return Frames.join(
                zip.text("Hello Hello"),
                Frames.server(Deflated.RSV1 | Frames.TEXT, Arrays.copyOf(second, 1)),
                Frames.server(Frames.CONTINUATION, Arrays.copyOfRange(second, 1, 4)),
                Frames.server(Frames.FIN | Frames.PING, new byte[0]),
                Frames.server(Frames.FIN, Arrays.copyOfRange(second, 4, second.length)),
                Frames.text("plain"),
                zip.text("Hello Z\u00fcrich Hello"),
                Frames.server(Deflated.RSV1 | Frames.FIN | Frames.BINARY, zip.message("Hello")),
                Frames.close(1000));
    }

    @Test
    void everyCutShowsWhatCame() {
        byte[] session = session();
        var whole = Deflated.ofServer("", session);
        assertThat(whole.findings()).isEmpty();
        for (int cut = 0; cut < session.length; cut++) {
            var doctor = Deflated.ofServer("", Arrays.copyOf(session, cut));
            int end = cut;
            List<FrameReport> before = whole.frames().stream()
                    .filter(f -> f.offset() + f.header().length() + f.declared() <= end)
                    .toList();
            var frames = doctor.frames();
            assertThat(frames.subList(0, before.size())).as("cut at %d", cut).isEqualTo(before);
            if (frames.size() > before.size()) {
                String all = text(whole.frames().get(before.size()));
                assertThat(all).startsWith(text(frames.get(before.size())).replace("\ufffd", ""));
            }
            assertThat(doctor.findings())
                    .as("cut at %d", cut)
                    .allMatch(finding -> finding.rule().id().startsWith("incomplete-"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 13, 40})
    void segmentsDoNotMatter(int size) {
        byte[] session = session();
        byte[] broken = session.clone();
        broken[5] ^= 0x20;
        for (byte[] stream : List.of(session, broken)) {
            var story = Deflated.agreed("");
            for (int at = 0; at < stream.length; at += size) {
                story.server(Arrays.copyOfRange(stream, at, Math.min(stream.length, at + size)));
            }
            var doctor = Doctor.of(story);
            var whole = Doctor.of(Deflated.agreed("").server(stream));
            assertThat(doctor.told()).isEqualTo(whole.told());
            assertThat(doctor.frames().stream().map(f -> f.part() + text(f) + f.content()))
                    .containsExactlyElementsOf(whole.frames().stream()
                            .map(f -> f.part() + text(f) + f.content())
                            .toList());
        }
    }

    @Test
    void longMessageIsShownFromItsBeginning() {
        String text = "abcdefghij".repeat(20_000);
        var frame = Deflated.ofServer("", new Deflated.Zip(true).text(text))
                .frames()
                .get(0);
        assertThat(frame.part().inflated()).isEqualTo(200_000);
        assertThat(frame.payload().head()).hasSize(InspectionOptions.DEFAULT.payloadHead());
        assertThat(frame.payload().isWhole()).isFalse();
        assertThat(text).startsWith(text(frame));
    }

    @Test
    void brokenParametersAreAFindingAndTheRestCounts() {
        var zip = new Deflated.Zip(false);
        var doctor = Deflated.ofServer(
                "; server_max_window_bits=16; x; server_no_context_takeover; server_no_context_takeover=1",
                zip.text("Hello"),
                zip.text("Hello"));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.FAILED);
        assertThat(doctor.findings().stream().map(finding -> finding.rule().id()))
                .containsExactly("handshake-extension", "handshake-extension", "handshake-extension");
        assertThat(doctor.findings().get(0).message())
                .startsWith("in the response head: permessage-deflate: parameter \"server_max_window_bits\"")
                .contains("\"16\"");
        assertThat(texts(doctor, Role.SERVER)).containsExactly("Hello", "Hello");
    }

    @Test
    void extensionThatWasNotOfferedIsInflatedAllTheSame() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .server(Deflated.response(""))
                .server(new Deflated.Zip(true).text("Hello")));
        assertThat(doctor.finding("handshake-extension").message()).contains("was not offered");
        assertThat(texts(doctor, Role.SERVER)).containsExactly("Hello");
    }
}
