package io.sansocket.cli;

import io.sansocket.Message;
import io.sansocket.WebSocket;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.rule.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What one may type at the prompt of {@code connect}: a message, or a command behind a slash. */
final class PromptCommands {
    /** The commands, and what they do. */
    private static final List<String> HELP = List.of(
            "/ping                  send a Ping, and tell how long its Pong takes",
            "/binary HEX            send bytes",
            "/file PATH             send a file's bytes as one binary message",
            "/progress              tell what the connection waits for",
            "/stats                 tell what has passed",
            "/headers               show the opening handshake",
            "/close [CODE [REASON]] close the connection",
            "/quit                  close the connection with 1000, as the end of input (Ctrl-D) does",
            "//TEXT                 send a text that begins with a slash",
            "Whatever else is typed is sent as a text message.");

    /** The names, to be completed. */
    static final List<String> NAMES =
            List.of("/ping", "/binary", "/file", "/progress", "/stats", "/headers", "/close", "/quit", "/help");

    private static final double NANOS_PER_MILLI = 1_000_000;

    private final WebSocket connection;
    private final MessageCount sent;
    private final MessageCount received;
    private final Consumer<String> show;

    /**
     * Makes what acts on a connection.
     *
     * @param sent counts what these commands send
     * @param received counts what comes
     * @param show is given the lines to show, made safe for a terminal
     */
    PromptCommands(WebSocket connection, MessageCount sent, MessageCount received, Consumer<String> show) {
        this.connection = connection;
        this.sent = sent;
        this.received = received;
        this.show = show;
    }

    /** Does what a line says. */
    void run(String line) throws IOException, InterruptedException {
        if (!line.startsWith("/")) {
            sendText(line);
            return;
        }
        int blank = line.indexOf(' ');
        String name = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : line.substring(blank + 1).strip();
        if (name.startsWith("//")) {
            sendText(line.substring(1));
            return;
        }
        switch (name) {
            case "/ping" -> ping();
            case "/binary" -> binary(rest);
            case "/file" -> file(rest);
            case "/progress" -> show.accept(connection.progress().toString());
            case "/stats" -> stats();
            case "/headers" -> headers();
            case "/close" -> close(rest);
            case "/quit" -> close("");
            case "/help" -> HELP.forEach(show);
            default ->
                show.accept("there is no " + PayloadText.escape(name, true)
                        + "; /help lists the commands, //TEXT sends a text");
        }
    }

    private void sendText(String text) throws IOException, InterruptedException {
        connection.send(text);
        sent.add(text);
    }

    private void ping() {
        CompletableFuture<Void> unused = connection.ping().handle((latency, failure) -> {
            show.accept(failure == null ? "Pong after " + millis(latency) : "no Pong: " + failure.getMessage());
            return null;
        });
    }

    private static String millis(Duration time) {
        return "%.1f ms".formatted(time.toNanos() / NANOS_PER_MILLI);
    }

    private void binary(String hex) throws IOException, InterruptedException {
        try {
            send(LineInput.parseHex(hex));
        } catch (IllegalArgumentException e) {
            show.accept("that is no hex: " + PayloadText.escape(String.valueOf(e.getMessage()), true));
        }
    }

    private void file(String path) throws IOException, InterruptedException {
        byte[] bytes;
        try {
            Path file = Path.of(path);
            long size = Files.size(file);
            if (size > ConnectCommand.MAX_MESSAGE) {
                show.accept("the file has " + size + " bytes, the limit is " + ConnectCommand.MAX_MESSAGE);
                return;
            }
            bytes = Files.readAllBytes(file);
        } catch (IOException | InvalidPathException e) {
            show.accept("the file cannot be read: " + PayloadText.escape(e.toString(), true));
            return;
        }
        send(bytes);
        show.accept("sent " + bytes.length + " bytes");
    }

    private void send(byte[] bytes) throws IOException, InterruptedException {
        connection.send(Message.of(ByteBuffer.wrap(bytes)));
        sent.add(bytes.length);
    }

    private void stats() {
        show.accept("sent " + sent + ", received " + received
                + connection
                        .latency()
                        .map(time -> ", last Pong after " + millis(time))
                        .orElse(""));
    }

    private void headers() {
        var request = connection.request();
        show.accept(
                "> " + request.method() + " " + PayloadText.escape(request.target(), true) + " " + request.version());
        headers("> ", request.headers());
        var response = connection.response();
        show.accept("< " + response.version() + " " + response.status() + " "
                + PayloadText.escape(response.reason(), true));
        headers("< ", response.headers());
    }

    private void headers(String prefix, HttpHeaders headers) {
        for (HttpField field : headers) {
            show.accept(prefix + PayloadText.escape(field.name() + ": " + field.value(), true));
        }
    }

    private void close(String codeAndReason) {
        String[] parts = codeAndReason.split(" ", 2);
        try {
            int code = parts[0].isEmpty() ? CloseCode.NORMAL_CLOSURE : Integer.parseInt(parts[0]);
            connection.close(code, parts.length > 1 ? parts[1].strip() : "");
        } catch (NumberFormatException e) {
            show.accept("the close code is a number");
        } catch (IllegalArgumentException e) {
            show.accept(String.valueOf(e.getMessage()));
        }
    }
}
