package io.sansocket.cli;

import io.sansocket.ConnectionClosedException;
import io.sansocket.Listener;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketBuilder;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.rule.CloseCode;
import java.io.IOError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.TerminalBuilder;

/** A connection with somebody at a keyboard: a prompt, and above it what comes. The one class that knows JLine. */
final class InteractiveSession implements Listener {
    /** How long a server may take to close when the process is to end. */
    private static final Duration HURRY = Duration.ofSeconds(1);

    private static final int SHOWN_BYTES = 64;
    private static final String PROMPT = "> ";

    private final LineReader reader;
    private final Style style;
    private final Thread thread = Thread.currentThread();
    private final MessageCount sent = new MessageCount();
    private final MessageCount received = new MessageCount();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();

    /** Makes a session for the calling thread. */
    InteractiveSession(org.jline.terminal.Terminal terminal, Style style) {
        this.style = style;
        var parser = new DefaultParser();
        // A message may hold quotes and backslashes as it likes.
        parser.setEscapeChars(null);
        parser.setQuoteChars(new char[0]);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(parser)
                .completer(new StringsCompleter(PromptCommands.NAMES))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
    }

    /** Opens the terminal this process runs in; {@code stty} and {@code tty} do what takes native code elsewhere. */
    static org.jline.terminal.Terminal terminal() throws IOException {
        return TerminalBuilder.builder().system(true).provider("exec").build();
    }

    /** Connects, and returns the exit code when all is over. */
    int run(WebSocketBuilder builder) throws IOException, InterruptedException {
        WebSocket connection = builder.listener(this).connect();
        var commands = new PromptCommands(connection, sent, received, this::show);
        SignalHook signal = SignalHook.of(() -> hangUp(connection));
        try {
            return prompt(connection, commands);
        } catch (IllegalStateException | IOError e) {
            if (signal.close()) {
                throw e;
            }
            // After a signal JLine takes the terminal away from under the prompt. The exit code will be the signal's.
            return ExitCode.INTERRUPTED;
        } finally {
            Thread.interrupted(); // what follows takes the terminal back, and must not be disturbed
            signal.close();
        }
    }

    private int prompt(WebSocket connection, PromptCommands commands) throws IOException, InterruptedException {
        while (connection.isOpen()) {
            try {
                String line = reader.readLine(PROMPT);
                if (!line.isEmpty()) {
                    commands.run(line);
                }
            } catch (UserInterruptException e) {
                // Also what the end of the connection looks like here: it interrupts this thread.
                if (connection.isOpen() && e.getPartialLine().isEmpty()) {
                    hangUp(connection);
                    return ExitCode.INTERRUPTED;
                }
            } catch (EndOfFileException e) {
                connection.close();
            } catch (ConnectionClosedException e) {
                break;
            } catch (InterruptedException e) {
                if (connection.isOpen()) {
                    throw e;
                }
            } catch (IllegalArgumentException e) {
                show(String.valueOf(e.getMessage()));
            }
        }
        Closed how = closed.join();
        var out = reader.getTerminal().writer();
        out.println(style.paint(how.isClean() ? Style.Part.FAINT : Style.Part.ERROR, ending(how)));
        out.flush();
        return ExitCode.of(how);
    }

    private static String ending(Closed how) {
        if (!how.isClean()) {
            return how.toString();
        }
        return (how.peerFirst() ? "the server closed the connection: " : "closed: ") + how.received();
    }

    private void hangUp(WebSocket connection) {
        CompletableFuture<Closed> unused = connection.closeAsync(CloseCode.GOING_AWAY, "");
        try {
            closed.get(HURRY.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | TimeoutException | ExecutionException e) {
            // The end of the process will cut it.
        }
    }

    private void show(String line) {
        reader.printAbove(style.paint(Style.Part.FAINT, line));
    }

    // ---- the loop's thread ----

    @Override
    public void onOpen(WebSocket connection) {
        String subprotocol =
                connection.subprotocol().map(name -> ", subprotocol " + name).orElse("");
        show("connected" + subprotocol + "; /help lists the commands, Ctrl-D ends");
    }

    @Override
    public void onText(WebSocket connection, String text) {
        received.add(text);
        reader.printAbove(style.paint(Style.Part.SERVER, "< ") + PayloadText.escape(text, style.unicode()));
    }

    @Override
    public void onBinary(WebSocket connection, ByteBuffer data) {
        received.add(data.remaining());
        byte[] first = new byte[Math.min(data.remaining(), SHOWN_BYTES)];
        data.duplicate().get(first);
        reader.printAbove(style.paint(Style.Part.SERVER, "< ") + data.remaining() + " bytes: "
                + HexFormat.ofDelimiter(" ").formatHex(first)
                + (data.remaining() > SHOWN_BYTES ? " " + style.ellipsis() : ""));
    }

    @Override
    public void onStalled(WebSocket connection, Progress progress) {
        reader.printAbove(style.paint(Style.Part.WARNING, "waiting " + progress));
    }

    @Override
    public void onClosed(WebSocket connection, Closed how) {
        // In this order, so that whoever saw the end can take the interrupt back.
        thread.interrupt();
        closed.complete(how);
    }
}
