package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.protocol.Closed;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What many connections hold together, each of them within its own limits. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryBudgetTest {
    private static final int KIBIBYTE = 1024;
    private static final int LIMIT = 256 * KIBIBYTE;
    /** Less than a share of the budget, so that an unfinished one is no reason to close. */
    private static final int MESSAGE = 10_000;

    private static final Duration SOON = Duration.ofSeconds(30);

    private final MemoryBudget budget = MemoryBudget.of(LIMIT);

    private static final class Echo implements Listener {
        final Queue<Closed> ends = new ConcurrentLinkedQueue<>();

        @Override
        public void onBinary(WebSocket connection, ByteBuffer data) {
            connection.sendAsync(data);
        }

        @Override
        public void onClosed(WebSocket connection, Closed closed) {
            ends.add(closed);
        }
    }

    @Test
    void whoAddsToMoreThanTheAverageOfUnfinishedMessagesIsClosed() throws Exception {
        var echo = new Echo();
        List<Attacker> attackers = new ArrayList<>();
        try (var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .memoryBudget(budget)
                        .listener(echo)
                        .start();
                var good = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            for (int i = 0; i < 10; i++) {
                attackers.add(Attacker.open(server.port()));
            }
            byte[] begun = Attacker.header(0x82, 1 << 20, new byte[20 * KIBIBYTE]);
            for (Attacker attacker : attackers) {
                attacker.write(begun);
            }
            // All together stay below the limit.
            await().atMost(SOON).until(() -> budget.held() >= 200 * KIBIBYTE);
            assertThat(server.connectionCount()).isEqualTo(11);

            for (Attacker attacker : attackers) {
                attacker.write(new byte[20 * KIBIBYTE]);
            }
            await().atMost(SOON).until(() -> !echo.ends.isEmpty() && budget.held() <= LIMIT);
            assertThat(echo.ends).hasSizeBetween(1, 9).allSatisfy(end -> {
                assertThat(end.sent().code()).isEqualTo(1013);
                assertThat(end.isClean()).isFalse();
            });
            for (int i = 0; i < 3; i++) {
                good.send(new byte[1000]);
                assertThat(good.receive(SOON)).isEqualTo(Message.of(ByteBuffer.allocate(1000)));
            }
            for (Attacker attacker : attackers) {
                attacker.close();
            }
            await().atMost(SOON).until(() -> budget.held() == 0);
        }
    }

    @Test
    void whileItIsExceededAConnectionWithAMessageToReceiveIsReadNoFurther() throws Exception {
        int count = 500;
        var go = new CountDownLatch(1);
        var received = new ConcurrentLinkedQueue<CompletableFuture<Integer>>();
        try (var server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .memoryBudget(budget)
                .receiveBuffer(1 << 20, 1000)
                .handler(ws -> {
                    var messages = new CompletableFuture<Integer>();
                    received.add(messages);
                    go.await();
                    int number = 0;
                    for (Message message : ws) {
                        assertThat(message)
                                .isEqualTo(
                                        Message.of(ByteBuffer.allocate(MESSAGE).putInt(0, number++)));
                        if (number == count) {
                            messages.complete(number);
                        }
                    }
                })
                .start()) {
            List<WebSocket> clients = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                var client = WebSocket.connect("ws://127.0.0.1:" + server.port());
                clients.add(client);
                for (int k = 0; k < count; k++) {
                    client.sendAsync(ByteBuffer.allocate(MESSAGE).putInt(0, k));
                }
            }
            await().atMost(SOON)
                    .until(() -> server.connections().stream()
                            .allMatch(ws ->
                                    ws.progress().note().contains("nothing is read until messages are received")));
            // Each has one message at least, and what was read with the last before anybody knew.
            assertThat(budget.held()).isBetween((long) LIMIT, LIMIT + 5L * 2 * 64 * KIBIBYTE);

            go.countDown();
            await().atMost(SOON).until(() -> received.size() == clients.size());
            for (CompletableFuture<Integer> each : received) {
                assertThat(each).succeedsWithin(SOON).isEqualTo(count);
            }
            clients.forEach(WebSocket::close);
            await().atMost(SOON).until(() -> budget.held() == 0);
        }
    }

    @Test
    void whatNobodyReceivesAnyMoreIsNotHeld() throws Exception {
        try (var server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .memoryBudget(budget)
                .handler(ws -> ws.closed().join())
                .start()) {
            var client = WebSocket.connect("ws://127.0.0.1:" + server.port());
            client.send(new byte[1000]);
            await().atMost(SOON).until(() -> budget.held() == 1000);
            client.close();
            await().atMost(SOON).until(() -> budget.held() == 0);
        }
    }

    @Test
    void itIsAQuarterOfTheHeapUnlessItIsChosen() {
        assertThat(MemoryBudget.shared().limit()).isEqualTo(Runtime.getRuntime().maxMemory() / 4);
        assertThat(budget).hasToString("0 bytes held by 0, the limit is 262144");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemoryBudget.of(0))
                .withMessage("a memory budget is 0 bytes, it must be at least 1");
    }
}
