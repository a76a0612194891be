package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.WebSocket;
import io.sansocket.core.rule.CloseCode;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServeCommandTest {
    private final StringWriter err = new StringWriter();
    private FutureTask<Integer> running;
    private Thread thread;

    /** Starts the command and returns its first line. */
    private String start(String... options) throws Exception {
        var args = new ArrayList<>(List.of("serve", "--listen", "127.0.0.1:0"));
        args.addAll(List.of(options));
        var pipe = new PipedWriter();
        var out = new BufferedReader(new PipedReader(pipe));
        running = new FutureTask<>(() -> Main.run(
                args.toArray(String[]::new),
                InputStream.nullInputStream(),
                new PrintWriter(pipe),
                new PrintWriter(err),
                Map.of()));
        thread = new Thread(running, "serve");
        thread.start();
        return out.readLine();
    }

    private String url(String... options) throws Exception {
        return start(options).substring("listening on ".length());
    }

    @AfterEach
    void stop() throws Exception {
        if (thread != null) {
            thread.interrupt();
            thread.join();
        }
    }

    @Test
    void theFirstLineTellsWhere() throws Exception {
        assertThat(start()).matches("listening on ws://127\\.0\\.0\\.1:[1-9]\\d*/");
    }

    @Test
    void messagesComeBack() throws Exception {
        assertThat(Command.pipe("a\nb\n", "connect", url(), "-z").out()).isEqualTo("a\nb\n");
    }

    @Test
    void broadcastReachesEverybody() throws Exception {
        String url = url("--broadcast");
        try (var first = WebSocket.connect(url);
                var second = WebSocket.connect(url)) {
            first.send("warm-up");
            first.receiveText();
            second.send("to all");

            assertThat(first.receiveText()).isIn("warm-up", "to all");
            while (!second.receiveText().equals("to all")) {
                // the warm-up, if it came after the second connection opened
            }
        }
    }

    @Test
    void endingClosesWithGoingAway() throws Exception {
        try (var connection = WebSocket.connect(url())) {
            connection.send("there");
            connection.receive();
            thread.interrupt();

            assertThat(connection.closed().join().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
    }

    @Test
    void whoComesAndGoesIsTold() throws Exception {
        Command.run("connect", url() + "path?token=secret", "--send", "x", "--one");
        stop();

        assertThat(err.toString())
                .contains("Try: sansocket connect ws://127.0.0.1:", ": open: /path?...\n", ": closed: 1000")
                .doesNotContain("secret");
    }

    @Test
    void quietSaysNothing() throws Exception {
        Command.run("connect", url("--quiet"), "--send", "x", "--one");
        stop();

        assertThat(err.toString()).isEmpty();
    }

    @Test
    void foreignPagesAreRefusedAndThatIsTold() throws Exception {
        String url = url();

        assertThat(Command.run("connect", url, "--origin", "http://else.example")
                        .status())
                .isEqualTo(ExitCode.HANDSHAKE_REFUSED);
        stop();
        assertThat(err.toString()).contains("handshake-origin", "http://else.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"any", "http://else.example"})
    void pagesThatAreNamedAreNot(String origin) throws Exception {
        assertThat(Command.run("connect", url("--origin", origin), "--origin", "http://else.example", "--wait", "0")
                        .status())
                .isZero();
    }

    @Test
    void aPortThatIsTakenIsTold() throws Exception {
        String taken = url().replaceAll("ws://|/", "");
        var run = Command.run("serve", "--listen", taken);

        assertThat(run.status()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("sansocket: cannot listen at " + taken + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8765", "localhost", ":1", "::1:80", "a:65536", "a:-1", "a:b"})
    void addressesThatCannotBeAreUsageErrors(String address) {
        assertThat(Command.run("serve", "--listen", address).status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void tlsComesWithACertificateThatOneMayTrust() throws Exception {
        String url = url("--tls");
        while (!err.toString().contains("Try: ")) {
            Thread.onSpinWait();
        }
        String pem = err.toString().replaceAll("(?s).*--cacert (\\S+) wss://.*", "$1");

        assertThat(url).startsWith("wss://127.0.0.1:");
        assertThat(Command.run("connect", url, "--cacert", pem, "--send", "x", "--one")
                        .out())
                .isEqualTo("x\n");
        assertThat(Command.run("connect", url, "-k", "--send", "y", "--one").out())
                .isEqualTo("y\n");
        var distrustful = Command.run("connect", url, "--send", "z", "--one");
        assertThat(distrustful.status()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(distrustful.err()).contains("not trusted", "--cacert");
        stop();
        assertThat(Path.of(pem)).doesNotExist();
        assertThat(Path.of(pem).getParent()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "", "chat,chat"})
    void subprotocolsThatNoClientCanOfferAreUsageErrors(String names) {
        var run = Command.run("serve", "--listen", "127.0.0.1:0", "--subprotocol", names);

        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("subprotocol").contains("Try 'sansocket serve --help'.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cert", "--key"})
    void aCertificateNeedsItsKey(String option) {
        assertThat(Command.run("serve", option, "file").status()).isEqualTo(ExitCode.USAGE);
        assertThat(Command.run("connect", "wss://a.example", option, "file").status())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void tlsOptionsNeedASecureUrl() {
        assertThat(Command.run("connect", "ws://a.example", "-k").status()).isEqualTo(ExitCode.USAGE);
    }
}
