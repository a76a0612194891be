package io.sansocket.cli;

import io.sansocket.ConnectionClosedException;
import io.sansocket.HandshakeRefusedException;
import io.sansocket.WebSocketBuilder;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code sansocket connect}: a client for a pipe and for people. */
@Command(
        name = "connect",
        description = {
            "Connects to a server: lines in are messages out, and messages in are lines out.",
            "",
            "Bytes come as lines of hex. When the input ends the connection is closed once nothing has come for --wait."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all went well",
            "1:--one, and the server closed before a message came",
            "2:the command line or a line of the input is wrong",
            "3:cannot connect",
            "4:the opening handshake was refused or failed",
            "5:the connection was closed abnormally, or with a code other than 1000 and 1001",
            "6:timed out",
            "74:standard output cannot be written",
            "130:interrupted (143: by SIGTERM)"
        })
final class ConnectCommand implements Callable<Integer> {
    /** What a message may have at most, in and out: the library's default is made for servers with many peers. */
    static final int MAX_MESSAGE = 16 << 20;

    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(1);
    private static final int MAX_BODY_LINES = 10;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private Main main;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private DialOptions dial;

    @Option(
            names = "--send",
            paramLabel = "TEXT",
            description = "Send this message, and do not read standard input. May be given again.")
    private List<String> send = List.of();

    @Option(names = "--one", description = "End when one message has come.")
    private boolean one;

    @Option(
            names = {"-w", "--wait"},
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description =
                    "When the input has ended, end after so long without a message: 1 by default, or 'forever'. With"
                            + " --one, give up after so long; by default never.")
    private @Nullable Duration wait;

    @Option(names = "--binary", description = "Send each line as a binary message.")
    private boolean binary;

    @Option(names = "--hex", description = "Each line is hex: send its bytes as a binary message.")
    private boolean hex;

    @Option(names = "--json", description = "Write lines of JSON, one object for whatever happens.")
    private boolean json;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show on standard error what passes.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        if (binary && hex) {
            throw new ParameterException(spec.commandLine(), "--binary and --hex exclude each other");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (verbose) {
            LogLines.show(err(), Level.DEBUG);
        }
        Transcript transcript = json ? new JsonTranscript(out) : new LineTranscript(out, Terminal.isStdout());
        try {
            WebSocketBuilder builder = dial.builder();
            return isInteractive() ? converse(builder) : pipe(builder, transcript);
        } catch (HandshakeRefusedException e) {
            transcript.refused(e.response());
            show(e.response());
            return ExitCode.HANDSHAKE_REFUSED;
        } catch (ConnectionClosedException e) {
            return failed(
                    transcript,
                    "the opening handshake failed: " + e.getMessage(),
                    ExitCode.isTimeout(e.closed()) ? ExitCode.TIMED_OUT : ExitCode.HANDSHAKE_REFUSED);
        } catch (UnknownHostException e) {
            return failed(transcript, "cannot connect: unknown host: " + e.getMessage(), ExitCode.CANNOT_CONNECT);
        } catch (SocketTimeoutException e) {
            return failed(transcript, String.valueOf(e.getMessage()), ExitCode.TIMED_OUT);
        } catch (SSLException e) {
            return failed(
                    transcript,
                    e.getMessage() + " (--cacert FILE trusts certificates, -k any)",
                    ExitCode.CANNOT_CONNECT);
        } catch (IOException e) {
            return failed(transcript, String.valueOf(e.getMessage()), ExitCode.CANNOT_CONNECT);
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED;
        }
    }

    private boolean isInteractive() {
        return !json && !one && !binary && !hex && send.isEmpty() && Terminal.isBothEnds();
    }

    private int converse(WebSocketBuilder builder) throws IOException, InterruptedException {
        try (var terminal = InteractiveSession.terminal()) {
            var style = new Style(main.color().isOn(), Terminal.isUnicode(), Terminal.columns());
            return new InteractiveSession(terminal, style).run(builder);
        }
    }

    private int pipe(WebSocketBuilder builder, Transcript transcript) throws IOException, InterruptedException {
        return new PipedSession(input(), transcript, err(), one, patience()).run(builder);
    }

    private LineInput input() {
        LineInput.Kind kind = hex ? LineInput.Kind.HEX : binary ? LineInput.Kind.BINARY : LineInput.Kind.TEXT;
        return send.isEmpty() ? LineInput.of(main.in(), kind) : LineInput.of(send, kind);
    }

    private Duration patience() {
        if (wait != null) {
            return wait;
        }
        return one ? Seconds.FOREVER : DEFAULT_WAIT;
    }

    private int failed(Transcript transcript, String reason, int status) {
        transcript.failed(reason);
        err().println("sansocket: " + PayloadText.escape(reason, true));
        err().flush();
        return status;
    }

    /** Shows the whole response: a server that refuses says why in it. */
    private void show(HttpResponse response) {
        err().println("sansocket: the server refused the opening handshake:");
        showLine(response.version() + " " + response.status() + " " + response.reason());
        for (HttpField field : response.headers()) {
            showLine(field.name() + ": " + field.value());
        }
        String body = StandardCharsets.UTF_8.decode(response.body()).toString();
        if (!body.isBlank()) {
            showLine("");
            body.lines().limit(MAX_BODY_LINES).forEach(this::showLine);
        }
        err().flush();
    }

    private void showLine(String line) {
        err().println(("< " + PayloadText.escape(line, true)).stripTrailing());
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
