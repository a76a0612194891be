package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.capture.CaptureReader;
import io.sansocket.doctor.capture.Packet;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Capture files: pcap against a second reader, packets that lie in the file in their order, and gzip around both. */
class CapturesFuzzTest {
    private static final int MAX_CAPTURED = 262_144;
    private static final int PCAP_HEADER = 24;

    /** What a packet is, kept beyond the next one. */
    private record Kept(Instant time, int linkType, long originalLength, ByteBuffer bytes) {}

    /** What a file holds: packets, and whether it ends in a fault. */
    private record Contents(List<Kept> packets, boolean damaged) {}

    private static Contents read(InputStream in, int length) throws IOException {
        var packets = new ArrayList<Kept>();
        try (var reader = CaptureReader.open(in)) {
            for (Packet packet = reader.next(); packet != null; packet = reader.next()) {
                Oracle.check(packet.ref().number() > packets.size(), "packets are counted");
                Oracle.check(packet.bytes().remaining() <= MAX_CAPTURED, "a packet is within the limit");
                packets.add(new Kept(packet.ref().time(), packet.linkType(), packet.originalLength(), copy(packet)));
            }
            Oracle.check(reader.consumed() <= length, "no more is consumed than there is");
            return new Contents(packets, false);
        } catch (CaptureException e) {
            Oracle.check(e.offset() >= 0 && !e.getMessage().isEmpty(), "a fault has a place and a message");
            return new Contents(packets, true);
        }
    }

    private static ByteBuffer copy(Packet packet) {
        byte[] bytes = new byte[packet.bytes().remaining()];
        packet.bytes().duplicate().get(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @FuzzTest
    void pcap(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int most = 1 + input.choice();
        byte[] file = input.rest();
        Contents contents = read(new Trickle(file, most), file.length);
        Contents expected = secondReader(file);
        if (expected != null) {
            Oracle.same(expected, contents, "a pcap file as a second reader reads it, and as we do");
        }
    }

    /** Reads version 2.4 of the two common kinds; returns null for all other files. */
    private static Contents secondReader(byte[] file) {
        if (file.length < PCAP_HEADER) {
            return null;
        }
        var in = ByteBuffer.wrap(file);
        int magic = in.getInt();
        if (magic == 0xd4c3b2a1 || magic == 0x4d3cb2a1) {
            in.order(ByteOrder.LITTLE_ENDIAN);
            magic = Integer.reverseBytes(magic);
        }
        if ((magic != 0xa1b2c3d4 && magic != 0xa1b23c4d) || in.getShort() != 2 || in.getShort() < 4) {
            return null;
        }
        int linkType = in.getInt(20) & 0x03ff_ffff;
        in.position(PCAP_HEADER);
        var packets = new ArrayList<Kept>();
        while (in.remaining() >= 16) {
            long seconds = in.getInt() & 0xffff_ffffL;
            long fraction = in.getInt() & 0xffff_ffffL;
            long captured = in.getInt() & 0xffff_ffffL;
            long original = in.getInt() & 0xffff_ffffL;
            if (captured > in.remaining()) {
                return new Contents(packets, true);
            }
            var time = Instant.ofEpochSecond(seconds).plusNanos(magic == 0xa1b23c4d ? fraction : fraction * 1000);
            packets.add(new Kept(time, linkType, original, in.slice(in.position(), (int) captured)));
            in.position(in.position() + (int) captured);
        }
        return new Contents(packets, in.hasRemaining());
    }

    @FuzzTest
    void pcapng(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int most = 1 + input.choice();
        byte[] file = input.rest();
        Contents contents = read(new Trickle(file, most), file.length);
        int from = 0;
        for (Kept packet : contents.packets()) {
            from = find(packet.bytes(), file, from);
            Oracle.check(from >= 0, "the packets lie in the file, in their order");
        }
        if (most % 2 == 0) {
            Oracle.same(contents, read(new ByteArrayInputStream(file), file.length), "a file whole, and in pieces");
        }
    }

    /** Returns the index behind the first place of the bytes in the file, or -1. */
    private static int find(ByteBuffer bytes, byte[] file, int from) {
        int length = bytes.remaining();
        for (int at = from; at <= file.length - length; at++) {
            if (bytes.equals(ByteBuffer.wrap(file, at, length))) {
                return at + length;
            }
        }
        return -1;
    }

    /** Any bytes behind the mark of gzip; or the same capture with gzip around it. */
    @FuzzTest
    void gzip(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int choice = input.choice();
        int most = 1 + input.choice();
        byte[] rest = input.rest();
        if (choice % 2 == 0) {
            byte[] marked = new byte[rest.length + 2];
            marked[0] = 0x1f;
            marked[1] = (byte) 0x8b;
            System.arraycopy(rest, 0, marked, 2, rest.length);
            read(new Trickle(marked, most), marked.length);
        } else {
            byte[] zipped = zipped(rest);
            Contents plain = read(new ByteArrayInputStream(rest), rest.length);
            Oracle.same(plain, read(new Trickle(zipped, most), zipped.length), "a file, and with gzip around it");
        }
    }

    private static byte[] zipped(byte[] file) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new Stored(out)) {
            zip.write(file);
        }
        return out.toByteArray();
    }

    /** Does not compress, which costs less. */
    private static final class Stored extends GZIPOutputStream {
        Stored(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.NO_COMPRESSION);
        }
    }
}
