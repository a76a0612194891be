package io.sansocket.cli;

import io.sansocket.Message;
import io.sansocket.OverflowPolicy;
import io.sansocket.ServerBuilder;
import io.sansocket.Tls;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketServer;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.handshake.HandshakeOptions;
import io.sansocket.core.handshake.OriginPolicy;
import io.sansocket.core.protocol.Closed;
import io.sansocket.core.protocol.Limits;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sansocket serve}: a server to try a client against, which echoes each message or sends it to everybody. */
@Command(
        name = "serve",
        description = {
            "Echoes every message; a server to try a client against.",
            "",
            "Prints 'listening on URL' on standard output once it is ready, and who comes and goes on standard error."
                    + " A signal (Ctrl-C) closes all connections with 1001 and ends it."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "2:the command line is wrong",
            "3:the address cannot be listened at",
            "74:standard output cannot be written",
            "130:ended by Ctrl-C (143: by SIGTERM); the usual end"
        })
final class ServeCommand implements Callable<Integer> {
    /** How long connections have to close when the server ends. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @Option(
            names = {"-l", "--listen"},
            paramLabel = "HOST:PORT",
            converter = ListenAddress.Converter.class,
            description = "Where to listen: 127.0.0.1:8765 is the default, 0.0.0.0:8765 is for other machines, too, and"
                    + " port 0 is any that is free.")
    private ListenAddress listen = new ListenAddress("127.0.0.1", 8765);

    @Option(names = "--broadcast", description = "Send every message to all connections, its sender's too.")
    private boolean broadcast;

    @Option(
            names = {"-s", "--subprotocol"},
            paramLabel = "NAME",
            split = ",",
            description = "Speak a subprotocol, if the client offers it.")
    private List<String> subprotocols = List.of();

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            description = "Let web pages of this origin connect, or of 'any'; without it those of the same origin.")
    private List<String> origins = List.of();

    @Option(
            names = "--tls",
            description = "Speak TLS, with a certificate made for this run, or with that of --cert and --key.")
    private boolean secure;

    @Option(names = "--cert", paramLabel = "FILE", description = "The certificate and its chain, in PEM form.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key, in PEM form (PKCS #8).")
    private @Nullable Path key;

    @Option(
            names = {"-q", "--quiet"},
            description = "Say nothing on standard error.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Show on standard error what passes.")
    private boolean verbose;

    private final Set<WebSocket> connections = ConcurrentHashMap.newKeySet();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (!quiet) {
            LogLines.show(err, verbose ? Level.DEBUG : Level.WARNING);
        }
        try (var own = secure && certificate == null ? OwnCertificate.make(listen.host()) : null;
                var server = configured(own).start()) {
            serveUntilEnd(server, own);
            return ExitCode.FINE;
        } catch (InterruptedException e) {
            return ExitCode.INTERRUPTED;
        } catch (IOException e) {
            err.println("sansocket: " + PayloadText.escape(String.valueOf(e.getMessage()), true));
            err.flush();
            return ExitCode.CANNOT_CONNECT;
        }
    }

    private void serveUntilEnd(WebSocketServer server, @Nullable OwnCertificate own) throws InterruptedException {
        SignalHook signal = SignalHook.of(() -> end(server, own));
        try {
            announce(server, own);
            server.join();
        } finally {
            signal.close();
        }
    }

    private static void end(WebSocketServer server, @Nullable OwnCertificate own) {
        server.shutdown(DRAIN);
        if (own != null) {
            own.close();
        }
    }

    private ServerBuilder configured(@Nullable OwnCertificate own) throws IOException {
        if ((certificate == null) != (key == null)) {
            throw new ParameterException(spec.commandLine(), "--cert and --key go together");
        }
        var builder = WebSocketServer.builder()
                .address(listen.socketAddress())
                .compression(PermessageDeflate.create())
                .limits(Limits.SERVER.withMessageLimits(ConnectCommand.MAX_MESSAGE, ConnectCommand.MAX_MESSAGE))
                .drainTimeout(DRAIN)
                .handler(this::serve);
        if (broadcast) {
            // Who does not keep up must not hold up the others, nor make us keep what it does not take.
            builder.sendBuffer(ConnectCommand.MAX_MESSAGE, OverflowPolicy.CLOSE);
        }
        if (own != null) {
            builder.tls(own.tls());
        } else if (certificate != null && key != null) {
            builder.tls(Tls.pem(certificate, key));
        }
        try {
            return handshake(builder);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private ServerBuilder handshake(ServerBuilder builder) {
        String[] names = subprotocols.toArray(String[]::new);
        HandshakeOptions.NONE.withSubprotocols(names); // throws if no client could offer them
        builder.subprotocols(names);
        if (origins.isEmpty()) {
            return builder;
        }
        return builder.origins(
                origins.contains("any") ? OriginPolicy.any() : OriginPolicy.of(origins.toArray(String[]::new)));
    }

    private void announce(WebSocketServer server, @Nullable OwnCertificate own) {
        PrintWriter out = spec.commandLine().getOut();
        String uri = listen.uri(own == null && certificate == null ? "ws" : "wss", server.port());
        out.println("listening on " + uri);
        out.flush();
        say("Try: sansocket connect " + (own == null ? "" : "--cacert " + own.pem() + " ") + uri
                + "   (Ctrl-C ends this server)");
    }

    private void serve(WebSocket connection) throws IOException, InterruptedException {
        connections.add(connection);
        var peer = connection.remoteAddress();
        say("= " + AddressText.of(peer) + ": open: "
                + withoutQuery(connection.request().target()));
        CompletableFuture<Void> unused = connection.closed().thenAccept(closed -> ended(connection, peer, closed));
        for (Message message : connection) {
            if (broadcast) {
                connections.forEach(each -> send(each, message));
            } else {
                connection.send(message);
            }
        }
    }

    /** A query may be a secret, as in the log. */
    private static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return PayloadText.escape(query < 0 ? target : target.substring(0, query) + "?...", true);
    }

    /** What cannot be sent to one, because it is gone or does not keep up, is nobody else's matter. */
    private static void send(WebSocket to, Message message) {
        CompletableFuture<?> unused =
                message instanceof Message.Binary binary ? to.sendAsync(binary.data()) : to.sendAsync(message);
    }

    /** An abnormal end is in the log, with its diagnosis. */
    private void ended(WebSocket connection, SocketAddress peer, Closed closed) {
        connections.remove(connection);
        if (closed.isClean()) {
            say("= " + AddressText.of(peer) + ": closed: " + closed.received());
        }
    }

    /** Says something that the log says in its own words where it is shown. */
    private void say(String line) {
        if (!quiet && !verbose) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(line);
            err.flush();
        }
    }
}
