package io.sansocket.cli;

import io.sansocket.Listener;
import io.sansocket.WebSocket;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Timeouts;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sansocket demo}: a server that declares 202 bytes and sends 199, and what our client says about it. */
@Command(
        name = "demo",
        description = {
            "Shows in a second what this is for: a server on this machine cuts a frame short, and a client tells.",
            "",
            "What it shows is not prepared: it is what the client says about the connection that is made."
        },
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer>, Listener {
    /** What the server sends: 199 bytes. */
    private static final String TEXT = "{\"type\":\"quote\",\"symbol\":\"SNSK\",\"seq\":7,\"bid\":101.25,\"ask\":101.5,"
            + "\"note\":\"this text is whole, and its last brace is there; it is the header in front of it that "
            + "counts three bytes more than there are\"}";

    private static final int TOO_MANY = 3;

    /** Long enough for loopback, short enough for who looks on. */
    private static final Duration SILENCE = Duration.ofMillis(300);

    private static final int COLUMNS = 100;
    private static final String INDENT = "    ";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    private final CompletableFuture<Progress> stalled = new CompletableFuture<>();
    private final CompletableFuture<Closed> ended = new CompletableFuture<>();

    @Override
    public void onStalled(WebSocket connection, Progress progress) {
        stalled.complete(progress);
    }

    @Override
    public void onClosed(WebSocket connection, Closed closed) {
        ended.complete(closed);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, ExecutionException {
        try (var server = TruncatingServer.start(TEXT, TOO_MANY)) {
            WebSocket connection = WebSocket.builder(server.uri())
                    .timeouts(Timeouts.DEFAULT.withProgress(SILENCE))
                    .listener(this)
                    .connect();
            heading("A server at " + AddressText.of(connection.remoteAddress())
                    + " sends one text frame with this text:");
            paragraph(TEXT);
            Progress progress = stalled.get();
            heading("Its header declares " + progress.declared() + " bytes. " + progress.received()
                    + " came, and the client waits. Sansocket can be asked, and tells by itself, what for:");
            paragraph(progress.toString());
            server.hangUp();
            Closed closed = ended.get();
            heading("The server hangs up. A typical library reports:");
            paragraph("close code 1006, no reason");
            heading("Sansocket reports:");
            paragraph(closed.toString());
            drawing(closed.progress());
            next();
        }
        return ExitCode.FINE;
    }

    /** The header is FIN and opcode, the length's form, and a length of two bytes (RFC 6455 §5.2). */
    private void drawing(Progress progress) {
        heading("The wrong bytes are these:");
        line(progress.header());
        line(style().paint(
                        Style.Part.ERROR,
                        "      ^^^^^ payload length " + progress.declared() + ", " + progress.missing() + " too many"));
        out().println();
    }

    private void next() {
        heading("Next:");
        next("inspect examples/truncated.pcapng", "finds the same in a capture");
        next("serve", "echoes: try your client against it");
        next("connect ws://127.0.0.1:8765/", "talks to a server, and tells");
        out().flush();
    }

    private void next(String command, String what) {
        line(Invocation.name() + " %-36s".formatted(command) + what);
    }

    private void heading(String text) {
        LineWrap.of(text, COLUMNS).forEach(line -> out().println(style().paint(Style.Part.HEADING, line)));
    }

    private void paragraph(String text) {
        LineWrap.of(text, COLUMNS - INDENT.length()).forEach(this::line);
        out().println();
        out().flush();
    }

    private void line(String text) {
        out().println(INDENT + text);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Style style() {
        return new Style(main.color().isOn(), Terminal.isUnicode(), COLUMNS);
    }
}
