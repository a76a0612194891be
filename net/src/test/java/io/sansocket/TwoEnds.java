package io.sansocket;

import io.sansocket.core.protocol.Closed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A client on a loop of its own, which can be held up so that what is sent stays queued, and a server that keeps what comes. */
final class TwoEnds implements AutoCloseable {
    private static final long SOON_SECONDS = 20;

    private final CompletableFuture<List<Message>> received = new CompletableFuture<>();
    private final CompletableFuture<Closed> serversEnd = new CompletableFuture<>();
    private final CountDownLatch go;
    private final Loops loops = Loops.of(1, "two-ends");
    private final WebSocketServer server;
    final WebSocket client;

    private TwoEnds(int held, UnaryOperator<WebSocketBuilder> options, Consumer<WebSocket> onOpen)
            throws IOException, InterruptedException {
        go = new CountDownLatch(held);
        server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .handler(this::keep)
                .start();
        var builder = WebSocket.builder("ws://127.0.0.1:" + server.port())
                .loops(loops)
                .listener(new Listener() {
                    @Override
                    public void onOpen(WebSocket connection) {
                        hold();
                        onOpen.accept(connection);
                    }
                });
        client = options.apply(builder).connect();
    }

    /** Open, and going. */
    static TwoEnds open(UnaryOperator<WebSocketBuilder> options) throws IOException, InterruptedException {
        return new TwoEnds(0, options, ws -> {});
    }

    /** Open, and doing something on the loop. */
    static TwoEnds of(Consumer<WebSocket> onOpen) throws IOException, InterruptedException {
        return new TwoEnds(0, options -> options, onOpen);
    }

    /** Open, and held until {@link #release}. */
    static TwoEnds held(UnaryOperator<WebSocketBuilder> options) throws IOException, InterruptedException {
        return new TwoEnds(1, options, ws -> {});
    }

    private void hold() {
        try {
            go.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void keep(WebSocket ws) throws IOException, InterruptedException {
        List<Message> all = new ArrayList<>();
        try {
            while (true) {
                all.add(ws.receive());
            }
        } catch (ConnectionClosedException e) {
            serversEnd.complete(e.closed());
            received.complete(all);
        }
    }

    void release() {
        go.countDown();
    }

    /** What the server received until the connection ended. */
    List<Message> received() throws InterruptedException, ExecutionException {
        return received.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).get();
    }

    /** How the connection ended to the server. */
    Closed serversEnd() throws InterruptedException, ExecutionException {
        return serversEnd.orTimeout(SOON_SECONDS, TimeUnit.SECONDS).get();
    }

    @Override
    public void close() throws IOException {
        release();
        server.close();
        loops.close();
    }
}
