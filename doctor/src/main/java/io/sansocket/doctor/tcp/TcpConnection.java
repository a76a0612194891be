package io.sansocket.doctor.tcp;

import io.sansocket.doctor.capture.PacketRef;

/**
 * One TCP connection of a capture.
 *
 * @since 0.1
 */
public final class TcpConnection {
    private final int number;
    private final FlowKey key;
    private final boolean initiatorIsA;
    private final PacketRef firstPacket;

    private boolean handshakeSeen;

    TcpConnection(int number, FlowKey key, boolean initiatorIsA, PacketRef firstPacket) {
        this.number = number;
        this.key = key;
        this.initiatorIsA = initiatorIsA;
        this.firstPacket = firstPacket;
    }

    /** Returns its place among the capture's connections in order of appearance, from 1. */
    public int number() {
        return number;
    }

    /** Returns the end that opened the connection. */
    public Endpoint initiator() {
        return initiatorIsA ? a() : b();
    }

    /** Returns the end that was connected to. */
    public Endpoint responder() {
        return initiatorIsA ? b() : a();
    }

    // Built anew for each call: of most connections of a large capture nobody wants to know the text.
    private Endpoint a() {
        return Endpoint.of(key.aHigh(), key.aLow(), key.aPort());
    }

    private Endpoint b() {
        return Endpoint.of(key.bHigh(), key.bLow(), key.bPort());
    }

    /** Returns the first packet seen of it. */
    public PacketRef firstPacket() {
        return firstPacket;
    }

    /**
     * Returns whether a SYN or SYN-ACK was seen, so that the sides and the starts of the streams are certain. May become
     * true after the connection was announced, when the capture has packets out of order.
     */
    public boolean handshakeSeen() {
        return handshakeSeen;
    }

    boolean initiatorIsA() {
        return initiatorIsA;
    }

    void seeHandshake() {
        handshakeSeen = true;
    }

    /** Returns both ends, the initiator first. */
    @Override
    public String toString() {
        return "connection " + number + ", " + initiator() + " -> " + responder();
    }
}
