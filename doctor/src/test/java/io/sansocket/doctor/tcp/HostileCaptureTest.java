package io.sansocket.doctor.tcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.capture.CaptureWriter;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.PacketBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged captures end in success or in a CaptureException, and nothing is told after the end. */
class HostileCaptureTest {
    private static final int MUTATIONS = 6_000;

    private static List<byte[]> captures() {
        byte[] payload = "hello".getBytes(US_ASCII);
        byte[] v4 = PacketBytes.ipv4(1, 2, 6, PacketBytes.tcp(4000, 80, 7, 9, 0x10, payload));
        byte[] later = PacketBytes.ipv4(1, 2, 6, PacketBytes.tcp(4000, 80, 30, 9, 0x11, payload));
        byte[] back = PacketBytes.ipv4(2, 1, 6, PacketBytes.tcp(80, 4000, 9, 12, 0x10, payload));
        byte[] head = PacketBytes.ipv4(1, 2, 6, 5, 0x2000, Arrays.copyOfRange(v4, 20, 36));
        byte[] tail = PacketBytes.ipv4(1, 2, 6, 5, 2, Arrays.copyOfRange(v4, 36, v4.length));
        byte[] v6 = PacketBytes.ipv6(1, 2, 0, PacketBytes.concat(PacketBytes.hex("06 00 000000000000"), v4));
        byte[] gtp = PacketBytes.ipv4(
                3, 4, 17, PacketBytes.udp(2152, 2152, PacketBytes.concat(PacketBytes.hex("30ff000000000001"), back)));
        var pcap = CaptureWriter.pcap(101);
        var ng = CaptureWriter.pcapng(ByteOrder.BIG_ENDIAN);
        ng.description(101, 0, ng.option(9, (byte) 9), ng.option64(14, 5), ng.option(0));
        for (byte[] packet : List.of(v4, later, back, head, tail, v6, gtp)) {
            pcap.record(packet);
            ng.enhanced(0, 77, packet.length, packet).block(0x0bad, w -> w.int32(1));
        }
        ng.section().description(1, 96).simple(60, PacketBytes.ethernet(0x0800, v4));
        ng.obsolete(0, 1, 60, PacketBytes.ethernet(0x0800, later));
        return List.of(
                pcap.toByteArray(),
                ng.toByteArray(),
                CaptureWriter.gzip(pcap.toByteArray()),
                CaptureWriter.gzip(ng.toByteArray()));
    }

    /** Complains when bytes are told after the end, or an end is told twice. */
    private static final class Checker implements ConnectionListener {
        private boolean over;

        private void check() {
            assertThat(over).isFalse();
        }

        @Override
        public void data(Side from, ByteBuffer bytes, PacketRef packet) {
            check();
            assertThat(bytes.hasRemaining()).isTrue();
        }

        @Override
        public void hole(Side from, long length, PacketRef packet, HoleCause cause) {
            check();
            assertThat(length).isPositive();
        }

        @Override
        public void overlapConflict(Side from, long offset, int length, PacketRef packet) {
            check();
            assertThat(length).isPositive();
        }

        @Override
        public void fin(Side from, PacketRef packet) {
            check();
        }

        @Override
        public void reset(Side from, PacketRef packet) {
            check();
        }

        @Override
        public void captureEnd() {
            check();
            over = true;
        }
    }

    private static boolean readable(byte[] file) throws IOException {
        try {
            TcpCapture.read(new ByteArrayInputStream(file), c -> new Checker());
            return true;
        } catch (CaptureException e) {
            assertThat(e.getMessage()).isNotEmpty();
            assertThat(e.offset()).isNotNegative();
            return false;
        }
    }

    @Test
    void everyCutIsToldOrLeavesWholePackets() throws IOException {
        for (byte[] file : captures()) {
            assertThat(readable(file)).isTrue();
            for (int n = 0; n < file.length; n++) {
                readable(Arrays.copyOf(file, n));
            }
        }
    }

    @Test
    void noSingleChangedByteDoesHarm() throws IOException {
        var random = new Random(6455);
        var captures = captures();
        int unreadable = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] file = captures.get(i % captures.size()).clone();
            int at = random.nextInt(file.length);
            file[at] = (byte) (random.nextBoolean() ? file[at] ^ (1 << random.nextInt(8)) : random.nextInt());
            unreadable += readable(file) ? 0 : 1;
        }
        assertThat(unreadable).isBetween(MUTATIONS / 20, MUTATIONS - 1);
    }

    @Test
    void floodsOfConnectionsAndOfBytesThatWaitTakeBoundedMemory() throws IOException {
        var random = new Random(1);
        var file = CaptureWriter.pcap(101);
        byte[] payload = new byte[60_000];
        int packets = 1500;
        for (int i = 0; i < packets; i++) {
            byte[] first = PacketBytes.tcp(i, 80, 1, 1, 0x10, new byte[1]);
            file.record(PacketBytes.ipv4(1, 2, 6, first));
            byte[] gap = PacketBytes.tcp(i, 80, 1000, 1, 0x10, payload);
            file.record(PacketBytes.ipv4(1, 2, 6, gap));
        }
        for (int i = 0; i < TcpAssembler.MAX_CONNECTIONS + 10; i++) {
            byte[] one = PacketBytes.tcp(random.nextInt(), random.nextInt(), 1, 1, 0x10, new byte[1]);
            file.record(PacketBytes.ipv4(i & 0xff, 3 + (i >> 8), 6, one));
        }
        var summary = TcpCapture.read(new ByteArrayInputStream(file.toByteArray()), c -> new Checker());

        assertThat(summary.connections()).isEqualTo(packets + TcpAssembler.MAX_CONNECTIONS + 10);
    }
}
