package io.sansocket.doctor.network;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/** Builds packets from the inside out. */
public final class PacketBytes {
    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int ACK = 0x10;

    private PacketBytes() {}

    public static byte[] tcp(int source, int destination, int sequence, int acknowledgment, int flags, byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .putShort((short) source)
                .putShort((short) destination)
                .putInt(sequence)
                .putInt(acknowledgment)
                .put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 0xffff)
                .putInt(0)
                .put(payload)
                .array();
    }

    /** From 10.0.0.last to 10.0.0.last. */
    public static byte[] ipv4(int from, int to, int protocol, byte[] payload) {
        return ipv4(from, to, protocol, 0, 0, payload);
    }

    public static byte[] ipv4(int from, int to, int protocol, int id, int placement, byte[] payload) {
        return ByteBuffer.allocate(20 + payload.length)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (20 + payload.length))
                .putShort((short) id)
                .putShort((short) placement)
                .put((byte) 64)
                .put((byte) protocol)
                .putShort((short) 0)
                .putInt(0x0a00_0000 | from)
                .putInt(0x0a00_0000 | to)
                .put(payload)
                .array();
    }

    /** From 2001:db8::last to 2001:db8::last. */
    public static byte[] ipv6(int from, int to, int next, byte[] payload) {
        return ByteBuffer.allocate(40 + payload.length)
                .putInt(0x6000_0000)
                .putShort((short) payload.length)
                .put((byte) next)
                .put((byte) 64)
                .putLong(0x2001_0db8_0000_0000L)
                .putLong(from)
                .putLong(0x2001_0db8_0000_0000L)
                .putLong(to)
                .put(payload)
                .array();
    }

    public static byte[] udp(int source, int destination, byte[] payload) {
        return ByteBuffer.allocate(8 + payload.length)
                .putShort((short) source)
                .putShort((short) destination)
                .putShort((short) (8 + payload.length))
                .putShort((short) 0)
                .put(payload)
                .array();
    }

    public static byte[] ethernet(int type, byte[] payload) {
        return concat(new byte[12], type16(type), payload);
    }

    public static byte[] type16(int type) {
        return new byte[] {(byte) (type >> 8), (byte) type};
    }

    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    public static byte[] concat(byte[]... parts) {
        var all =
                ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
        Arrays.stream(parts).forEach(all::put);
        return all.array();
    }
}
