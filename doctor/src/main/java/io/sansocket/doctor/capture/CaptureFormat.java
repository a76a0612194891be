package io.sansocket.doctor.capture;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What kind of file the first bytes announce.
 *
 * @since 0.1
 */
public enum CaptureFormat {
    /** A pcap file, of any byte order and time resolution. */
    PCAP,
    /** A pcapng file. */
    PCAPNG,
    /** Gzipped data, perhaps a capture. */
    GZIP,
    /** None of these. */
    UNKNOWN;

    static final int MAGIC_LENGTH = 4;

    private static final int GZIP_BUFFER = 64 * 1024;
    private static final int MARKABLE_BUFFER = 64 * 1024;

    /**
     * Looks at the first bytes of a stream and puts them back.
     *
     * @param in a stream at its start; it must support {@link InputStream#mark}
     * @return the format its first four bytes announce; {@link #UNKNOWN} when it is shorter
     * @throws IOException when the stream cannot be read
     * @throws IllegalArgumentException when the stream does not support marks
     */
    public static CaptureFormat detect(InputStream in) throws IOException {
        if (!in.markSupported()) {
            throw new IllegalArgumentException("the stream does not support mark and reset");
        }
        in.mark(MAGIC_LENGTH);
        byte[] head = in.readNBytes(MAGIC_LENGTH);
        in.reset();
        return of(head);
    }

    /**
     * Returns a stream of the same data that is decompressed, when it starts like gzip, and supports marks.
     *
     * @param in a stream at its start; closing the result closes it
     * @throws CaptureException when the gzip header is damaged
     * @throws IOException when the stream cannot be read
     */
    public static InputStream decompress(InputStream in) throws IOException {
        return new BufferedInputStream(decompressUnbuffered(in), MARKABLE_BUFFER);
    }

    static InputStream decompressUnbuffered(InputStream in) throws IOException {
        var rewindable = new PushbackInputStream(in, MAGIC_LENGTH);
        byte[] head = rewindable.readNBytes(MAGIC_LENGTH);
        rewindable.unread(head);
        if (of(head) != GZIP) {
            return rewindable;
        }
        try {
            return new GZIPInputStream(rewindable, GZIP_BUFFER);
        } catch (EOFException | ZipException e) {
            var damaged = new CaptureException(0, "the gzip header at offset 0 is damaged: " + e.getMessage());
            damaged.initCause(e);
            throw damaged;
        }
    }

    static CaptureFormat of(byte[] head) {
        if (head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b) {
            return GZIP;
        }
        if (head.length < MAGIC_LENGTH) {
            return UNKNOWN;
        }
        return switch (HexFormat.of().formatHex(Arrays.copyOf(head, MAGIC_LENGTH))) {
            case "a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "a1b2cd34", "34cdb2a1" -> PCAP;
            case "0a0d0d0a" -> PCAPNG;
            default -> UNKNOWN;
        };
    }
}
