package io.sansocket.doctor.network;

import io.sansocket.doctor.capture.Packet;
import java.nio.ByteBuffer;

/** The rest of a packet that is still to be taken apart: each layer moves it forward or makes it shorter. */
final class Slice {
    /** No IP packet has more bytes than this behind what was captured of it. */
    private static final int MAX_ABSENT = 262_144;

    /** {@code position <= end <= bytes.capacity()}; {@code absent} bytes more were on the wire but not captured. */
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    private int position;
    private int end;
    private int absent;

    void of(Packet packet) {
        bytes = packet.bytes();
        position = bytes.position();
        end = bytes.limit();
        absent = (int) Math.max(0, Math.min(packet.originalLength() - bytes.remaining(), MAX_ABSENT));
    }

    void of(ByteBuffer whole) {
        bytes = whole;
        position = whole.position();
        end = whole.limit();
        absent = 0;
    }

    boolean has(int length) {
        return end - position >= length;
    }

    int length() {
        return end - position;
    }

    int absent() {
        return absent;
    }

    /** Passes over a header; the part of it that was not captured counts against the absent bytes. */
    void skip(int length) {
        int present = Math.min(length, end - position);
        position += present;
        absent = Math.max(0, absent - (length - present));
    }

    /** Forgets what lies behind the first {@code length} bytes: padding and check sequences. */
    void trim(int length) {
        int captured = end - position;
        if (length <= captured) {
            end = position + length;
            absent = 0;
        } else {
            absent = Math.min(absent, length - captured);
        }
    }

    int uint8(int index) {
        return Byte.toUnsignedInt(bytes.get(position + index));
    }

    int uint16(int index) {
        return Short.toUnsignedInt(bytes.getShort(position + index));
    }

    int int32(int index) {
        return bytes.getInt(position + index);
    }

    long int64(int index) {
        return bytes.getLong(position + index);
    }

    ByteBuffer rest() {
        return bytes.slice(position, end - position);
    }
}
