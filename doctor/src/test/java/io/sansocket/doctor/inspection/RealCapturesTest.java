package io.sansocket.doctor.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.Role;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.FrameReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Captures that nobody here wrote, beside the project; see their MANIFEST.md. Without them nothing is tested. */
class RealCapturesTest {
    private static final Path FOLDER = Path.of("..", "..", "shared", "captures");
    private static final String LISTS = ".tshark46.tsv";

    static Stream<Path> captures() throws IOException {
        if (!Files.isDirectory(FOLDER)) {
            return Stream.of(FOLDER);
        }
        try (var files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(LISTS))
                    .map(file -> Path.of(file.toString().replace(LISTS, "")))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    private static Doctor doctor(Path capture) throws IOException {
        Assumptions.assumeTrue(Files.isRegularFile(capture), "no captures at " + FOLDER.toAbsolutePath());
        return Doctor.ofCapture(Files.readAllBytes(capture));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void framesAreThoseThatTsharkLists(Path capture) throws IOException {
        var ours = new TreeMap<String, List<String>>();
        var doctor = doctor(capture);
        for (FrameReport frame : doctor.frames()) {
            ours.computeIfAbsent(direction(doctor, frame), d -> new ArrayList<>())
                    .add(ours(frame));
        }
        assertThat(ours).isEqualTo(theirs(Path.of(capture + LISTS)));
    }

    private static String direction(Doctor doctor, FrameReport frame) {
        ConnectionReport connection = doctor.connections().stream()
                .filter(c -> c.id() == frame.connection())
                .findFirst()
                .orElseThrow();
        boolean client = frame.from() == Role.CLIENT;
        return port(String.valueOf(client ? connection.client() : connection.server())) + "-"
                + port(String.valueOf(client ? connection.server() : connection.client()));
    }

    private static String port(String endpoint) {
        return endpoint.substring(endpoint.lastIndexOf(':') + 1);
    }

    private static String ours(FrameReport frame) {
        return "fin=%s rsv=%d opcode=%d mask=%s length=%d close=%s"
                .formatted(
                        frame.fin(),
                        frame.rsv(),
                        frame.opcodeBits(),
                        frame.masked(),
                        frame.declared(),
                        frame.closeCode() == FrameReport.NO_CODE ? "" : frame.closeCode());
    }

    /** A packet of several frames has lists in its columns, from which the columns that a frame lacks are dropped. */
    private static Map<String, List<String>> theirs(Path list) throws IOException {
        var theirs = new TreeMap<String, List<String>>();
        for (String line : Files.readAllLines(list)) {
            List<List<String>> columns = Arrays.stream(line.split("\t", -1))
                    .map(column -> (List<String>) new ArrayList<>(List.of(column.split(","))))
                    .toList();
            var frames = theirs.computeIfAbsent(
                    columns.get(2).get(0) + "-" + columns.get(3).get(0), d -> new ArrayList<>());
            for (int i = 0; i < columns.get(4).size(); i++) {
                frames.add(theirs(columns, i));
            }
        }
        return theirs;
    }

    private static String theirs(List<List<String>> columns, int i) {
        int opcode = Integer.parseInt(columns.get(6).get(i));
        String length = columns.get(8).get(i);
        if (length.equals("126") || length.equals("127")) {
            length = columns.get(length.equals("126") ? 9 : 10).remove(0);
        }
        boolean hasCode = opcode == Opcode.CLOSE.code() && !length.equals("0");
        return "fin=%s rsv=%d opcode=%d mask=%s length=%s close=%s"
                .formatted(
                        columns.get(4).get(i).equals("True"),
                        Integer.decode(columns.get(5).get(i)),
                        opcode,
                        columns.get(7).get(i).equals("True"),
                        length,
                        hasCode ? columns.get(11).remove(0) : "");
    }

    @ParameterizedTest
    @CsvSource({
        "suricata-verify/websocket-ping/input.pcap, unmasked-client-frame",
        "zeek/oversized-close-frame.pcapng, control-frame-too-long",
        "zeek/oversized-close-frame.pcapng, non-minimal-length",
        "zeek/wrong-accept-header.pcap, handshake-accept",
        "zeek/wstunnel-http.pcap, unmasked-client-frame"
    })
    void anomaliesAreNamed(String capture, String rule) throws IOException {
        assertThat(doctor(FOLDER.resolve(capture)).findings())
                .anyMatch(finding -> finding.rule().id().equals(rule));
    }

    @ParameterizedTest
    @CsvSource({
        "ndpi/http_origin_different_than_host.pcap",
        "ndpi/tls_heur__vmess-websocket.pcapng",
        "pcapplusplus/650HttpResponses.pcap",
        "suricata-verify/websocket/basic_websockets.pcap",
        "suricata-verify/websocket-compressed/example_websocket.pcap",
        "zeek/fragmented-http-reply.pcap",
        "zeek/http-websocket.pcap",
        "zeek/jupyter-websocket.pcap",
        "zeek/message-too-big-status.pcap",
        "zeek/reply-ping-coalesced.pcap",
        "zeek/reply-ping-separate.pcap",
        "zeek/two-binary-fragments.pcap",
        "zeek/wstunnel-https.pcap",
        "zeek/wstunnel-ssh.pcap"
    })
    void lawfulConnectionsHaveNoFindings(String capture) throws IOException {
        var doctor = doctor(FOLDER.resolve(capture));
        assertThat(doctor.findings()).isEmpty();
        assertThat(doctor.connections())
                .isNotEmpty()
                .allMatch(c -> c.handshake().toString().equals("present"));
    }

    @Test
    void compressedTextsAreInflated() throws IOException {
        var frames = doctor(FOLDER.resolve("suricata-verify/websocket-compressed/example_websocket.pcap"))
                .frames();
        assertThat(frames).hasSize(10).allMatch(frame -> frame.content() == FrameReport.Content.TEXT);
        // What tshark inflates them to, as lengths.
        assertThat(frames.stream().map(frame -> frame.part().inflated()))
                .containsExactly(36L, 21L, 21L, 21L, 23L, 23L, 23L, 23L, 19L, 23L);
    }

    @ParameterizedTest
    @CsvSource({
        "ndpi/false_positives.pcapng, warning handshake-extension client @294",
        "suricata-verify/websocket-control-frag/input.pcap, warning handshake-key client @99",
        "zeek/broker-websocket.pcap, warning missing-close-frame server @1704"
    })
    void smallerFaultsAreNoErrors(String capture, String told) throws IOException {
        var doctor = doctor(FOLDER.resolve(capture));
        assertThat(doctor.told()).containsExactly(told);
        assertThat(doctor.connections())
                .isNotEmpty()
                .allMatch(c -> c.handshake().toString().equals("present"));
    }

    @Test
    void connectionSeenFromItsMiddleIsRecognised() throws IOException {
        var doctor = doctor(FOLDER.resolve("ndpi/websocket.pcap"));
        assertThat(doctor.connections())
                .hasSize(1)
                .allMatch(c -> c.handshake().toString().equals("absent"));
        assertThat(doctor.told()).containsExactly("note no-handshake client @0");
    }

    @Test
    void requestWithoutResponseIsReported() throws IOException {
        var doctor = doctor(FOLDER.resolve("suricata-verify/http-request-header-multi.pcap"));
        assertThat(doctor.connections())
                .hasSize(1)
                .allMatch(c -> c.handshake().toString().equals("absent"));
        assertThat(doctor.told()).containsExactly("note no-handshake server @0");
    }
}
