package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.EndedBy;
import io.sansocket.doctor.report.Finding.Lengths;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.HandshakeState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every rule of frames, messages and Close frames on bare streams, at the byte. */
class FrameFaultsTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "server, 8105 48656c6c6f,            ''",
        "client, 8185 37fa213d 7f9f4d5158,   ''",
        "server, 0103 48656c 8900 8002 6c6f, ''",
        "client, 8105 48656c6c6f,            error unmasked-client-frame client frame 1 @1",
        "server, 8185 37fa213d 7f9f4d5158,   error masked-server-frame server frame 1 @1",
        "server, 8105 48656cc328,            error invalid-utf8 server frame 1 @6",
        "server, 8300 8100,                  error reserved-opcode server frame 1 @0",
        "server, 0900 8900,                  error control-frame-fragmented server frame 1 @0",
        "server, a100,                       error reserved-bits server frame 1 @0",
        "server, c10548656c6c6f,             error reserved-bits server frame 1 @0",
        "server, 817e0003 616263,            error non-minimal-length server frame 1 @2",
        "server, 827f0000000000000001 61,    error non-minimal-length server frame 1 @2",
        "server, 897e0003 616263,            error non-minimal-length server frame 1 @2",
        "server, 800161,                     error unexpected-continuation server frame 1 @0",
        "server, 010161 810162,              error expected-continuation server frame 2 @3",
        "server, 880100,                     error invalid-close-payload server frame 1 @2",
        "server, 880203ed,                   error invalid-close-code server frame 1 @2",
        "server, 880503e861c328,             error invalid-utf8 server frame 1 @6",
        "server, 880403e861c3,               error invalid-utf8 server frame 1 @6",
        "server, 880203e8 8900 8900,         error data-after-close server frame 2 @4",
        "server, 8101c3,                     error invalid-utf8 server frame 1 @3",
        "server, 0101c3 8001a9,              ''",
        "server, 0102c3a9 800128 8101ff,     error invalid-utf8 server frame 3 @9"
    })
    void ruleIsNamedAtTheByte(String from, String hex, String told) {
        var findings =
                Doctor.ofHex(Role.valueOf(from.toUpperCase(Locale.ROOT)), hex).told();
        assertThat(findings.stream()
                        .filter(finding -> finding.startsWith("error"))
                        .toList())
                .isEqualTo(told.isEmpty() ? List.of() : List.of(told));
    }

    @Test
    void longPingIsAnError() {
        var doctor = Doctor.ofStream(Role.SERVER, Frames.server(Frames.FIN | Frames.PING, new byte[130]));
        assertThat(doctor.told()).containsExactly("error control-frame-too-long server frame 1 @1");
        assertThat(doctor.findings().get(0).message()).contains("130 bytes").contains("125");
    }

    @Test
    void payloadThatNeverComesIsMeasured() {
        var doctor = Doctor.ofStream(
                Role.SERVER, Frames.join(Frames.text("Hello"), Frames.declaring(0x81, 202, bytes("x".repeat(199)))));
        var frame = doctor.frames().get(1);
        assertThat(frame.declared()).isEqualTo(202);
        assertThat(frame.received()).isEqualTo(199);
        assertThat(frame.complete()).isFalse();
        var finding = doctor.finding("incomplete-frame");
        assertThat(finding.lengths()).isEqualTo(Lengths.of(202, 199));
        assertThat(finding.offset()).isEqualTo(7);
        assertThat(finding.frame()).isEqualTo(2);
        assertThat(finding.endedBy()).isEqualTo(EndedBy.UNKNOWN);
        assertThat(finding.message()).contains("81 7e 00 ca", "202", "199", "3 are missing");
    }

    @Test
    void streamThatEndsInAHeaderSaysHowMuchOfItCame() {
        var doctor = Doctor.ofHex(Role.SERVER, "8100 827f 00000000");
        assertThat(doctor.frames()).hasSize(1);
        assertThat(doctor.told()).containsExactly("error incomplete-frame server @2");
        assertThat(doctor.findings().get(0).message()).contains("6 of 10 header bytes", "82 7f 00 00 00 00");
        assertThat(doctor.findings().get(0).lengths()).isNull();
    }

    @Test
    void messageThatIsNotFinishedIsReported() {
        assertThat(Doctor.ofHex(Role.SERVER, "010161 8900").told())
                .containsExactly("error incomplete-message server frame 2 @5");
    }

    @Test
    void impossibleLengthLosesTheFraming() {
        var doctor = Doctor.ofHex(Role.SERVER, "8100 827f 8000000000000005 616263");
        assertThat(doctor.frames()).hasSize(1);
        assertThat(doctor.told())
                .containsExactly("error length-out-of-range server @4", "note length-out-of-range server @2");
        assertThat(doctor.findings().get(1).message()).contains("13 bytes");
    }

    @Test
    void lengthBeyond32BitsIsNotCut() {
        var doctor = Doctor.ofHex(Role.SERVER, "817f 0000000100000005 48656c6c6f 8100");
        assertThat(doctor.finding("incomplete-frame").lengths()).isEqualTo(Lengths.of(0x1_0000_0005L, 7));
    }

    @Test
    void httpInTheStreamIsRecognised() {
        var doctor = Doctor.ofStream(
                Role.SERVER,
                Frames.join(Frames.text("Hello"), bytes("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")));
        assertThat(doctor.told())
                .containsExactly(
                        "error reserved-bits server @7",
                        "error control-frame-fragmented server @7",
                        "opinion foreign-data server @7",
                        "note reserved-bits server @7");
        assertThat(doctor.finding("foreign-data").message()).contains("HTTP/1.1 502 Bad Gateway");
        assertThat(doctor.findings().get(3).message()).contains("47 bytes");
    }

    @Test
    void tlsInTheStreamIsRecognised() {
        var doctor = Doctor.ofHex(Role.SERVER, "8100 1703030012" + "ab".repeat(18));
        assertThat(doctor.finding("foreign-data").message()).contains("TLS", "17 03 03 00 12");
    }

    @Test
    void badByteHasThreeCoordinates() {
        var doctor = Doctor.ofStream(
                Role.CLIENT,
                Frames.join(
                        Frames.client(Frames.TEXT, bytes("Hello")),
                        Frames.client(Frames.FIN | Frames.CONTINUATION, new byte[] {'a', (byte) 0xFF, 'b'})));
        var finding = doctor.finding("invalid-utf8");
        assertThat(finding.position()).isEqualTo(1);
        assertThat(finding.offset()).isEqualTo(6 + 5 + 6 + 1);
        assertThat(finding.message()).contains("byte 6 of the message", "byte 1 of the payload", "0xff");
        assertThat(doctor.frames().get(0).content()).isEqualTo(Content.TEXT);
        assertThat(doctor.frames().get(1).content()).isEqualTo(Content.DATA);
    }

    @Test
    void bareResponseHeadIsJudgedAlone() {
        var doctor = Doctor.ofStream(Role.SERVER, Frames.join(bytes(CaptureStory.RESPONSE), Frames.text("Hello")));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.PRESENT);
        assertThat(doctor.frames().get(0).offset()).isZero();
        assertThat(doctor.findings()).isEmpty();
    }

    @Test
    void bareRequestHeadIsJudged() {
        String request = CaptureStory.REQUEST.replace("13\r\n", "8\r\n");
        var doctor = Doctor.ofStream(Role.CLIENT, Frames.join(bytes(request), Frames.maskedText("Hello")));
        assertThat(doctor.connections().get(0).handshake()).isEqualTo(HandshakeState.FAILED);
        assertThat(doctor.finding("handshake-version").message()).startsWith("in the request head: ");
        assertThat(doctor.frames()).hasSize(1);
    }

    @Test
    void emptyStreamIsNoConnection() {
        assertThat(Doctor.ofHex(Role.SERVER, "").connections()).isEmpty();
    }

    @Test
    void repeatedFaultsAreCounted() {
        byte[] many = new byte[2 * 1500];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = (byte) 0x83;
        }
        var doctor = Doctor.ofStream(Role.SERVER, many);
        assertThat(doctor.summary().errors()).isEqualTo(1500);
        assertThat(doctor.findings()).hasSize(FindingLog.LIMIT + 1);
        assertThat(doctor.findings().get(FindingLog.LIMIT).message()).contains("500 more");
    }

    @Test
    void headerWithTwoBreachesOfItsOwnIsStillAHeader() {
        // A fragmented ping of 126 bytes; a compressed text that nobody agreed to, masked by the wrong side.
        byte[] ping = Frames.server(Frames.PING, new byte[126]);
        byte[] compressed = Frames.client(0xc1, bytes("Hello"));
        var doctor = Doctor.ofStream(Role.SERVER, Frames.join(ping, compressed, Frames.text("Hello")));
        assertThat(doctor.frames()).hasSize(3);
        assertThat(doctor.told())
                .containsExactly(
                        "error control-frame-fragmented server frame 1 @0",
                        "error control-frame-too-long server frame 1 @1",
                        "error reserved-bits server frame 2 @130",
                        "error masked-server-frame server frame 2 @131");
    }

    @Test
    void garbageBehindACloseFrameIsDataAfterClose() {
        var doctor = Doctor.ofHex(Role.SERVER, "8800 ff20 67");
        assertThat(doctor.told()).startsWith("error data-after-close server @2");
        assertThat(doctor.finding("data-after-close").message()).contains("the server's own Close frame, header ff 20");
    }
}
