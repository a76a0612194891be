package io.sansocket.doctor.tcp;

import static io.sansocket.doctor.network.PacketBytes.ACK;
import static io.sansocket.doctor.network.PacketBytes.FIN;
import static io.sansocket.doctor.network.PacketBytes.RST;
import static io.sansocket.doctor.network.PacketBytes.SYN;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.sansocket.doctor.capture.CaptureWriter;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.PacketBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A script of packets between a client and a server, and what the assembler tells of it. */
final class Wire {
    static final int CLIENT_PORT = 4000;

    private final CaptureWriter file = CaptureWriter.pcap(101);
    private final Set<Side> unwanted = new HashSet<>();
    private int clientIsn = 1000;
    private int serverIsn = 0x7000_0000;

    Wire isns(int client, int server) {
        clientIsn = client;
        serverIsn = server;
        return this;
    }

    Wire open() {
        return syn().synAck().client(0, "");
    }

    Wire syn() {
        return raw(true, clientIsn, 0, SYN, "", 0);
    }

    Wire synAck() {
        return raw(false, serverIsn, clientIsn + 1, SYN | ACK, "", 0);
    }

    /** Offsets count from the byte behind the SYN. */
    Wire client(long offset, String text) {
        return raw(true, clientIsn + 1 + (int) offset, serverIsn + 1, ACK, text, 0);
    }

    Wire server(long offset, String text) {
        return raw(false, serverIsn + 1 + (int) offset, clientIsn + 1, ACK, text, 0);
    }

    Wire clientCut(long offset, String text, int missing) {
        return raw(true, clientIsn + 1 + (int) offset, serverIsn + 1, ACK, text, missing);
    }

    /** The server says that it has the client's bytes up to an offset. */
    Wire serverAcks(long offset) {
        return raw(false, serverIsn + 1, clientIsn + 1 + (int) offset, ACK, "", 0);
    }

    Wire serverAcks(long offset, int times) {
        for (int i = 0; i < times; i++) {
            serverAcks(offset);
        }
        return this;
    }

    Wire clientFin(long offset, String text) {
        return raw(true, clientIsn + 1 + (int) offset, serverIsn + 1, ACK | FIN, text, 0);
    }

    Wire serverFin(long offset, long acknowledged) {
        return raw(false, serverIsn + 1 + (int) offset, clientIsn + 1 + (int) acknowledged, ACK | FIN, "", 0);
    }

    Wire clientReset(long offset) {
        return raw(true, clientIsn + 1 + (int) offset, 0, RST, "", 0);
    }

    Wire serverReset() {
        return raw(false, 0, clientIsn + 1, RST | ACK, "", 0);
    }

    Wire raw(boolean fromClient, int sequence, int acknowledgment, int flags, String text, int missing) {
        byte[] payload = text.getBytes(ISO_8859_1);
        int source = fromClient ? CLIENT_PORT : 80;
        byte[] tcp = PacketBytes.tcp(source, CLIENT_PORT + 80 - source, sequence, acknowledgment, flags, payload);
        byte[] ip = PacketBytes.ipv4(fromClient ? 1 : 2, fromClient ? 2 : 1, 6, tcp);
        ByteBuffer.wrap(ip).putShort(2, (short) (ip.length + missing));
        file.record(CaptureWriter.MICROSECONDS, Instant.ofEpochSecond(1), ip.length + missing, ip);
        return this;
    }

    Wire without(Side side) {
        unwanted.add(side);
        return this;
    }

    /** Tells offset, text and packet of each event, one word each. */
    List<String> heard() {
        return heardOfCutFile(0);
    }

    /** The same of a file without its last bytes, with the refusal's message at the end. */
    List<String> heardOfCutFile(int bytesLess) {
        var log = new ArrayList<String>();
        byte[] bytes = file.toByteArray();
        var in = new ByteArrayInputStream(bytes, 0, bytes.length - bytesLess);
        try {
            TcpCapture.read(in, c -> {
                log.add("open " + c.initiator() + " " + c.responder() + (c.handshakeSeen() ? " handshake" : ""));
                return new Log(log, unwanted);
            });
        } catch (IOException e) {
            log.add(e.getMessage());
        }
        return log;
    }

    /** What was heard between the announcement and the end of a single connection. */
    List<String> events() {
        var all = heard();
        return all.subList(1, all.size() - 1);
    }

    private static final class Log implements ConnectionListener {
        private final List<String> log;
        private final Set<Side> unwanted;
        private final Map<Side, Long> offsets = new EnumMap<>(Side.class);

        Log(List<String> log, Set<Side> unwanted) {
            this.log = log;
            this.unwanted = unwanted;
        }

        private String at(Side from, long length) {
            String name = from == Side.INITIATOR ? "I" : "R";
            long end = offsets.merge(from, length, Long::sum);
            return name + (end - length);
        }

        @Override
        public void data(Side from, ByteBuffer bytes, PacketRef packet) {
            log.add(at(from, bytes.remaining()) + " " + ISO_8859_1.decode(bytes) + " #" + packet.number());
        }

        @Override
        public void hole(Side from, long length, PacketRef packet, HoleCause cause) {
            log.add(at(from, length) + " " + cause + " " + length + " #" + packet.number());
        }

        @Override
        public void overlapConflict(Side from, long offset, int length, PacketRef packet) {
            log.add((from == Side.INITIATOR ? "I" : "R") + offset + " CONFLICT " + length + " #" + packet.number());
        }

        @Override
        public void fin(Side from, PacketRef packet) {
            log.add(at(from, 0) + " FIN #" + packet.number());
        }

        @Override
        public void reset(Side from, PacketRef packet) {
            log.add(at(from, 0) + " RST #" + packet.number());
        }

        @Override
        public void captureEnd() {
            log.add("end");
        }

        @Override
        public boolean wantsMore(Side from) {
            return !unwanted.contains(from);
        }
    }
}
