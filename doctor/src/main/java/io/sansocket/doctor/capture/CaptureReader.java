package io.sansocket.doctor.capture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The packets of a capture file, one after the other.
 *
 * <p>Reads pcap and pcapng, plain or gzipped, from any stream (a pipe from {@code tcpdump -w -} too). Memory does not
 * depend on the size of the file: one packet is at hand at a time. Not for use by several threads, except
 * {@link #consumed}.
 *
 * @since 0.1
 */
public final class CaptureReader implements Closeable {
    private final CountedInput counted;
    private final InputStream in;
    private final CaptureFormat format;
    private final RecordReader records;

    private CaptureReader(CountedInput counted, InputStream in) throws IOException {
        this.counted = counted;
        this.in = in;
        var source = new ByteSource(in);
        source.request(CaptureFormat.MAGIC_LENGTH);
        byte[] magic = new byte[Math.min(CaptureFormat.MAGIC_LENGTH, source.available())];
        source.lend(0, magic.length).get(magic);
        format = CaptureFormat.of(magic);
        records = switch (format) {
            case PCAP -> new PcapReader(source);
            case PCAPNG -> new PcapngReader(source);
            case GZIP, UNKNOWN -> throw unknown(magic);
        };
    }

    private static CaptureException unknown(byte[] magic) {
        return new CaptureException(
                0,
                magic.length == 0
                        ? "the file is empty, a pcap or pcapng file is due"
                        : "the file starts with " + HexFormat.ofDelimiter(" ").formatHex(magic)
                                + " at offset 0, which is neither pcap nor pcapng");
    }

    /**
     * Starts to read a capture and finds its format out.
     *
     * @param in the file from its first byte; the reader reads ahead, and {@link #close} closes it
     * @throws CaptureException when this is no capture file or its header is damaged
     * @throws IOException when the stream cannot be read
     */
    public static CaptureReader open(InputStream in) throws IOException {
        var counted = new CountedInput(in);
        return new CaptureReader(counted, CaptureFormat.decompressUnbuffered(counted));
    }

    /**
     * Reads the next packet.
     *
     * @return the packet, whose bytes are valid until the next call, or null at the end of the file
     * @throws CaptureException when the file is damaged or cut off here; all packets before were delivered
     * @throws IOException when the stream cannot be read
     */
    public @Nullable Packet next() throws IOException {
        return records.next();
    }

    /** Returns the file's format, inside of gzip: {@code PCAP} or {@code PCAPNG}. */
    public CaptureFormat format() {
        return format;
    }

    /**
     * Returns how many bytes were taken from the stream given to {@link #open}, compressed ones if it is gzipped, read
     * ahead included. Any thread may ask.
     */
    public long consumed() {
        return counted.count();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
