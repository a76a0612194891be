package io.sansocket.doctor.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The classic pcap format: one header, one link type, one record per packet. */
final class PcapReader implements RecordReader {
    private static final int FILE_HEADER = 24;
    private static final int RECORD_HEADER = 16;
    /** Kuznetzov's variant adds an interface index, a protocol, a packet type and a byte of padding. */
    private static final int MODIFIED_RECORD_HEADER = 24;

    private static final int MICROSECONDS = 0xa1b2_c3d4;
    private static final int NANOSECONDS = 0xa1b2_3c4d;
    private static final int MODIFIED = 0xa1b2_cd34;

    private static final int MAJOR_VERSION = 2;
    private static final int LAST_MINOR_WITH_SWAPPED_LENGTHS = 3;
    /** The bits above tell how long a frame check sequence is; IP knows its length without them. */
    private static final int LINK_TYPE_MASK = 0x03ff_ffff;

    private final ByteSource source;
    private final int recordHeader;
    private final int nanosPerUnit;
    private final boolean lengthsMayBeSwapped;
    private final int linkType;

    private long packets;

    PcapReader(ByteSource source) throws IOException {
        this.source = source;
        if (!source.request(FILE_HEADER)) {
            throw source.cutOff("the file header", FILE_HEADER);
        }
        source.order(ByteOrder.BIG_ENDIAN);
        if (!isMagic(source.int32(0))) {
            source.order(ByteOrder.LITTLE_ENDIAN);
        }
        int magic = source.int32(0);
        recordHeader = magic == MODIFIED ? MODIFIED_RECORD_HEADER : RECORD_HEADER;
        nanosPerUnit = magic == NANOSECONDS ? 1 : 1000;
        int major = source.uint16(4);
        int minor = source.uint16(6);
        if (major != MAJOR_VERSION) {
            throw new CaptureException(
                    4, "the file header at offset 0 says pcap version " + major + "." + minor + ", only 2.x is known");
        }
        lengthsMayBeSwapped = minor <= LAST_MINOR_WITH_SWAPPED_LENGTHS;
        linkType = source.int32(20) & LINK_TYPE_MASK;
        source.advance(FILE_HEADER);
    }

    private static boolean isMagic(int value) {
        return value == MICROSECONDS || value == NANOSECONDS || value == MODIFIED;
    }

    @Override
    public @Nullable Packet next() throws IOException {
        long number = packets + 1;
        if (!source.request(recordHeader)) {
            if (source.available() == 0) {
                return null;
            }
            throw source.cutOff("the header of packet " + number, recordHeader);
        }
        long captured = source.uint32(8);
        long original = source.uint32(12);
        if (lengthsMayBeSwapped && captured > original) {
            long swapped = captured;
            captured = original;
            original = swapped;
        }
        checkCaptured(number, captured);
        int whole = recordHeader + (int) captured;
        if (!source.request(whole)) {
            throw source.cutOff("packet " + number, whole);
        }
        var time = Instant.ofEpochSecond(source.uint32(0), source.uint32(4) * nanosPerUnit);
        var bytes = source.lend(recordHeader, (int) captured);
        source.advance(whole);
        packets = number;
        return new Packet(new PacketRef(number, time), linkType, original, bytes);
    }

    private void checkCaptured(long number, long captured) throws CaptureException {
        if (captured > MAX_CAPTURED) {
            throw new CaptureException(
                    source.offset(),
                    "the record of packet " + number + " at offset " + source.offset() + " says " + captured
                            + " bytes were captured, the limit is " + MAX_CAPTURED);
        }
    }
}
