package io.sansocket;

import io.sansocket.core.protocol.Timeouts;
import io.sansocket.engine.LoopProbe;
import java.io.IOException;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/**
 * An echo in a process that may open few files, until its input ends. It says its port when it serves and, when it has tried
 * to accept a connection several times in vain, how often it warned.
 */
final class FewDescriptors {
    private static final int ATTEMPTS = 3;
    /** Nothing is due on the loop but the next attempt. */
    private static final Timeouts NONE =
            new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

    private FewDescriptors() {}

    public static void main(String[] none) throws Exception {
        try (var log = new LogLines("io.sansocket.server");
                var loops = Loops.of(1, "few");
                var server = WebSocketServer.builder()
                        .port("127.0.0.1", 0)
                        .loops(loops)
                        .timeouts(NONE)
                        .listener(new Listener() {
                            @Override
                            public void onText(WebSocket connection, String text) {
                                connection.sendAsync(text);
                            }
                        })
                        .start()) {
            rehearse(server, loops);
            System.out.println("port " + server.port());
            log.await(text -> text.startsWith("connections cannot be accepted for now at /127.0.0.1:"));
            LoopProbe.awaitDeadlines(ATTEMPTS, loops.next());
            System.out.println("full");
            System.in.transferTo(System.err);
            System.out.println("warnings "
                    + log.records().stream().filter(FewDescriptors::isWarning).count());
        }
    }

    private static boolean isWarning(LogRecord line) {
        return line.getLevel().equals(Level.WARNING);
    }

    /** Does all of it once: to load a class takes a descriptor. */
    private static void rehearse(WebSocketServer server, Loops loops) throws Exception {
        try (var client = WebSocket.connect("ws://127.0.0.1:" + server.port())) {
            client.send("hello");
            client.receive();
        }
        System.getLogger("io.sansocket.server")
                .log(System.Logger.Level.INFO, "a rehearsal", new IOException("no descriptors"));
        LoopProbe.awaitDeadlines(0, loops.next());
    }
}
