package io.sansocket.doctor.inspection;

import static io.sansocket.doctor.inspection.Frames.BINARY;
import static io.sansocket.doctor.inspection.Frames.FIN;
import static io.sansocket.doctor.inspection.Frames.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.EndedBy;
import io.sansocket.doctor.report.Finding.Lengths;
import io.sansocket.doctor.report.HandshakeState;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What only a capture shows: who cut a stream, what the capture lacks, and handshakes of both sides. */
class CaptureFaultsTest {
    private static final byte[] LONG = Frames.server(FIN | BINARY, new byte[5000]);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void finInAFrameIsTheSendersDoing() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Frames.declaring(FIN | TEXT, 202, bytes("x".repeat(199))))
                .fin(Role.SERVER)
                .fin(Role.CLIENT));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.PRESENT);
        assertThat(doctor.told()).containsExactly("error incomplete-frame server frame 1 @0");
        var finding = doctor.findings().get(0);
        assertThat(finding.endedBy()).isEqualTo(EndedBy.FIN);
        assertThat(finding.lengths()).isEqualTo(Lengths.of(202, 199));
        assertThat(finding.message()).contains("the server ended the stream (FIN)");
    }

    @Test
    void resetInAFrameIsToldApart() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Frames.declaring(FIN | TEXT, 500, bytes("x".repeat(100))))
                .reset(Role.CLIENT));
        assertThat(doctor.finding("incomplete-frame").endedBy()).isEqualTo(EndedBy.RESET);
        assertThat(doctor.finding("incomplete-frame").message()).contains("the client reset");
        assertThat(doctor.told()).contains("warning missing-close-frame client @0");
    }

    @Test
    void captureThatStopsIsToldApart() {
        var doctor =
                Doctor.of(CaptureStory.upgraded().server(Frames.declaring(FIN | TEXT, 500, bytes("x".repeat(100)))));
        assertThat(doctor.finding("incomplete-frame").endedBy()).isEqualTo(EndedBy.CAPTURE_END);
    }

    @Test
    void declaredLengthThatEatsTheNextFrameIsFoundByItsText() {
        // Case 03: 202 declared for 199, the next frames follow.
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Frames.declaring(FIN | TEXT, 202, bytes("x".repeat(199))))
                .server(Frames.text("y".repeat(15)))
                .fin(Role.SERVER));
        assertThat(doctor.told()).contains("error invalid-utf8 server frame 1 @203");
        assertThat(doctor.finding("invalid-utf8").position()).isEqualTo(199);
    }

    @Test
    void breachInARequestIsALesserThingWhenTheServerAcceptsIt() {
        String request = CaptureStory.REQUEST.replace("Version: 13", "Version: 8");
        var accepted = Doctor.of(CaptureStory.connect().client(request).server(CaptureStory.RESPONSE));
        assertThat(accepted.connections().get(0).handshake()).isEqualTo(HandshakeState.PRESENT);
        assertThat(accepted.told()).containsExactly("warning handshake-version client @158");
        assertThat(accepted.findings().get(0).message()).endsWith("; the server accepted it all the same");

        var refused = Doctor.of(CaptureStory.connect()
                .client(request)
                .server("HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n"));
        assertThat(refused.connections().get(0).handshake()).isEqualTo(HandshakeState.FAILED);
        assertThat(refused.told())
                .containsExactly("error handshake-version client @158", "warning handshake-status server @0");
    }

    @Test
    void holeInAPayloadSparesTheNextFrame() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Arrays.copyOf(LONG, 1460))
                .lost(Role.SERVER, new byte[1000])
                .server(Arrays.copyOfRange(LONG, 2460, LONG.length))
                .server(Frames.text("Hello")));
        assertThat(doctor.frames()).hasSize(2);
        var holed = doctor.frames().get(0);
        assertThat(holed.complete()).isFalse();
        assertThat(holed.declared()).isEqualTo(5000);
        assertThat(holed.received()).isEqualTo(4000);
        assertThat(doctor.frames().get(1).offset()).isEqualTo(LONG.length);
        assertThat(doctor.told()).containsExactly("warning capture-hole server frame 1 @1460");
        assertThat(doctor.findings().get(0).lengths()).isEqualTo(Lengths.lacking(1000));
    }

    @Test
    void holeOverAFrameBoundaryIsLeftAtASegmentThatBeginsWithAFrame() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Arrays.copyOf(LONG, 1460))
                .lost(Role.SERVER, new byte[LONG.length])
                .server("some bytes of no use")
                .server(Frames.text("Hello")));
        assertThat(doctor.told())
                .containsExactly(
                        "warning incomplete-frame server frame 1 @0",
                        "warning capture-hole server frame 1 @1460",
                        "note capture-hole server @" + (1460 + LONG.length));
        assertThat(doctor.frames(Role.SERVER)).hasSize(2);
        assertThat(doctor.frames(Role.SERVER).get(1).offset()).isEqualTo(1460 + LONG.length + 20);
        assertThat(doctor.finding("incomplete-frame").endedBy()).isEqualTo(EndedBy.HOLE);
    }

    @Test
    void otherBytesForTheSamePlaceAreAConflict() {
        var doctor = Doctor.of(
                CaptureStory.upgraded().server(Frames.text("Hello")).again(Role.SERVER, Frames.text("Jello")));
        assertThat(doctor.frames()).hasSize(1);
        assertThat(doctor.told()).containsExactly("warning overlap-conflict server @2");
    }

    @Test
    void framesWithoutAHandshakeAreRecognised() {
        var doctor = Doctor.of(CaptureStory.inTheMiddle()
                .server(Frames.text("{\"price\":41.17}"))
                .client(Frames.maskedText("thank you"))
                .server(Frames.text("{\"price\":41.18}")));
        assertThat(doctor.connections()).hasSize(1);
        assertThat(doctor.connections().get(0).client()).isEqualTo("192.0.2.10:49152");
        assertThat(doctor.frames()).hasSize(3);
        assertThat(doctor.told()).containsExactly("note no-handshake client @0");
    }

    @Test
    void captureThatStartsInAFrameFindsTheNext() {
        var doctor = Doctor.of(CaptureStory.inTheMiddle()
                .server("of an earlier frame\"}")
                .server(Frames.text("{\"price\":41.17}"))
                .server(Frames.text("{\"price\":41.18}")));
        assertThat(doctor.frames()).hasSize(2);
        assertThat(doctor.frames().get(0).offset()).isEqualTo(21);
        assertThat(doctor.told()).containsExactly("note no-handshake client @0", "note no-handshake server @0");
    }

    @Test
    void otherProtocolsStaySilent() {
        assertThat(Doctor.of(CaptureStory.connect().client("SSH-2.0-a\r\n").server("SSH-2.0-b\r\n")).reports)
                .hasSize(1);
        assertThat(Doctor.of(CaptureStory.connect()
                                .client("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                                .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"))
                        .reports)
                .hasSize(1);
        // DNS over TCP: each message is, byte for byte, an unfinished continuation frame.
        var dns = CaptureStory.connect();
        for (int i = 0; i < 20; i++) {
            dns.clientHex("001c abcd01000001000000000000 076578616d706c6503636f6d0000010001");
            dns.serverHex("001c abcd81800001000000000000 076578616d706c6503636f6d0000010001");
        }
        assertThat(Doctor.of(dns).reports).hasSize(1);
    }

    @Test
    void upgradeBehindOrdinaryRequestsIsFound() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                .server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("Hello")));
        assertThat(doctor.frames()).hasSize(1);
        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void refusedHandshakeHasNoFramesAndIsAWarning() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .server("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
                .fin(Role.SERVER));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.FAILED);
        assertThat(doctor.told()).containsExactly("warning handshake-status server @0");
    }

    @Test
    void wrongAcceptFailsTheHandshakeAndFramesAreStillShown() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE.replace("s3pP", "t3pP"))
                .server(Frames.text("Hello")));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.FAILED);
        assertThat(doctor.findings()).hasSize(1);
        assertThat(doctor.finding("handshake-accept").message()).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        assertThat(doctor.frames()).hasSize(1);
    }

    @Test
    void extensionThatWasNotOfferedIsNamed() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE.replace(
                        "Upgrade: w", "Sec-WebSocket-Extensions: permessage-deflate\r\nUpgrade: w"))
                .serverHex("c1 07 f2 48 cd c9 c9 07 00"));
        assertThat(doctor.connections().get(0).extensions()).containsExactly("permessage-deflate");
        assertThat(doctor.findings()).hasSize(1);
        assertThat(doctor.finding("handshake-extension").message()).contains("permessage-deflate");
    }

    @Test
    void cutPacketsAreTheCapturesFault() {
        var doctor = Doctor.of(CaptureStory.cutAt(96)
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("x".repeat(300)))
                .server(Frames.text("Hello"))
                .server(Frames.text("y".repeat(300))));
        assertThat(doctor.connections()).hasSize(1);
        assertThat(doctor.findings())
                .noneMatch(finding -> finding.severity().toString().equals("error"));
        assertThat(doctor.told().stream().filter(told -> told.contains("capture-truncated server")))
                .hasSize(1);
        assertThat(doctor.frames(Role.SERVER)).hasSize(3);
    }

    @Test
    void bytesBehindTheHeadsAreFrames() {
        var doctor = Doctor.of(CaptureStory.connect()
                .client(Frames.join(bytes(CaptureStory.REQUEST), Frames.maskedText("early")))
                .server(Frames.join(bytes(CaptureStory.RESPONSE), Frames.text("Hello"))));
        assertThat(doctor.frames()).hasSize(2);
        assertThat(doctor.frames()).allMatch(frame -> frame.offset() == 0);
        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void cleanCloseLeavesNothingToSay() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .client(Frames.maskedClose(1000))
                .server(Frames.close(1000))
                .fin(Role.SERVER)
                .fin(Role.CLIENT));
        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void endWithoutCloseIsAWarningForTheSideThatEndsFirst() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Frames.text("Hello"))
                .fin(Role.SERVER)
                .fin(Role.CLIENT));
        assertThat(doctor.told()).containsExactly("warning missing-close-frame server @7");
    }

    @Test
    void statusIsEnoughOfAResponseThatTheCaptureCuts() {
        // Ethernet, IPv4 and TCP take 54 bytes, "HTTP/1.1 101 Switching P" 24.
        var doctor = Doctor.of(CaptureStory.cutAt(54 + 24)
                .client(CaptureStory.REQUEST)
                .server(CaptureStory.RESPONSE)
                .server(Frames.text("Hello")));
        assertThat(doctor.connections()).hasSize(1);
        assertThat(doctor.frames(Role.SERVER)).hasSize(1);
        assertThat(doctor.finding("capture-truncated").message()).contains("bytes off packet 6");
    }

    @Test
    void bytesBehindAResetThatAcknowledgesThemCameBeforeIt() {
        var doctor = Doctor.of(CaptureStory.upgraded()
                .server(Frames.declaring(FIN | TEXT, 202, bytes("x".repeat(100))))
                .resetInFrontOf(Role.SERVER, bytes("x".repeat(99))));
        assertThat(doctor.finding("incomplete-frame").lengths()).isEqualTo(Lengths.of(202, 199));
        assertThat(doctor.finding("incomplete-frame").endedBy()).isEqualTo(EndedBy.RESET);
        assertThat(doctor.told()).noneMatch(told -> told.contains("capture-hole"));
    }
}
