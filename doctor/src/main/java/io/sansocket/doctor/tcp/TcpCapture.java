package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.capture.CaptureReader;
import io.sansocket.doctor.capture.Packet;
import io.sansocket.doctor.network.LinkType;
import io.sansocket.doctor.network.SegmentDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The TCP connections of a capture: reads all packets once and tells a listener what the connections carried.
 *
 * <p>Memory does not depend on the size of the capture: about 56 MiB at most for what waits or is compared, and half a
 * KiB for each of the last 65,536 connections.
 *
 * @since 0.1
 */
public final class TcpCapture {
    private final CaptureReader reader;
    private final SegmentDecoder decoder = new SegmentDecoder();
    private final TcpAssembler assembler;

    private long packets;
    private long segments;
    private long otherPackets;
    private long malformedPackets;
    private final Map<Integer, Long> unsupportedLinkTypes = new TreeMap<>();

    private TcpCapture(CaptureReader reader, TcpListener listener) {
        this.reader = reader;
        assembler = new TcpAssembler(listener);
    }

    /** Returns a capture to be read from a reader that nobody else uses. */
    public static TcpCapture of(CaptureReader reader, TcpListener listener) {
        return new TcpCapture(reader, listener);
    }

    /**
     * Reads a whole capture file from a stream, which stays open.
     *
     * @throws CaptureException as {@link #read()} and {@link CaptureReader#open} do
     * @throws IOException when the stream cannot be read
     */
    public static CaptureSummary read(InputStream in, TcpListener listener) throws IOException {
        return of(CaptureReader.open(in), listener).read();
    }

    /**
     * Reads to the end. When that fails, everything in front of the fault was told, {@link ConnectionListener#captureEnd}
     * included, and {@link #summary} tells about it.
     *
     * @throws CaptureException when the file is damaged or cut off, or no packet in it has a link type that can be read
     * @throws IOException when the stream cannot be read
     */
    public CaptureSummary read() throws IOException {
        try {
            Packet packet = reader.next();
            while (packet != null) {
                take(packet);
                packet = reader.next();
            }
        } catch (IOException e) {
            assembler.end();
            throw e;
        }
        assembler.end();
        checkLinkTypes();
        return summary();
    }

    private void take(Packet packet) {
        packets++;
        switch (decoder.decode(packet)) {
            case SEGMENT -> {
                segments++;
                assembler.accept(decoder.segment());
            }
            case OTHER_PROTOCOL -> otherPackets++;
            case MALFORMED -> malformedPackets++;
            case UNSUPPORTED_LINK_TYPE -> unsupportedLinkTypes.merge(packet.linkType(), 1L, Long::sum);
            case FRAGMENT -> {
                // The decoder counts those that never become whole.
            }
        }
    }

    private void checkLinkTypes() throws CaptureException {
        long unsupported = unsupportedLinkTypes.values().stream()
                .mapToLong(Long::longValue)
                .sum();
        if (packets > 0 && unsupported == packets) {
            String types = unsupportedLinkTypes.keySet().stream()
                    .map(LinkType::describe)
                    .collect(Collectors.joining(", "));
            throw new CaptureException(
                    0, "none of the " + packets + " packets can be read, their link type is not supported: " + types);
        }
    }

    /** Returns what was found so far. */
    public CaptureSummary summary() {
        return new CaptureSummary(
                packets,
                segments,
                assembler.opened(),
                otherPackets,
                malformedPackets,
                decoder.unjoinedFragments(),
                unsupportedLinkTypes);
    }
}
