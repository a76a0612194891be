package io.sansocket.doctor.network;

import io.sansocket.doctor.capture.PacketRef;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The TCP segment a decoder found last. One object per decoder, overwritten by the next packet.
 *
 * <p>Addresses are 128 bits in two halves; an IPv4 address stands where IPv6 maps it ({@code ::ffff:0:0/96}).
 *
 * @since 0.1
 */
public final class Segment {
    private static final int MIN_HEADER = 20;
    private static final int FIN = 0x01;
    private static final int SYN = 0x02;
    private static final int RST = 0x04;
    private static final int ACK = 0x10;
    private static final long MAPPED = 0xffff_0000_0000L;

    private PacketRef packet = new PacketRef(0, Instant.EPOCH);
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int sourcePort;
    private int destinationPort;
    private int sequence;
    private int acknowledgment;
    private int flags;
    private ByteBuffer payload = ByteBuffer.allocate(0);
    private int missing;

    Segment() {}

    void packet(PacketRef ref) {
        packet = ref;
    }

    void ipv4Addresses(int source, int destination) {
        sourceHigh = 0;
        sourceLow = MAPPED | Integer.toUnsignedLong(source);
        destinationHigh = 0;
        destinationLow = MAPPED | Integer.toUnsignedLong(destination);
    }

    void ipv6Addresses(Slice header, int sourceAt, int destinationAt) {
        sourceHigh = header.int64(sourceAt);
        sourceLow = header.int64(sourceAt + Long.BYTES);
        destinationHigh = header.int64(destinationAt);
        destinationLow = header.int64(destinationAt + Long.BYTES);
    }

    /** Takes over the header and the payload; returns whether the header is whole and sound. */
    boolean tcp(Slice slice) {
        if (!slice.has(MIN_HEADER)) {
            return false;
        }
        int header = (slice.uint8(12) >> 4) * Integer.BYTES;
        if (header < MIN_HEADER || header > slice.length() + slice.absent()) {
            return false;
        }
        sourcePort = slice.uint16(0);
        destinationPort = slice.uint16(2);
        sequence = slice.int32(4);
        acknowledgment = slice.int32(8);
        flags = slice.uint8(13);
        slice.skip(header);
        payload = slice.rest();
        missing = slice.absent();
        return true;
    }

    /** Returns the packet that carried it, for a reassembled one the packet with the last fragment. */
    public PacketRef packet() {
        return packet;
    }

    /** Returns the upper half of the sender's address. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Returns the lower half of the sender's address. */
    public long sourceLow() {
        return sourceLow;
    }

    /** Returns the upper half of the receiver's address. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** Returns the lower half of the receiver's address. */
    public long destinationLow() {
        return destinationLow;
    }

    /** Returns the sender's port. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Returns the receiver's port. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Returns the sequence number, unsigned. */
    public int sequence() {
        return sequence;
    }

    /** Returns the acknowledgment number, unsigned; it says something only with {@link #ack}. */
    public int acknowledgment() {
        return acknowledgment;
    }

    /** Returns whether the SYN flag is set. */
    public boolean syn() {
        return (flags & SYN) != 0;
    }

    /** Returns whether the ACK flag is set. */
    public boolean ack() {
        return (flags & ACK) != 0;
    }

    /** Returns whether the FIN flag is set. */
    public boolean fin() {
        return (flags & FIN) != 0;
    }

    /** Returns whether the RST flag is set. */
    public boolean rst() {
        return (flags & RST) != 0;
    }

    /** Returns the payload that was captured: borrowed, read-only. */
    public ByteBuffer payload() {
        return payload;
    }

    /** Returns how many bytes of payload behind the captured ones were on the wire. */
    public int missing() {
        return missing;
    }
}
