package io.sansocket.example;

import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.ServerProtocol;
import io.sansocket.core.protocol.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/** Echoes every message, one connection after the other, with the loop of {@link EchoClient}. */
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                serve(server.accept());
            }
        }
    }

    static void serve(Socket socket) throws IOException {
        var protocol = new ServerProtocol(Settings.SERVER, OriginPolicy.any(), List.of(), System.nanoTime());
        EchoClient.drive(protocol, socket, event -> {
            if (event instanceof Event.HandshakeRequest) {
                protocol.accept(System.nanoTime());
            } else if (event instanceof Event.TextMessage message) {
                protocol.sendText(message.text());
            } else if (event instanceof Event.BinaryMessage message) {
                protocol.sendBinary(message.data());
            }
        });
    }
}
