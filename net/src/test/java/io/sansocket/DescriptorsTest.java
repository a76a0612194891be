package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sansocket.core.protocol.Timeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server in a process that runs out of descriptors: another one, so that the tests' own does not. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DescriptorsTest {
    private static final Path SHELL = Path.of("/bin/sh");
    /** Enough to start with, jars among them; the rest are connections. */
    private static final int DESCRIPTORS = 200;

    private static final int WAITING = 10;

    /** The process. */
    private static final class Child implements AutoCloseable {
        private final Process process;
        private final BufferedReader says;

        Child() throws IOException {
            var command = new ArrayList<String>(List.of(
                    SHELL.toString(),
                    "-c",
                    "ulimit -n " + DESCRIPTORS + " && exec \"$0\" \"$@\"",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString()));
            // What measures coverage here measures it there, too.
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(argument -> argument.startsWith("-javaagent:"))
                    .forEach(command::add);
            command.addAll(
                    List.of("-Xmx128m", "-cp", System.getProperty("java.class.path"), FewDescriptors.class.getName()));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            says = process.inputReader();
        }

        /** Returns the next line that begins so, without the beginning. */
        String await(String beginning) {
            try {
                for (String line = says.readLine(); line != null; line = says.readLine()) {
                    if (line.startsWith(beginning)) {
                        return line.substring(beginning.length());
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            throw new AssertionError("the process ended without \"" + beginning + '"');
        }

        /** Ends it, and returns how often it warned. */
        String end() throws Exception {
            process.getOutputStream().close();
            String warnings = await("warnings ");
            assertThat(process.waitFor()).isZero();
            return warnings;
        }

        @Override
        public void close() {
            process.destroyForcibly();
        }
    }

    @Test
    void aServerWithoutDescriptorsServesThoseItHasAndAcceptsAgainWhenThereAreSome() throws Exception {
        assumeTrue(Files.isExecutable(SHELL), "there is no shell to limit descriptors with");
        try (var child = new Child()) {
            int port = Integer.parseInt(child.await("port "));
            CompletableFuture<String> full = CompletableFuture.supplyAsync(() -> child.await("full"));
            var clients = new ArrayList<CompletableFuture<WebSocket>>();
            do {
                clients.add(connect(port));
                CompletableFuture.anyOf(full, clients.get(clients.size() - 1)).join();
            } while (!full.isDone());
            List<WebSocket> served = clients.stream()
                    .filter(CompletableFuture::isDone)
                    .map(CompletableFuture::join)
                    .toList();
            assertThat(served).hasSize(clients.size() - 1).hasSizeGreaterThan(WAITING);
            for (WebSocket client : served) {
                assertServed(client);
            }
            for (int i = 1; i < WAITING; i++) {
                clients.add(connect(port));
            }
            assertThat(clients.subList(served.size(), clients.size()))
                    .hasSize(WAITING)
                    .noneMatch(CompletableFuture::isDone);

            served.subList(0, WAITING).forEach(WebSocket::close);
            for (CompletableFuture<WebSocket> client : clients.subList(WAITING, clients.size())) {
                assertServed(client.join());
            }
            assertThat(child.end())
                    .as("warnings, however many could not be accepted")
                    .isEqualTo("1");
        }
    }

    private static CompletableFuture<WebSocket> connect(int port) {
        return WebSocket.builder("ws://127.0.0.1:" + port)
                .timeouts(Timeouts.DEFAULT.withHandshake(Timeouts.OFF))
                .connectAsync();
    }

    private static void assertServed(WebSocket client) throws Exception {
        client.send("still here");
        assertThat(client.receive()).isEqualTo(Message.of("still here"));
    }
}
