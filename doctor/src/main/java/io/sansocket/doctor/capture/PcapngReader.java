package io.sansocket.doctor.capture;

import java.io.IOException;
import java.nio.ByteOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pcapng format: sections of blocks, each section with its own byte order and list of interfaces. */
final class PcapngReader implements RecordReader {
    private static final int SECTION_HEADER = 0x0a0d_0d0a;
    private static final int INTERFACE_DESCRIPTION = 1;
    private static final int OBSOLETE_PACKET = 2;
    private static final int SIMPLE_PACKET = 3;
    private static final int ENHANCED_PACKET = 6;
    private static final int SYSTEMD_JOURNAL_EXPORT = 9;
    private static final int SYSDIG_EVENT = 0x204;
    private static final int SYSDIG_EVENT_2 = 0x216;
    private static final int SYSDIG_EVENT_2_LARGE = 0x221;

    private static final int BYTE_ORDER_MAGIC = 0x1a2b_3c4d;
    private static final int MAJOR_VERSION = 1;

    private static final int BLOCK_HEADER = 8;
    private static final int BLOCK_TRAILER = 4;
    private static final int SECTION_FIXED = BLOCK_HEADER + 16;
    private static final int INTERFACE_FIXED = BLOCK_HEADER + 8;
    private static final int SIMPLE_FIXED = BLOCK_HEADER + 4;
    private static final int PACKET_FIXED = BLOCK_HEADER + 20;

    private static final int MAX_KNOWN_BLOCK = ByteSource.CAPACITY;
    /** Wireshark's limit, too. */
    private static final int MAX_SKIPPED_BLOCK = 16 * 1024 * 1024;

    private static final int MAX_INTERFACES = 65_536;

    private static final int OPTION_HEADER = 4;
    private static final int END_OF_OPTIONS = 0;
    private static final int TIMESTAMP_RESOLUTION = 9;
    private static final int TIMESTAMP_OFFSET = 14;

    private final ByteSource source;
    private final List<PcapngInterface> interfaces = new ArrayList<>();

    private long packets;

    PcapngReader(ByteSource source) {
        this.source = source;
    }

    @Override
    public @Nullable Packet next() throws IOException {
        while (source.request(BLOCK_HEADER)) {
            Packet packet = block();
            if (packet != null) {
                return packet;
            }
        }
        if (source.available() == 0) {
            return null;
        }
        throw source.cutOff("the header of a block", BLOCK_HEADER);
    }

    private @Nullable Packet block() throws IOException {
        switch (source.int32(0)) {
            case SECTION_HEADER -> section();
            case INTERFACE_DESCRIPTION -> describeInterface(requestBlock(INTERFACE_FIXED));
            case SIMPLE_PACKET -> {
                return simplePacket(requestBlock(SIMPLE_FIXED));
            }
            case ENHANCED_PACKET -> {
                int length = requestBlock(PACKET_FIXED);
                return packet(length, source.uint32(8));
            }
            case OBSOLETE_PACKET -> {
                int length = requestBlock(PACKET_FIXED);
                return packet(length, source.uint16(8));
            }
            case SYSTEMD_JOURNAL_EXPORT, SYSDIG_EVENT, SYSDIG_EVENT_2, SYSDIG_EVENT_2_LARGE -> {
                // Wireshark gives these a number, so the packets behind them would not bear the same ones.
                packets++;
                skipBlock();
            }
            default -> skipBlock();
        }
        return null;
    }

    private void section() throws IOException {
        if (!source.request(SECTION_FIXED + BLOCK_TRAILER)) {
            throw source.cutOff("a section header", SECTION_FIXED + BLOCK_TRAILER);
        }
        source.order(ByteOrder.BIG_ENDIAN);
        if (source.int32(BLOCK_HEADER) != BYTE_ORDER_MAGIC) {
            source.order(ByteOrder.LITTLE_ENDIAN);
        }
        if (source.int32(BLOCK_HEADER) != BYTE_ORDER_MAGIC) {
            throw fault("has the byte-order magic 0x%08x, 0x1a2b3c4d is due".formatted(source.int32(BLOCK_HEADER)));
        }
        int length = requestBlock(SECTION_FIXED);
        int major = source.uint16(BLOCK_HEADER + 4);
        if (major != MAJOR_VERSION) {
            throw fault("says pcapng version " + major + "." + source.uint16(BLOCK_HEADER + 6) + ", only 1.x is known");
        }
        interfaces.clear();
        source.advance(length);
    }

    private void describeInterface(int length) throws IOException {
        if (interfaces.size() == MAX_INTERFACES) {
            throw fault(
                    "describes interface " + (MAX_INTERFACES + 1) + " of its section, the limit is " + MAX_INTERFACES);
        }
        int resolution = PcapngInterface.MICROSECONDS;
        long secondsOffset = 0;
        int at = INTERFACE_FIXED;
        int end = length - BLOCK_TRAILER;
        while (end - at >= OPTION_HEADER && source.uint16(at) != END_OF_OPTIONS) {
            int code = source.uint16(at);
            int size = source.uint16(at + 2);
            at += OPTION_HEADER;
            if (size > end - at) {
                throw fault("has option " + code + " of " + size + " bytes, the block has " + (end - at) + " left");
            }
            if (code == TIMESTAMP_RESOLUTION && size >= 1) {
                resolution = source.uint8(at);
            } else if (code == TIMESTAMP_OFFSET && size >= Long.BYTES) {
                secondsOffset = source.int64(at);
            }
            at = Math.min(end, at + padded(size));
        }
        interfaces.add(new PcapngInterface(
                source.uint16(BLOCK_HEADER), source.uint32(BLOCK_HEADER + 4), resolution, secondsOffset));
        source.advance(length);
    }

    private Packet simplePacket(int length) throws IOException {
        var on = interfaceOf(0);
        long original = source.uint32(BLOCK_HEADER);
        long captured = Math.min(original, length - SIMPLE_FIXED - BLOCK_TRAILER);
        if (on.snapLength() != 0) {
            captured = Math.min(captured, on.snapLength());
        }
        return deliver(length, on, Instant.EPOCH, original, SIMPLE_FIXED, captured);
    }

    private Packet packet(int length, long interfaceId) throws IOException {
        var on = interfaceOf(interfaceId);
        long timestamp = (source.uint32(12) << Integer.SIZE) | source.uint32(16);
        Instant time;
        try {
            time = on.time(timestamp);
        } catch (DateTimeException e) {
            throw fault("has a time that cannot be told: " + e.getMessage());
        }
        return deliver(length, on, time, source.uint32(24), PACKET_FIXED, source.uint32(20));
    }

    private Packet deliver(int length, PcapngInterface on, Instant time, long original, int at, long captured)
            throws CaptureException {
        if (captured > MAX_CAPTURED) {
            throw fault("says " + captured + " bytes were captured, the limit is " + MAX_CAPTURED);
        }
        int room = length - at - BLOCK_TRAILER;
        if (captured > room) {
            throw fault("says " + captured + " bytes were captured, it has room for " + room);
        }
        var bytes = source.lend(at, (int) captured);
        source.advance(length);
        packets++;
        return new Packet(new PacketRef(packets, time), on.linkType(), original, bytes);
    }

    private PcapngInterface interfaceOf(long id) throws CaptureException {
        if (id >= interfaces.size()) {
            throw fault("names interface " + id + ", its section describes " + interfaces.size());
        }
        return interfaces.get((int) id);
    }

    /** Gets a whole block into the window and checks both its lengths. */
    private int requestBlock(int fixed) throws IOException {
        int length = (int) blockLength(fixed, MAX_KNOWN_BLOCK);
        if (!source.request(length)) {
            throw source.cutOff(name(), length);
        }
        checkTrailer(length, source.uint32(length - BLOCK_TRAILER));
        return length;
    }

    private void skipBlock() throws IOException {
        long length = blockLength(BLOCK_HEADER, MAX_SKIPPED_BLOCK);
        long at = source.offset();
        String name = name();
        long skipped = source.skip(length - BLOCK_TRAILER);
        if (skipped < length - BLOCK_TRAILER || !source.request(BLOCK_TRAILER)) {
            throw new CaptureException(
                    at,
                    "the file ends inside " + name + ": " + (skipped + source.available()) + " of " + length
                            + " bytes at offset " + at);
        }
        checkTrailer(length, source.uint32(0));
        source.advance(BLOCK_TRAILER);
    }

    private long blockLength(int fixed, int limit) throws CaptureException {
        long length = source.uint32(4);
        if (length < fixed + BLOCK_TRAILER) {
            throw fault("says it has " + length + " bytes, the least is " + (fixed + BLOCK_TRAILER));
        }
        if (length > limit) {
            throw fault("says it has " + length + " bytes, the limit is " + limit);
        }
        if (length % Integer.BYTES != 0) {
            throw fault("says it has " + length + " bytes, which is not a multiple of 4");
        }
        return length;
    }

    private void checkTrailer(long length, long trailer) throws CaptureException {
        if (trailer != length) {
            throw new CaptureException(
                    source.offset(),
                    "a block has the length " + length + " at its start and " + trailer + " at its end (offset "
                            + source.offset() + ")");
        }
    }

    private CaptureException fault(String what) {
        return new CaptureException(source.offset(), name() + " at offset " + source.offset() + " " + what);
    }

    private String name() {
        return switch (source.int32(0)) {
            case SECTION_HEADER -> "the section header";
            case INTERFACE_DESCRIPTION -> "the description of interface " + interfaces.size();
            case SIMPLE_PACKET, ENHANCED_PACKET, OBSOLETE_PACKET -> "the block of packet " + (packets + 1);
            default -> "a block of type 0x%x".formatted(source.int32(0));
        };
    }

    private static int padded(int size) {
        return (size + 3) & ~3;
    }
}
