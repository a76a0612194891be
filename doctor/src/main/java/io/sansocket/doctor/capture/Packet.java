package io.sansocket.doctor.capture;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One captured packet.
 *
 * @param ref its number and time
 * @param linkType what the bytes start with, a number of the registry of link types ({@code LINKTYPE_…})
 * @param originalLength how long the packet was on the wire; more than {@code bytes} when the capture cut it
 * @param bytes what was captured: a read-only view of the reader's memory, valid until the next packet is read
 * @since 0.1
 */
public record Packet(PacketRef ref, int linkType, long originalLength, ByteBuffer bytes) {
    /** Checks that nothing is missing. */
    public Packet {
        Objects.requireNonNull(ref);
        Objects.requireNonNull(bytes);
    }
}
