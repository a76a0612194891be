package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.Message;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The prompt, over a terminal that is two streams; the one with a screen was tried by hand. */
@Timeout(30)
class InteractiveSessionTest {
    private static final String PROMPT = "> ";
    private static final String CTRL_D = "\u0004";

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private PipedOutputStream keyboard;
    private InputStream keys;
    private WebSocketServer server;
    private FutureTask<Integer> session;
    private volatile Terminal screenTerminal;

    @BeforeEach
    void connectKeyboard() throws IOException {
        keyboard = new PipedOutputStream();
        keys = new PipedInputStream(keyboard);
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    private void open(io.sansocket.Handler handler) throws Exception {
        server = WebSocketServer.builder().port("127.0.0.1", 0).handler(handler).start();
        open("ws://127.0.0.1:" + server.port() + "/");
    }

    private void open(String url) {
        session = new FutureTask<>(() -> {
            try (Terminal terminal = TerminalBuilder.builder()
                    .system(false)
                    .streams(keys, screen)
                    .type("dumb")
                    .provider("exec")
                    .build()) {
                screenTerminal = terminal;
                return new InteractiveSession(terminal, new Style(false, true, 100)).run(WebSocket.builder(url));
            }
        });
        var thread = new Thread(session, "interactive");
        thread.setDaemon(true);
        thread.start();
        waitFor("connected");
    }

    private static void echo(WebSocket ws) throws Exception {
        for (Message message : ws) {
            ws.send(message);
        }
    }

    private void type(String text) throws IOException {
        keyboard.write(text.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private String screen() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    private void waitFor(String text) {
        while (!screen().contains(text)) {
            assertThat(session.isDone() || Thread.interrupted()).as(screen()).isFalse();
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsTypedIsSentAsItIsAndWhatComesIsShown() throws Exception {
        open(InteractiveSessionTest::echo);
        type("it's \"!x\" $1 ü\n");
        waitFor("< it's \"!x\" $1 ü");
        type(CTRL_D);

        assertThat(session.get()).isZero();
        assertThat(screen()).contains("closed: 1000 (normal closure)");
    }

    @Test
    void whatCouldSteerTheTerminalIsEscaped() throws Exception {
        open(ws -> {
            ws.send("\u001b[2J\u202e");
            ws.receive();
        });
        waitFor("< \\u001b[2J\\u202e");
    }

    @Test
    void aSlashMakesACommand() throws Exception {
        Path file = Files.write(folder.resolve("bytes"), new byte[] {1, 2, 3, 4});
        open(InteractiveSessionTest::echo);
        type("/binary 00ff\n");
        waitFor("< 2 bytes: 00 ff");
        type("//text\n");
        waitFor("< /text");
        type("/file " + file + "\n");
        waitFor("< 4 bytes: 01 02 03 04");
        type("/stats\n");
        waitFor("sent 3 messages of 11 bytes, received 3 messages of 11 bytes");
        type("/progress\n");
        waitFor("between frames at offset 17: waiting for a frame");
        type("/ping\n");
        waitFor("Pong after ");
        type("/headers\n");
        waitFor("< HTTP/1.1 101 Switching Protocols");
        type("/help\n");
        waitFor("/close [CODE [REASON]]");
        type("/nonsense\n");
        waitFor("there is no /nonsense");
        type("/binary 0g\n");
        waitFor("that is no hex");
        type("/file " + folder.resolve("none") + "\n");
        waitFor("the file cannot be read");
        type("/close 1006\n");
        waitFor("the close code is 1006, allowed are");
        type("/close x\n");
        waitFor("the close code is a number");
        type("/close 4000 so long\n");

        // The server's answer has the code, and no reason.
        assertThat(session.get()).isEqualTo(ExitCode.CLOSED_ABNORMALLY);
        assertThat(screen()).contains("closed: 4000 (private use)");
    }

    @Test
    void theServersEndEndsThePrompt() throws Exception {
        open(ws -> ws.close(1001, "good night"));

        assertThat(session.get()).isZero();
        assertThat(screen()).contains("the server closed the connection: 1001 (going away) \"good night\"");
    }

    @Test
    void anAbnormalEndIsDiagnosed() throws Exception {
        try (var broken = RawServer.sends("81 05 61 62", RawServer.Then.HANG_UP)) {
            open(broken.url());

            assertThat(session.get()).isEqualTo(ExitCode.CLOSED_ABNORMALLY);
            assertThat(screen()).contains("incomplete-frame").contains("2 of 5 bytes received, 3 missing");
        }
    }

    @Test
    void interruptingHangsUp() throws Exception {
        open(InteractiveSessionTest::echo);
        waitFor(PROMPT);
        screenTerminal.raise(Signal.INT);

        assertThat(session.get()).isEqualTo(ExitCode.INTERRUPTED);
    }
}
