package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.MessagePart;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compressed messages that do not inflate, or not any more: the culprit is named, and the consequence told once. */
class InflationFaultsTest {
    private static final String ALONE = "; server_no_context_takeover";
    private static final byte[] BLOCK_TYPE_3 = {6, 0, 0};

    private static String text(FrameReport frame) {
        return new String(frame.payload().head(), StandardCharsets.UTF_8);
    }

    private static byte[] whole(byte[] payload) {
        return Frames.server(Deflated.WHOLE_TEXT, payload);
    }

    /** "Hello" in a block of its own, then a byte that begins no block. */
    private static byte[] brokenHello() {
        byte[] hello = {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 7, 0, 0, 0, (byte) 0xff, (byte) 0xff};
        return Frames.join(hello, BLOCK_TYPE_3);
    }

    @Test
    void culpritIsNamedAndTheConsequenceToldOnce() {
        var zip = new Deflated.Zip(true);
        byte[] good = zip.text("Hello");
        var doctor = Deflated.ofServer("", good, whole(brokenHello()), zip.text("Hello"), zip.text("Hello"));
        int place = good.length + 2 + 11;
        assertThat(doctor.told())
                .containsExactly(
                        "error compressed-data-invalid server frame 2 @" + place,
                        "note compressed-data-invalid server frame 3 @" + (good.length + 2 + 14 + 2));
        var culprit = doctor.findings().get(0);
        assertThat(culprit.message())
                .contains("message 2 does not inflate: invalid block type after 5 decoded bytes")
                .contains("byte 11 of the payload, " + place + " of the stream");
        assertThat(culprit.position()).isEqualTo(11);
        assertThat(doctor.findings().get(1).message())
                .contains("message 3 and all later compressed ones of the server are not inflated")
                .endsWith("message 2 does not inflate");
        assertThat(text(doctor.frames().get(1))).isEqualTo("Hello");
        assertThat(doctor.frames().get(1).payload().isWhole()).isFalse();
        assertThat(doctor.frames().get(1).content()).isEqualTo(Content.TEXT);
        assertThat(doctor.frames().get(2).content()).isEqualTo(Content.COMPRESSED);
        assertThat(doctor.frames().get(3).part()).isEqualTo(new MessagePart(4, true, MessagePart.NOT_INFLATED));
    }

    @Test
    void withoutContextTakeoverTheNextMessageIsInflated() {
        var zip = new Deflated.Zip(false);
        var doctor = Deflated.ofServer(ALONE, whole(brokenHello()), zip.text("Hello"));
        assertThat(doctor.told()).containsExactly("error compressed-data-invalid server frame 1 @13");
        assertThat(text(doctor.frames().get(1))).isEqualTo("Hello");
    }

    @Test
    void theOtherDirectionGoesOn() {
        var doctor = Doctor.of(Deflated.agreed("")
                .server(whole(BLOCK_TYPE_3))
                .client(Frames.client(Deflated.WHOLE_TEXT, new Deflated.Zip(true).message("Hello"))));
        assertThat(doctor.told()).containsExactly("error compressed-data-invalid server frame 1 @2");
        assertThat(text(doctor.frames(Role.CLIENT).get(0))).isEqualTo("Hello");
    }

    @Test
    void dataThatStopsInsideABlockIsTruncated() {
        byte[] data = new Deflated.Zip(true).message("The quick brown fox jumps over the lazy dog");
        var doctor = Deflated.ofServer("", whole(Arrays.copyOf(data, data.length - 4)));
        var finding = doctor.finding("compressed-data-truncated");
        assertThat(doctor.findings()).hasSize(1);
        assertThat(finding.offset()).isEqualTo(2 + data.length - 4);
        assertThat(finding.message()).contains("message 1 does not inflate", "decoded bytes");
        assertThat("The quick brown fox jumps over the lazy dog")
                .startsWith(text(doctor.frames().get(0)));
        assertThat(text(doctor.frames().get(0))).hasSizeGreaterThan(30);
    }

    @Test
    void lastFrameOfSeveralShowsThatTheDataIsTruncated() {
        byte[] data = new Deflated.Zip(true).message("The quick brown fox");
        var doctor = Deflated.ofServer(
                "",
                Frames.server(Deflated.RSV1 | Frames.TEXT, Arrays.copyOf(data, 6)),
                Frames.server(Frames.FIN, Arrays.copyOfRange(data, 6, 9)));
        assertThat(doctor.told()).containsExactly("error compressed-data-truncated server frame 2 @13");
    }

    @Test
    void emptyPayloadIsNoMessage() {
        assertThat(Deflated.ofServer("", whole(new byte[0])).told())
                .containsExactly("error compressed-data-truncated server frame 1 @2");
    }

    @Test
    void inflatedTextIsJudgedAsItAppears() {
        var zip = new Deflated.Zip(true);
        byte[] wrong = {'a', 'b', (byte) 0xc3, '(', 'c'};
        var doctor = Deflated.ofServer("", zip.text("Hello"), whole(zip.message(wrong)), zip.text("Hello"));
        assertThat(doctor.told()).hasSize(1).allMatch(told -> told.startsWith("error invalid-utf8 server frame 2 @"));
        assertThat(doctor.findings().get(0).message())
                .contains("byte 0x28 at byte 3 of inflated message 2", "byte 3 of what this frame adds");
        assertThat(doctor.frames().get(1).content()).isEqualTo(Content.DATA);
        // Wrong text is no reason to stop inflating.
        assertThat(text(doctor.frames().get(2))).isEqualTo("Hello");
    }

    @Test
    void inflatedTextMustNotEndInsideACharacter() {
        byte[] bad = new Deflated.Zip(true).message(new byte[] {'a', (byte) 0xe2, (byte) 0x82});
        var doctor = Deflated.ofServer("", whole(bad));
        assertThat(doctor.told()).containsExactly("error invalid-utf8 server frame 1 @" + (2 + bad.length));
        assertThat(doctor.findings().get(0).message())
                .contains("inflated message 1 ends inside a character, which needs 1 more byte: behind its byte 3");
    }

    @Test
    void inflatedBinaryIsNoText() {
        byte[] data = new Deflated.Zip(true).message(new byte[] {(byte) 0xff});
        var doctor = Deflated.ofServer("", Frames.server(Frames.FIN | Deflated.RSV1 | Frames.BINARY, data));
        assertThat(doctor.findings()).isEmpty();
        assertThat(doctor.frames().get(0).payload().head()).containsExactly(0xff);
    }

    @Test
    void referenceBeyondTheAgreedWindowIsABreachAndInflatesAllTheSame() {
        var zip = new Deflated.Zip(true);
        var random = new Random(3);
        var noise = new StringBuilder();
        while (noise.length() < 700) {
            noise.append((char) ('!' + random.nextInt(90)));
        }
        String again = noise.substring(0, 100);
        var doctor = Deflated.ofServer(
                "; server_max_window_bits=9", zip.text(noise.toString()), zip.text(again), zip.text(again));
        assertThat(doctor.findings()).hasSize(1);
        assertThat(doctor.told().get(0)).startsWith("error compressed-data-invalid server frame 2 @");
        assertThat(doctor.findings().get(0).message())
                .contains("message 2 refers further back than the window of 9 bits, 512 bytes, that was agreed");
        assertThat(text(doctor.frames().get(1))).isEqualTo(again);
        assertThat(text(doctor.frames().get(2))).isEqualTo(again);
    }

    @Test
    void takeoverThatWasNotAgreedIsABreachAndInflatesAllTheSame() {
        var zip = new Deflated.Zip(true);
        var doctor = Deflated.ofServer(ALONE, zip.text("Hello Hello"), zip.text("Hello Hello"), zip.text("Hello"));
        assertThat(doctor.findings()).hasSize(2);
        assertThat(doctor.findings().get(0).message())
                .contains(
                        "message 2 refers further back than its own beginning, though no context takeover was agreed");
        assertThat(text(doctor.frames().get(2))).isEqualTo("Hello");
    }

    @Test
    void windowsAreTheSenders() {
        var context = new DeflateContext(9, true);
        String agreed = Deflated.parameters(context, DeflateContext.LARGEST);
        var zip = new Deflated.Zip(true);
        String far = "x".repeat(10)
                + "0123456789".repeat(3)
                + new Random(1)
                        .ints(700, 33, 123)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        var doctor = Doctor.of(Deflated.agreed(agreed).server(zip.text(far)).server(zip.text(far.substring(0, 40))));
        assertThat(doctor.findings()).isEmpty();
        assertThat(text(doctor.frames(Role.SERVER).get(1))).isEqualTo(far.substring(0, 40));
    }

    @Test
    void holeEndsAContext() {
        var zip = new Deflated.Zip(true);
        var doctor = Doctor.of(Deflated.agreed("")
                .server(zip.text("Hello"))
                .lost(Role.SERVER, zip.text("Hello, Hello"))
                .server(Frames.join(zip.text("Hello"), zip.text("Hello"))));
        assertThat(doctor.findings().stream()
                        .map(finding -> finding.severity() + " " + finding.rule() + " " + finding.frame()))
                .containsExactly("warning capture-hole 0", "note capture-hole 2");
        assertThat(doctor.findings().get(1).message()).contains("message 2 and all later", "are not in the capture");
        assertThat(doctor.frames(Role.SERVER).get(2).content()).isEqualTo(Content.COMPRESSED);
    }

    @Test
    void withoutContextTakeoverTheMessageBehindAHoleIsInflated() {
        var zip = new Deflated.Zip(false);
        var doctor = Doctor.of(Deflated.agreed(ALONE)
                .server(zip.text("Hello"))
                .lost(Role.SERVER, zip.text("Hello, Hello"))
                .server(Frames.join(zip.text("Hello"), zip.text("Hello"))));
        assertThat(doctor.findings()).hasSize(1);
        assertThat(doctor.frames(Role.SERVER).stream().map(InflationFaultsTest::text))
                .containsExactly("Hello", "Hello", "Hello");
    }

    @Test
    void holeInsideACompressedPayloadShowsWhatCameBefore() {
        String noise = new Random(2)
                .ints(3000, 33, 123)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        byte[] frame = new Deflated.Zip(true).text(noise);
        var doctor = Doctor.of(Deflated.agreed("")
                .server(Arrays.copyOf(frame, 1000))
                .lost(Role.SERVER, Arrays.copyOfRange(frame, 1000, 1100))
                .server(Arrays.copyOfRange(frame, 1100, frame.length))
                .server(new Deflated.Zip(true).text("Hello")));
        assertThat(doctor.findings().stream()
                        .map(finding -> finding.severity() + " " + finding.rule() + " " + finding.frame()))
                .containsExactly("warning capture-hole 1", "note capture-hole 2");
        var shown = doctor.frames(Role.SERVER).get(0);
        assertThat(noise).startsWith(text(shown));
        assertThat(shown.part().inflated()).isEqualTo(text(shown).length()).isGreaterThan(500);
        assertThat(shown.received()).isEqualTo(shown.declared() - 100);
        assertThat(shown.payload().isWhole()).isFalse();
    }

    @Test
    void messageThatAnotherInterruptsEndsAContext() {
        var zip = new Deflated.Zip(true);
        byte[] first = zip.message("Hello Hello");
        var doctor = Deflated.ofServer(
                "", Frames.server(Deflated.RSV1 | Frames.TEXT, Arrays.copyOf(first, 4)), zip.text("Hello"));
        assertThat(doctor.told().stream().map(told -> told.substring(0, told.indexOf(" server"))))
                .containsExactly("error expected-continuation", "note expected-continuation");
        assertThat(doctor.findings().get(1).message()).endsWith("message 1 was not finished");
    }

    @Test
    void restOfALostMessageIsToldWithoutContextTakeover() {
        var doctor = Deflated.ofServer(
                ALONE,
                Frames.server(Deflated.RSV1 | Frames.TEXT, BLOCK_TYPE_3),
                Frames.server(0, new byte[2]),
                Frames.server(Frames.FIN, new byte[2]));
        assertThat(doctor.told())
                .containsExactly(
                        "error compressed-data-invalid server frame 1 @2",
                        "note compressed-data-invalid server frame 2 @7");
        assertThat(doctor.findings().get(1).message()).startsWith("the rest of message 1 is not inflated");
    }

    @Test
    void reservedBitStaysOneWhereTheExtensionDoesNotDefineIt() {
        byte[] hello = new Deflated.Zip(true).message("Hello");
        var doctor = Deflated.ofServer(
                "",
                Frames.server(Deflated.RSV1 | Frames.TEXT, Arrays.copyOf(hello, 3)),
                Frames.server(Deflated.RSV1 | Frames.FIN, Arrays.copyOfRange(hello, 3, hello.length)),
                Frames.server(Deflated.RSV1 | Frames.FIN | Frames.PING, new byte[0]));
        assertThat(doctor.told())
                .containsExactly(
                        "error reserved-bits server frame 2 @5",
                        "error reserved-bits server frame 3 @" + (5 + 2 + hello.length - 3));
        assertThat(text(doctor.frames().get(0)) + text(doctor.frames().get(1))).isEqualTo("Hello");
    }

    @Test
    void randomDamageNeverFails() {
        var zip = new Deflated.Zip(true);
        byte[] stream = Frames.join(
                zip.text("Hello Hello Hello"), zip.text("{\"bid\":1,\"ask\":2,\"bid\":3}"), zip.text("Z\u00fcrich"));
        for (int seed = 0; seed < 3000; seed++) {
            var random = new Random(seed);
            byte[] damaged = stream.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            String parameters = random.nextBoolean() ? "" : ALONE + "; server_max_window_bits=9";
            assertThat(Deflated.ofServer(parameters, damaged).reports)
                    .as("seed %d", seed)
                    .isNotEmpty();
        }
    }
}
