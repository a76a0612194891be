package io.sansocket.example;

import io.sansocket.core.protocol.ClientProtocol;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Event;
import io.sansocket.core.protocol.Protocol;
import io.sansocket.core.rule.CloseStatus;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Sends a text to an echo server, prints what happens, and closes. */
public final class EchoClient {
    public static void main(String[] args) throws IOException {
        URI uri = URI.create(args[0]); // with a port: ws://localhost:8765/
        Protocol protocol = ClientProtocol.connect(uri, System.nanoTime());
        drive(protocol, new Socket(uri.getHost(), uri.getPort()), event -> {
            System.out.println(event);
            if (event instanceof Event.Opened) {
                protocol.sendText(args[1]);
            } else if (event instanceof Event.TextMessage) {
                protocol.close(CloseStatus.of(1000), System.nanoTime());
            }
        });
    }

    static void drive(Protocol protocol, Socket socket, Consumer<Event> application) throws IOException {
        for (Event event = null; !(event instanceof Closed); protocol.timeout(System.nanoTime())) {
            try {
                byte[] bytes = new byte[8192];
                for (int n; (n = protocol.transmit(ByteBuffer.wrap(bytes))) > 0; ) {
                    socket.getOutputStream().write(bytes, 0, n);
                }
                if ((event = protocol.nextEvent()) != null) {
                    application.accept(event);
                    continue; // the application may have sent something
                }
                if (protocol.isOutputDone() && !socket.isOutputShutdown()) {
                    socket.shutdownOutput();
                }
                long millis = (protocol.deadline() - System.nanoTime()) / 1_000_000 + 1;
                socket.setSoTimeout((int) Math.min(Math.max(1, millis), 60_000));
                int n = socket.getInputStream().read(bytes);
                if (n < 0) {
                    protocol.receiveEof(System.nanoTime());
                } else {
                    protocol.receive(ByteBuffer.wrap(bytes, 0, n), System.nanoTime());
                }
            } catch (SocketTimeoutException e) {
                // A deadline has come, or may have: an early timeout() does nothing.
            } catch (IOException e) {
                protocol.receiveReset(System.nanoTime());
            }
        }
        socket.close();
    }
}
