package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sansocket.core.protocol.Protocol;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of README.md, docs and this module's comments compile for who has net and core; those of README.md run. */
@Timeout(60)
class ExampleTest {
    private static final Path README = Path.of("..", "README.md");
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path SOURCES = Path.of("src", "main", "java");

    @TempDir
    private Path folder;

    static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        for (Path root : List.of(README, DOCS, SOURCES)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    examples.addAll(Example.of(file));
                }
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleCompiles(Example example) throws Exception {
        assertThat(example.compile(classPath(), folder)).isEmpty();
    }

    @Test
    void theExamplesAreFound() throws IOException {
        assertThat(examples())
                .extracting(example -> example.file().getFileName().toString())
                .contains("README.md", "client-and-server.md", "how-to-integrate-the-core.md", "WebSocket.java");
    }

    @Test
    void whatDoesNotCompileIsToldWithItsPageAndLine() throws Exception {
        var example = new Example(Path.of("docs", "page.md"), 30, "String text = \"\";\ntext.size();\n");

        assertThat(example.compile(classPath(), folder))
                .singleElement()
                .asString()
                .startsWith("page.md:31: cannot find symbol")
                .contains("size");
    }

    @Test
    void theClientsOfTheReadmeSpeakWithTheServerOfTheReadme() throws Exception {
        List<Example> examples = Example.of(README);
        int port = freePort();
        var serving = new FutureTask<>(() -> run(examples.get(1), port));
        var server = new Thread(serving);
        server.start();
        try {
            await().until(() -> serving.isDone() || isListening(port));

            assertThat(printedBy(() -> run(examples.get(0), port))).isEqualTo("hello\n");
            assertThat(printedBy(() -> run(examples.get(2), port))).startsWith("Opened[");
        } finally {
            server.interrupt();
        }
        assertThatThrownBy(serving::get).hasRootCauseInstanceOf(InterruptedException.class);
    }

    /** Runs an example, with another port than the one that it shows. */
    private Void run(Example example, int port) throws Exception {
        Path classes = Files.createTempDirectory(folder, "classes");
        assertThat(example.replacing("8765", Integer.toString(port)).compile(classPath(), classes))
                .isEmpty();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
            loader.loadClass("Example").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
        return null;
    }

    /** What a user has who adds this library, and nothing of its tests. */
    private static String classPath() throws URISyntaxException {
        return pathOf(WebSocket.class) + File.pathSeparator + pathOf(Protocol.class);
    }

    private static Path pathOf(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isListening(int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (ConnectException e) {
            return false;
        }
    }

    /** What prints. */
    private interface Printing {
        void run() throws Exception;
    }

    private static String printedBy(Printing printing) throws Exception {
        PrintStream before = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            printing.run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
