package io.sansocket.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The example of the how-to runs, and is what the how-to shows. */
class EchoExampleTest {
    private static final int MAX_LINES = 60;
    private static final Path SOURCE = Path.of("src/test/java/io/sansocket/example/EchoClient.java");
    private static final Path PAGE = Path.of("../docs/how-to-integrate-the-core.md");

    @Test
    @Timeout(20)
    void theClientGetsItsEchoAndCloses() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> serveOne(listening));
            List<String> printed = linesPrintedBy(() ->
                    EchoClient.main(new String[] {"ws://127.0.0.1:" + listening.getLocalPort() + "/", "Hällo 😀"}));
            server.get(10, TimeUnit.SECONDS);
            assertThat(printed).hasSize(3);
            assertThat(printed.get(0)).startsWith("Opened[");
            assertThat(printed.get(1)).isEqualTo("TextMessage[text=Hällo 😀]");
            assertThat(printed.get(2)).startsWith("closed cleanly; the peer ended the stream (FIN);");
        }
    }

    private static void serveOne(ServerSocket listening) {
        try {
            EchoServer.serve(listening.accept());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What may print. */
    private interface Printing {
        void run() throws IOException;
    }

    private static List<String> linesPrintedBy(Printing printing) throws IOException {
        PrintStream before = System.out;
        var captured = new ByteArrayOutputStream();
        System.setOut(new PrintStream(captured, true, StandardCharsets.UTF_8));
        try {
            printing.run();
        } finally {
            System.setOut(before);
        }
        return captured.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void thePageShowsTheFileAndTheFileIsShort() throws IOException {
        String source = Files.readString(SOURCE);
        assertThat(source.lines().count()).isLessThanOrEqualTo(MAX_LINES);
        assertThat(Files.readString(PAGE)).contains("```java\n" + source + "```\n");
    }
}
