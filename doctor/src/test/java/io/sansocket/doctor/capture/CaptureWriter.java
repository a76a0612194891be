package io.sansocket.doctor.capture;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** Writes captures of all kinds for tests, wrong ones as well. */
public final class CaptureWriter {
    public static final int MICROSECONDS = 0xa1b2_c3d4;
    public static final int NANOSECONDS = 0xa1b2_3c4d;
    public static final int MODIFIED = 0xa1b2_cd34;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteOrder order;

    private CaptureWriter(ByteOrder order) {
        this.order = order;
    }

    public static CaptureWriter empty(ByteOrder order) {
        return new CaptureWriter(order);
    }

    public static CaptureWriter pcap(int linkType) {
        return pcap(ByteOrder.LITTLE_ENDIAN, MICROSECONDS, linkType);
    }

    public static CaptureWriter pcap(ByteOrder order, int magic, int linkType) {
        return new CaptureWriter(order)
                .int32(magic)
                .int16(2)
                .int16(4)
                .int32(0)
                .int32(0)
                .int32(65_535)
                .int32(linkType);
    }

    public CaptureWriter record(int magic, Instant time, int originalLength, byte[] bytes) {
        int32((int) time.getEpochSecond());
        int32(magic == NANOSECONDS ? time.getNano() : time.getNano() / 1000);
        int32(bytes.length).int32(originalLength);
        if (magic == MODIFIED) {
            int32(7).int16(8).bytes(new byte[2]);
        }
        return bytes(bytes);
    }

    public CaptureWriter record(byte[] bytes) {
        return record(MICROSECONDS, Instant.ofEpochSecond(1), bytes.length, bytes);
    }

    public static CaptureWriter pcapng(ByteOrder order) {
        return new CaptureWriter(order).section();
    }

    public CaptureWriter section() {
        return block(0x0a0d_0d0a, w -> w.int32(0x1a2b_3c4d).int16(1).int16(0).int64(-1));
    }

    /** Appends what another writer wrote, for sections of another byte order. */
    public CaptureWriter then(CaptureWriter other) {
        return bytes(other.toByteArray());
    }

    public CaptureWriter description(int linkType, int snapLength, byte[]... options) {
        return block(1, w -> {
            w.int16(linkType).int16(0).int32(snapLength);
            for (byte[] option : options) {
                w.bytes(option);
            }
        });
    }

    public byte[] option(int code, byte... value) {
        return new CaptureWriter(order)
                .int16(code)
                .int16(value.length)
                .padded(value)
                .toByteArray();
    }

    public byte[] option64(int code, long value) {
        return new CaptureWriter(order).int16(code).int16(8).int64(value).toByteArray();
    }

    public CaptureWriter enhanced(
            int interfaceId, long timestamp, int originalLength, byte[] bytes, byte[]... options) {
        return block(6, w -> {
            w.int32(interfaceId).int32((int) (timestamp >>> 32)).int32((int) timestamp);
            w.int32(bytes.length).int32(originalLength).padded(bytes);
            for (byte[] option : options) {
                w.bytes(option);
            }
        });
    }

    public CaptureWriter simple(int originalLength, byte[] bytes) {
        return block(3, w -> w.int32(originalLength).padded(bytes));
    }

    public CaptureWriter obsolete(int interfaceId, long timestamp, int originalLength, byte[] bytes) {
        return block(2, w -> {
            w.int16(interfaceId).int16(0xffff).int32((int) (timestamp >>> 32)).int32((int) timestamp);
            w.int32(bytes.length).int32(originalLength).padded(bytes);
        });
    }

    public CaptureWriter block(int type, Consumer<CaptureWriter> content) {
        var body = new CaptureWriter(order);
        content.accept(body);
        byte[] bytes = body.toByteArray();
        return int32(type).int32(bytes.length + 12).bytes(bytes).int32(bytes.length + 12);
    }

    public CaptureWriter int16(int value) {
        return bytes(ByteBuffer.allocate(2).order(order).putShort((short) value).array());
    }

    public CaptureWriter int32(int value) {
        return bytes(ByteBuffer.allocate(4).order(order).putInt(value).array());
    }

    public CaptureWriter int64(long value) {
        return bytes(ByteBuffer.allocate(8).order(order).putLong(value).array());
    }

    public CaptureWriter bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    public CaptureWriter padded(byte[] bytes) {
        return bytes(bytes).bytes(new byte[-bytes.length & 3]);
    }

    public byte[] toByteArray() {
        return out.toByteArray();
    }

    public CaptureReader open() throws IOException {
        return CaptureReader.open(new ByteArrayInputStream(toByteArray()));
    }

    /** Reads all packets and tells each as number, time, link type, bytes, original length. */
    public static List<String> tell(CaptureReader reader) throws IOException {
        var told = new ArrayList<String>();
        for (Packet p = reader.next(); p != null; p = reader.next()) {
            byte[] bytes = new byte[p.bytes().remaining()];
            p.bytes().get(bytes);
            told.add(p.ref().number() + " " + p.ref().time() + " link " + p.linkType() + " "
                    + HexFormat.of().formatHex(bytes) + " of " + p.originalLength());
        }
        return told;
    }

    public static byte[] gzip(byte[] data) {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }
}
