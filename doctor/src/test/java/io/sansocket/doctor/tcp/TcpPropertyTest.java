package io.sansocket.doctor.tcp;

import static io.sansocket.doctor.network.PacketBytes.ACK;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.doctor.capture.CaptureWriter;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.PacketBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Random streams, cut, repeated, shuffled and thinned out: every byte must be accounted for. */
class TcpPropertyTest {
    private static final int RUNS = 400;

    /** What was heard of one side, held against what was sent. */
    private static final class Ledger implements ConnectionListener {
        private final byte[] sent;
        private final BitSet delivered = new BitSet();
        private final AtomicInteger ends = new AtomicInteger();
        private long position;
        private boolean fin;

        Ledger(byte[] sent) {
            this.sent = sent;
        }

        @Override
        public void data(Side from, ByteBuffer bytes, PacketRef packet) {
            assertThat(bytes.hasRemaining()).isTrue();
            assertThat(fin).isFalse();
            int at = (int) position;
            position += bytes.remaining();
            assertThat(bytes).isEqualTo(ByteBuffer.wrap(sent, at, bytes.remaining()));
            delivered.set(at, (int) position);
        }

        @Override
        public void hole(Side from, long length, PacketRef packet, HoleCause cause) {
            assertThat(length).isPositive();
            position += length;
        }

        @Override
        public void overlapConflict(Side from, long offset, int length, PacketRef packet) {
            throw new AssertionError("no conflict was sent, one of " + length + " bytes at " + offset + " was found");
        }

        @Override
        public void fin(Side from, PacketRef packet) {
            fin = true;
        }

        @Override
        public void reset(Side from, PacketRef packet) {
            throw new AssertionError("no reset was sent");
        }

        @Override
        public void captureEnd() {
            ends.incrementAndGet();
        }
    }

    private record Piece(int from, int to, boolean fin) {}

    private static List<Piece> cut(Random random, int length) {
        var pieces = new ArrayList<Piece>();
        for (int at = 0; at < length; ) {
            int to = Math.min(length, at + 1 + random.nextInt(300));
            pieces.add(new Piece(at, to, to == length));
            while (random.nextInt(4) == 0) {
                int start = Math.max(0, at - random.nextInt(400));
                pieces.add(new Piece(start, Math.min(to, start + 1 + random.nextInt(500)), false));
            }
            at = to;
        }
        return pieces;
    }

    /** Swaps each piece with one at most 20 places away: nearer than the assembler's patience. */
    private static void shuffle(Random random, List<Piece> pieces) {
        for (int i = 0; i < pieces.size(); i++) {
            int j = Math.min(pieces.size() - 1, i + random.nextInt(10));
            pieces.set(i, pieces.set(j, pieces.get(i)));
        }
    }

    private static Ledger assemble(Random random, byte[] stream, List<Piece> pieces, boolean acknowledge)
            throws IOException {
        int isn = random.nextInt();
        var file = CaptureWriter.pcap(101);
        byte[] syn = PacketBytes.tcp(4000, 80, isn, 0, PacketBytes.SYN, new byte[0]);
        file.record(PacketBytes.ipv4(1, 2, 6, syn));
        for (var piece : pieces) {
            byte[] payload = Arrays.copyOfRange(stream, piece.from(), piece.to());
            int flags = piece.fin() ? ACK | PacketBytes.FIN : ACK;
            byte[] tcp = PacketBytes.tcp(4000, 80, isn + 1 + piece.from(), 1, flags, payload);
            file.record(PacketBytes.ipv4(1, 2, 6, tcp));
            if (acknowledge) {
                byte[] ack = PacketBytes.tcp(80, 4000, 5, isn + 1 + piece.to(), ACK, new byte[0]);
                file.record(PacketBytes.ipv4(2, 1, 6, ack));
            }
        }
        var ledger = new Ledger(stream);
        TcpCapture.read(new ByteArrayInputStream(file.toByteArray()), c -> ledger);
        assertThat(ledger.ends).hasValue(1);
        return ledger;
    }

    @Test
    void shuffledAndRepeatedSegmentsGiveTheSameBytes() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            byte[] stream = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(stream);
            var pieces = cut(random, stream.length);
            shuffle(random, pieces);

            var ledger = assemble(random, stream, pieces, false);

            assertThat(ledger.delivered.cardinality()).as("seed %d", seed).isEqualTo(stream.length);
            assertThat(ledger.position).isEqualTo(stream.length);
            assertThat(ledger.fin).isTrue();
        }
    }

    @Test
    void bytesAndHolesTogetherAccountForEveryByteWhenPacketsAreMissing() throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            var random = new Random(seed);
            byte[] stream = new byte[1 + random.nextInt(20_000)];
            random.nextBytes(stream);
            var pieces = cut(random, stream.length);
            pieces.removeIf(p -> !p.fin() && random.nextInt(5) == 0);
            shuffle(random, pieces);
            var captured = new BitSet();
            pieces.forEach(p -> captured.set(p.from(), p.to()));

            var ledger = assemble(random, stream, pieces, false);

            assertThat(ledger.delivered).as("seed %d", seed).isEqualTo(captured);
            assertThat(ledger.position).isEqualTo(stream.length);
            assertThat(ledger.fin).isTrue();

            var impatient = assemble(random, stream, pieces, true);

            assertThat(impatient.position).as("seed %d", seed).isEqualTo(stream.length);
            impatient.delivered.andNot(captured);
            assertThat(impatient.delivered.isEmpty()).isTrue();
        }
    }
}
