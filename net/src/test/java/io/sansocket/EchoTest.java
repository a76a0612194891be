package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Client and server over loopback, on the way that nothing goes wrong. */
@Timeout(20)
class EchoTest {
    private WebSocketServer server;

    @BeforeEach
    void serve() throws Exception {
        server = WebSocketServer.serve(0, ws -> {
            for (Message message : ws) {
                ws.send(message);
            }
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    private WebSocket connect() throws Exception {
        return WebSocket.connect("ws://localhost:" + server.port());
    }

    @Test
    void textComesBack() throws Exception {
        try (var ws = connect()) {
            ws.send("hello");

            assertThat(ws.receiveText()).isEqualTo("hello");
        }
    }

    @Test
    void bytesOfAnySizeComeBack() throws Exception {
        try (var ws = connect()) {
            for (int size : new int[] {0, 1, 125, 126, 65_535, 65_536, 1 << 20}) {
                byte[] data = new byte[size];
                java.util.Arrays.fill(data, (byte) size);
                ws.send(data);

                assertThat(ws.receive()).isEqualTo(new Message.Binary(ByteBuffer.wrap(data)));
            }
        }
    }

    @Test
    void manyMessagesComeBackInOrder() throws Exception {
        int count = 20_000;
        try (var ws = connect()) {
            var sender = new Thread(() -> {
                try {
                    for (int i = 0; i < count; i++) {
                        ws.send(Integer.toString(i));
                    }
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();
            List<String> received = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                received.add(ws.receiveText());
            }
            sender.join();

            assertThat(received).hasSize(count).element(count - 1).isEqualTo(Integer.toString(count - 1));
            for (int i = 0; i < count; i++) {
                assertThat(received.get(i)).isEqualTo(Integer.toString(i));
            }
        }
    }

    @Test
    void closingIsClean() throws Exception {
        var ws = connect();
        ws.close(4000, "done");

        var closed = ws.closed().join();
        assertThat(closed.isClean()).isTrue();
        assertThat(closed.sent().code()).isEqualTo(4000);
        assertThat(closed.received().code()).isEqualTo(4000);
    }

    @Test
    void pingsAreMeasured() throws Exception {
        try (var ws = connect()) {
            assertThat(ws.ping().get()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
        }
    }
}
