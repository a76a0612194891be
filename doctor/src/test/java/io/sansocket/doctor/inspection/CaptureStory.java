package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Tells a conversation of one client and one server as a pcapng file: Ethernet, IPv4, TCP, every checksum right. */
final class CaptureStory {
    static final String REQUEST = """
            GET /quotes HTTP/1.1
            Host: server.example:8765
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """.replace("\n", "\r\n");
    static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """.replace("\n", "\r\n");

    private static final int MSS = 1460;
    private static final int IP = 14;
    private static final int TCP = IP + 20;
    private static final int PAYLOAD = TCP + 20;
    private static final int FIN = 1;
    private static final int SYN = 2;
    private static final int RST = 4;
    private static final int PSH = 8;
    private static final int ACK = 16;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final int[] next = {1_000_000, 2_000_000};
    /** 2026-11-22 07:30:00 UTC. */
    private long micros = 1_795_332_600_000_000L;

    private int snaplen = 262_144;
    private boolean started;
    private boolean losing;
    private int packets;

    /** A connection with its three-way handshake. */
    static CaptureStory connect() {
        return new CaptureStory().open();
    }

    /** A connection with the opening handshake. */
    static CaptureStory upgraded() {
        return connect().client(REQUEST).server(RESPONSE);
    }

    /** A connection whose beginning the capture does not hold. */
    static CaptureStory inTheMiddle() {
        return new CaptureStory();
    }

    /** A connection with a capture that cuts its packets. */
    static CaptureStory cutAt(int snaplen) {
        var story = new CaptureStory();
        story.snaplen = snaplen;
        return story.open();
    }

    private CaptureStory open() {
        packet(Role.CLIENT, SYN, new byte[0]);
        next[0]++;
        packet(Role.SERVER, SYN | ACK, new byte[0]);
        next[1]++;
        packet(Role.CLIENT, ACK, new byte[0]);
        return this;
    }

    CaptureStory client(String text) {
        return send(Role.CLIENT, text.getBytes(StandardCharsets.UTF_8));
    }

    CaptureStory server(String text) {
        return send(Role.SERVER, text.getBytes(StandardCharsets.UTF_8));
    }

    CaptureStory client(byte[] bytes) {
        return send(Role.CLIENT, bytes);
    }

    CaptureStory server(byte[] bytes) {
        return send(Role.SERVER, bytes);
    }

    CaptureStory serverHex(String hex) {
        return server(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    CaptureStory clientHex(String hex) {
        return client(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    /** Sends bytes in segments, each acknowledged. */
    CaptureStory send(Role from, byte[] bytes) {
        for (int sent = 0; sent < bytes.length; ) {
            int part = Math.min(MSS, bytes.length - sent);
            byte[] segment = Arrays.copyOfRange(bytes, sent, sent + part);
            packet(from, PSH | ACK, segment);
            next[side(from)] += part;
            boolean lost = losing;
            losing = false;
            packet(from.peer(), ACK, new byte[0]);
            losing = lost;
            sent += part;
        }
        return this;
    }

    /** Bytes that are sent and acknowledged, and that the capture lacks. */
    CaptureStory lost(Role from, byte[] bytes) {
        losing = true;
        send(from, bytes);
        losing = false;
        return this;
    }

    /** Sends the last bytes again, other ones. */
    CaptureStory again(Role from, byte[] bytes) {
        next[side(from)] -= bytes.length;
        return send(from, bytes);
    }

    CaptureStory fin(Role from) {
        packet(from, FIN | ACK, new byte[0]);
        next[side(from)]++;
        packet(from.peer(), ACK, new byte[0]);
        return this;
    }

    /** A reset that the capture holds in front of a segment that it acknowledges. */
    CaptureStory resetInFrontOf(Role segmentFrom, byte[] bytes) {
        next[side(segmentFrom)] += bytes.length;
        reset(segmentFrom.peer());
        next[side(segmentFrom)] -= bytes.length;
        packet(segmentFrom, PSH | ACK, bytes);
        return this;
    }

    CaptureStory reset(Role from) {
        packet(from, RST | ACK, new byte[0]);
        return this;
    }

    private static int side(Role from) {
        return from == Role.CLIENT ? 0 : 1;
    }

    private void packet(Role from, int flags, byte[] payload) {
        micros += from == Role.CLIENT ? 1_250 : 830;
        if (losing) {
            return;
        }
        var bytes = ByteBuffer.allocate(PAYLOAD + payload.length);
        boolean client = from == Role.CLIENT;
        bytes.put(HexFormat.of().parseHex(client ? "020000000002020000000001" : "020000000001020000000002"));
        bytes.putShort((short) 0x0800);
        bytes.put((byte) 0x45).put((byte) 0).putShort((short) (40 + payload.length));
        bytes.putShort((short) packets++)
                .putShort((short) 0x4000)
                .put((byte) 64)
                .put((byte) 6)
                .putShort((short) 0);
        byte[] clientAddress = {(byte) 192, 0, 2, 10};
        byte[] serverAddress = {(byte) 198, 51, 100, 7};
        bytes.put(client ? clientAddress : serverAddress).put(client ? serverAddress : clientAddress);
        bytes.putShort((short) (client ? 49_152 : 8765)).putShort((short) (client ? 8765 : 49_152));
        bytes.putInt(next[side(from)]).putInt((flags & ACK) == 0 ? 0 : next[side(from.peer())]);
        bytes.put((byte) 0x50)
                .put((byte) flags)
                .putShort((short) 64_240)
                .putShort((short) 0)
                .putShort((short) 0);
        bytes.put(payload);
        bytes.putShort(IP + 10, (short) ~sum(bytes, IP, 20, 0));
        int pseudo = sum(bytes, IP + 12, 8, 0) + 6 + 20 + payload.length;
        bytes.putShort(TCP + 16, (short) ~sum(bytes, TCP, 20 + payload.length, pseudo));
        write(bytes.array());
    }

    /** RFC 1071. */
    private static int sum(ByteBuffer bytes, int from, int length, int start) {
        int sum = start;
        for (int i = 0; i < length; i++) {
            sum += (bytes.get(from + i) & 0xFF) << (i % 2 == 0 ? 8 : 0);
        }
        while (sum >> 16 != 0) {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }
        return sum;
    }

    private void write(byte[] packet) {
        if (!started) {
            started = true;
            block(
                    0x0a0d_0d0a,
                    little(16)
                            .putInt(0x1a2b_3c4d)
                            .putShort((short) 1)
                            .putShort((short) 0)
                            .putLong(-1));
            block(1, little(8).putShort((short) 1).putShort((short) 0).putInt(snaplen));
        }
        int captured = Math.min(snaplen, packet.length);
        int padded = (captured + 3) & ~3;
        var body = little(20 + padded).putInt(0).putInt((int) (micros >>> 32)).putInt((int) micros);
        body.putInt(captured).putInt(packet.length).put(packet, 0, captured);
        block(6, body);
    }

    @SuppressWarnings("ByteBufferBackingArray") // made by little() alone
    private void block(int type, ByteBuffer body) {
        int length = body.capacity() + 12;
        file.writeBytes(little(8).putInt(type).putInt(length).array());
        file.writeBytes(body.array());
        file.writeBytes(little(4).putInt(length).array());
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] toPcapng() {
        return file.toByteArray();
    }
}
