package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;

/** Connections on the loop of others that go wrong, one with TLS and one without: nothing may happen to them. */
final class Bystander implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Loops loops;
    private final List<WebSocketServer> servers;
    private final List<WebSocket> clients;
    private final List<Integer> registrations;

    /** Connects to echoes, both ends of which share one loop. */
    Bystander(Loops loops) throws Exception {
        this.loops = loops;
        servers = List.of(echo(false), echo(true));
        clients = List.of(connect(false), connect(true));
        assertUnharmed();
        registrations = loops.registrations();
    }

    private WebSocketServer echo(boolean secure) throws Exception {
        return FaultRun.server(secure, loops)
                .listener(new Listener() {
                    @Override
                    public void onText(WebSocket connection, String text) {
                        connection.sendAsync(text);
                    }
                })
                .start();
    }

    private WebSocket connect(boolean secure) throws Exception {
        return FaultRun.client(secure, servers.get(secure ? 1 : 0).port(), loops)
                .connect();
    }

    /** Checks that each is served. */
    void assertUnharmed() throws Exception {
        for (WebSocket client : clients) {
            client.send("still here");
            assertThat(client.receive(SOON)).isEqualTo(Message.of("still here"));
        }
    }

    /** Waits until there is nothing on the loop but what was there when the bystanders came. */
    void awaitAlone() {
        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .untilAsserted(() -> assertThat(loops.registrations()).isEqualTo(registrations));
    }

    @Override
    public void close() {
        clients.forEach(WebSocket::close);
        servers.forEach(WebSocketServer::close);
    }
}
