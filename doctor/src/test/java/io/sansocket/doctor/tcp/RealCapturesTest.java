package io.sansocket.doctor.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sansocket.doctor.capture.PacketRef;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Captures nobody here wrote. They stay outside of the repository; where they are absent the tests are skipped. */
class RealCapturesTest {
    private static final Path CAPTURES = Path.of("..", "..", "shared", "captures");

    /** Adds up bytes and holes of all connections. */
    private static final class Sums implements ConnectionListener {
        private long bytes;
        private long holes;

        @Override
        public void data(Side from, ByteBuffer data, PacketRef packet) {
            bytes += data.remaining();
        }

        @Override
        public void hole(Side from, long length, PacketRef packet, HoleCause cause) {
            holes++;
        }

        @Override
        public void overlapConflict(Side from, long offset, int length, PacketRef packet) {
            throw new AssertionError("a conflict at " + offset + " in packet " + packet.number());
        }

        @Override
        public void fin(Side from, PacketRef packet) {}

        @Override
        public void reset(Side from, PacketRef packet) {}

        @Override
        public void captureEnd() {}
    }

    private static List<Path> captures() throws IOException {
        assumeTrue(Files.isDirectory(CAPTURES), "no real captures here: " + CAPTURES);
        try (var files = Files.walk(CAPTURES)) {
            return files.filter(
                            f -> f.toString().endsWith(".pcap") || f.toString().endsWith(".pcapng"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allCanBeRead() throws IOException {
        for (var file : captures()) {
            try (var in = Files.newInputStream(file)) {
                var sums = new Sums();
                var summary = TcpCapture.read(in, c -> sums);
                assertThat(summary.segments()).as("%s", file).isPositive();
                assertThat(summary.malformedPackets()).as("%s", file).isZero();
                assertThat(sums.bytes).as("%s", file).isPositive();
            }
        }
    }

    // The sums of tshark 4.0.17: distinct sequence numbers that carry payload, per stream.
    @ParameterizedTest
    @CsvSource({
        "ndpi/false_positives.pcapng, 4, 1, 513, 0",
        "ndpi/http_origin_different_than_host.pcap, 4, 1, 773, 0",
        "ndpi/tls_heur__vmess-websocket.pcapng, 96, 3, 61720, 0",
        "ndpi/websocket.pcap, 5, 1, 171, 0",
        "pcapplusplus/650HttpResponses.pcap, 682, 284, 537946, 207",
        "suricata-verify/http-request-header-multi.pcap, 5, 1, 299, 0",
        "suricata-verify/websocket-compressed/example_websocket.pcap, 27, 1, 637, 0",
        "suricata-verify/websocket-control-frag/input.pcap, 15, 1, 359, 0",
        "suricata-verify/websocket-ping/input.pcap, 19, 2, 381, 0",
        "suricata-verify/websocket/basic_websockets.pcap, 21, 1, 1484, 0",
        "zeek/broker-websocket.pcap, 22, 1, 3259, 0",
        "zeek/fragmented-http-reply.pcap, 18, 1, 584, 0",
        "zeek/http-websocket.pcap, 27, 1, 1966, 0",
        "zeek/jupyter-websocket.pcap, 20, 1, 8660, 0",
        "zeek/message-too-big-status.pcap, 14, 1, 496, 0",
        "zeek/oversized-close-frame.pcapng, 8, 1, 551, 0",
        "zeek/reply-ping-coalesced.pcap, 16, 1, 508, 0",
        "zeek/reply-ping-separate.pcap, 18, 1, 508, 0",
        "zeek/two-binary-fragments.pcap, 18, 1, 510, 0",
        "zeek/wrong-accept-header.pcap, 12, 1, 461, 0",
        "zeek/wstunnel-http.pcap, 13, 1, 1087, 0",
        "zeek/wstunnel-https.pcap, 124, 1, 87718, 0",
        "zeek/wstunnel-ssh.pcap, 258, 2, 23198, 0"
    })
    void holdWhatAnotherToolFinds(String name, long segments, int connections, long bytes, long holes)
            throws IOException {
        var file = CAPTURES.resolve(name);
        assumeTrue(Files.exists(file), "no such capture here: " + file);
        try (var in = Files.newInputStream(file)) {
            var sums = new Sums();
            var summary = TcpCapture.read(in, c -> sums);
            assertThat(summary.segments()).isEqualTo(segments);
            assertThat(summary.connections()).isEqualTo(connections);
            assertThat(sums.bytes).isEqualTo(bytes);
            assertThat(sums.holes).isEqualTo(holes);
        }
    }
}
