package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.HandshakeDecision;
import io.sansocket.Message;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketServer;
import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ConnectCommandTest {
    private WebSocketServer server;

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    /** Starts a server and returns its URL. */
    private String serve(io.sansocket.Handler handler) throws Exception {
        server = WebSocketServer.builder().port("127.0.0.1", 0).handler(handler).start();
        return "ws://127.0.0.1:" + server.port() + "/";
    }

    private String echo() throws Exception {
        return serve(ws -> {
            for (Message message : ws) {
                ws.send(message);
            }
        });
    }

    // ---- a pipe ----

    @Test
    void linesInAreMessagesOutAndMessagesInAreLinesOut() throws Exception {
        var run = Command.pipe("a\nb\n\nü\n", "connect", echo());

        assertThat(run).isEqualTo(new Command(0, "a\nb\n\nü\n", ""));
    }

    @Test
    void theLastLineNeedNotEndAndACarriageReturnIsPartOfTheLineEnd() throws Exception {
        assertThat(Command.pipe("a\r\nb", "connect", echo(), "--wait", "0.3").out())
                .isEqualTo("a\nb\n");
    }

    @Test
    void nothingInIsNothingOut() throws Exception {
        assertThat(Command.pipe("", "connect", echo(), "--wait", "0")).isEqualTo(new Command(0, "", ""));
    }

    @Test
    void answersThatComeLateAreWaitedFor() throws Exception {
        var url = serve(ws -> {
            String question = ws.receiveText();
            ws.ping().get();
            ws.send(question + "?");
            ws.receive();
        });

        assertThat(Command.pipe("why\n", "connect", url).out()).isEqualTo("why?\n");
    }

    @Test
    void manyLinesPass() throws Exception {
        String lines = "0123456789abcdef\n".repeat(50_000);

        assertThat(Command.pipe(lines, "connect", echo()).out()).isEqualTo(lines);
    }

    @Test
    void schemeMayBeLeftOut() throws Exception {
        String url = echo();

        assertThat(Command.run("connect", url.substring("ws://".length()), "--send", "x", "--one")
                        .out())
                .isEqualTo("x\n");
    }

    @Test
    void sendDoesNotReadStandardInput() throws Exception {
        var run = Command.pipe("unread\n", "connect", echo(), "--send", "1", "--send", "2", "--wait", "0.3");

        assertThat(run).isEqualTo(new Command(0, "1\n2\n", ""));
    }

    @Test
    void oneMessageIsEnoughAndTheInputNeedNotEnd() throws Exception {
        var url = serve(ws -> {
            ws.send("first");
            ws.send("second");
            ws.receive();
        });
        try (var in = new PipedInputStream();
                var open = new PipedOutputStream(in)) {
            open.flush();
            assertThat(Command.run(in, "connect", url, "--one")).isEqualTo(new Command(0, "first\n", ""));
        }
    }

    @Test
    void bytesComeAsHex() throws Exception {
        var run = Command.pipe("00 FF\n\n", "connect", echo(), "--hex", "--wait", "0.3");

        assertThat(run).isEqualTo(new Command(0, "00ff\n\n", ""));
    }

    @Test
    void binarySendsWhateverTheLineHolds() throws Exception {
        var in = new ByteArrayInputStream(new byte[] {(byte) 0xFF, '\r', '\n'});

        assertThat(Command.run(in, "connect", echo(), "--binary", "--one").out())
                .isEqualTo("ff0d\n");
    }

    @Test
    void aLineThatIsNoTextIsAFaultOfTheInput() throws Exception {
        var in = new ByteArrayInputStream(new byte[] {'a', '\n', (byte) 0xFF, '\n'});
        var run = Command.run(in, "connect", echo());

        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("line 2 is no UTF-8").contains("--binary");
    }

    @Test
    void aLineThatIsNoHexIsAFaultOfTheInput() throws Exception {
        var run = Command.run("connect", echo(), "--hex", "--send", "0g");

        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--send 1 is no hex");
    }

    @Test
    void nobodyWhoReadsIsNobodysFault() throws Exception {
        var closed = new Writer() {
            @Override
            public void write(char[] buffer, int offset, int length) throws java.io.IOException {
                throw new java.io.IOException("Broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var err = new StringWriter();
        String[] args = {"connect", echo(), "--send", "x", "--wait", "forever"};
        int status = Main.run(
                args, java.io.InputStream.nullInputStream(), new PrintWriter(closed), new PrintWriter(err), Map.of());

        assertThat(status).isZero();
        assertThat(err.toString()).isEmpty();
    }

    // ---- JSON ----

    @Test
    void jsonTellsWhateverHappens() throws Exception {
        var url = serve(ws -> {
            ws.send("tö");
            ws.send(new byte[] {1, 2});
            ws.close(4001, "enough");
        });
        var run = Command.run("connect", url, "--json", "--wait", "forever");

        assertThat(run.status()).isEqualTo(ExitCode.CLOSED_ABNORMALLY);
        assertThat(run.out()
                        .replaceAll("\"time\":\"[^\"]*\",|\"progress\":.*(?=})", "")
                        .replaceAll("127[^\"]*", "A"))
                .isEqualTo("""
                        {"type":"open","local":"A","remote":"A","subprotocol":null,"extensions":[]}
                        {"type":"message","opcode":"text","text":"t\\u00F6"}
                        {"type":"message","opcode":"binary","data_base64":"AQI="}
                        {"type":"closed","clean":true,"code":4001,"reason":"enough","sent_code":4001,"ended_by":"peer-eof",\
                        "message":"closed cleanly; the peer ended the stream (FIN); Close received: 4001 (private use) \
                        \\"enough\\"; Close sent: 4001 (private use); the closing handshake is done",}
                        """);
    }

    @Test
    void jsonHasTheNumbersOfATruncation() throws Exception {
        try (var broken = RawServer.sends("81 03 61 62", RawServer.Then.HANG_UP)) {
            var run = Command.run("connect", broken.url(), "--json");

            assertThat(run.lines().get(1))
                    .contains(
                            "\"type\":\"closed\"", "\"clean\":false", "\"code\":1006", "\"rule\":\"incomplete-frame\"")
                    .contains("\"declared\":3,\"received\":2,\"missing\":1");
        }
    }

    // ---- how it ends ----

    @Test
    void aTruncatedFrameIsDiagnosed() throws Exception {
        try (var broken = RawServer.sends("81 7e 00 ca" + "61".repeat(199), RawServer.Then.HANG_UP)) {
            var run = Command.run("connect", broken.url());

            assertThat(run.status()).isEqualTo(ExitCode.CLOSED_ABNORMALLY);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("incomplete-frame", "199 of 202 bytes received, 3 missing");
        }
    }

    @Test
    void aMessageThatDoesNotGoOnIsToldAndTimesOut() throws Exception {
        try (var broken = RawServer.sends("81 7e 00 ca" + "61".repeat(199), RawServer.Then.STAY)) {
            var run = Command.run("connect", broken.url(), "--wait", "0.3");

            assertThat(run.status()).isEqualTo(ExitCode.TIMED_OUT);
            assertThat(run.err()).contains("timed out: nothing for 0.3 s: ", "199 of 202 bytes received, 3 missing");
        }
    }

    @Test
    void oneMessageThatDoesNotComeTimesOut() throws Exception {
        var run = Command.run("connect", serve(WebSocket::receive), "--one", "--wait", "0.2");

        assertThat(run.status()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(run.err())
                .contains("timed out: no message for 0.2 s: between frames at offset 0: waiting for a frame");
    }

    @Test
    void oneMessageThatNeverComesFailsTheCheck() throws Exception {
        var run = Command.run("connect", serve(ws -> {}), "--one");

        assertThat(run.status()).isEqualTo(ExitCode.CHECK_FAILED);
        assertThat(run.err()).contains("closed before a message came");
    }

    @ParameterizedTest
    @CsvSource({"1000,0", "1001,0", "1011,5", "4000,5"})
    void theServersCloseCodeDecides(int code, int status) throws Exception {
        var run = Command.run("connect", serve(ws -> ws.close(code, "bye")), "--wait", "forever");

        assertThat(run.status()).isEqualTo(status);
        if (code == 1000) {
            assertThat(run.err()).isEmpty();
        } else {
            assertThat(run.err())
                    .startsWith("sansocket: the server closed the connection: " + code)
                    .contains("\"bye\"");
        }
    }

    @Test
    void aRefusalIsShownWholeAndHarmless() throws Exception {
        String refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 12\r\n\r\n";
        try (var refusing = RawServer.answers(
                refusal, "who\nare\u001b[31m".getBytes(StandardCharsets.UTF_8), RawServer.Then.HANG_UP)) {
            var run = Command.run("connect", refusing.url());

            assertThat(run.status()).isEqualTo(ExitCode.HANDSHAKE_REFUSED);
            assertThat(run.err())
                    .contains("< HTTP/1.1 401 Unauthorized", "< WWW-Authenticate: Basic", "< who\n< are\\u001b[31m");
        }
    }

    @Test
    void aRefusalIsAnObjectOfJson() throws Exception {
        server = WebSocketServer.builder()
                .port("127.0.0.1", 0)
                .handler(ws -> {})
                .onHandshake(request -> HandshakeDecision.refuse(418, "Teapot"))
                .start();
        var run = Command.run("connect", "ws://127.0.0.1:" + server.port(), "--json");

        assertThat(run.status()).isEqualTo(ExitCode.HANDSHAKE_REFUSED);
        assertThat(run.out())
                .startsWith("{\"type\":\"refused\"")
                .contains("\"status\":418,\"reason\":\"Teapot\"", "[\"Content-Type\",\"text/plain; charset=utf-8\"]")
                .endsWith("\"body\":\"Teapot\\n\"}\n");
    }

    @Test
    void aServerThatSpeaksSomethingElseIsAFailedHandshake() throws Exception {
        try (var other = RawServer.answers("220 mail ESMTP\r\n", new byte[0], RawServer.Then.HANG_UP)) {
            var run = Command.run("connect", other.url());

            assertThat(run.status()).isEqualTo(ExitCode.HANDSHAKE_REFUSED);
            assertThat(run.err())
                    .startsWith("sansocket: the opening handshake failed: ")
                    .contains("HTTP/1.1 is expected");
        }
    }

    @Test
    void aPortWhereNobodyListensCannotBeConnectedTo() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var run = Command.run("connect", "ws://127.0.0.1:" + port, "--json");

        assertThat(run.status()).isEqualTo(ExitCode.CANNOT_CONNECT);
        assertThat(run.err()).isEqualTo("sansocket: cannot connect to 127.0.0.1:" + port + ": Connection refused\n");
        assertThat(run.out()).startsWith("{\"type\":\"failed\"").contains("Connection refused");
    }

    // ---- options ----

    @Test
    void optionsMakeTheRequest() throws Exception {
        try (var raw = RawServer.sends("88 02 03 e8", RawServer.Then.HANG_UP)) {
            Command.run(
                    "connect",
                    "ws://name.example:" + raw.port() + "/path?q",
                    "--resolve=name.example:" + raw.port() + ":127.0.0.1",
                    "-H",
                    "X-One: 1",
                    "-H",
                    "Cookie:a=b",
                    "-u",
                    "us:pä:ss",
                    "-s",
                    "chat,superchat",
                    "--origin",
                    "http://o.example",
                    "-z");

            assertThat(raw.request())
                    .startsWith("GET /path?q HTTP/1.1\n")
                    .contains("Host: name.example:" + raw.port() + "\n", "X-One: 1\n", "Cookie: a=b\n")
                    .contains("Authorization: Basic dXM6cMOkOnNz\n", "Origin: http://o.example\n")
                    .contains("Sec-WebSocket-Protocol: chat, superchat\n", "permessage-deflate");
        }
    }

    @Test
    void aHostThatJavaCannotNameIsResolvedToo() throws Exception {
        try (var raw = RawServer.sends("88 02 03 e8", RawServer.Then.HANG_UP)) {
            var run = Command.run(
                    "connect",
                    "ws://My_Service:" + raw.port(),
                    "--resolve",
                    "other:" + raw.port() + ":192.0.2.1",
                    "--resolve",
                    "my_service:" + raw.port() + ":127.0.0.1");

            assertThat(run.status()).isZero();
            assertThat(raw.request()).contains("Host: my_service:" + raw.port() + "\n");
        }
    }

    @Test
    void aTimeoutOfZeroIsTheDefaultAsForCurl() throws Exception {
        assertThat(Command.run("connect", echo(), "--connect-timeout", "0", "--send", "x", "--one")
                        .out())
                .isEqualTo("x\n");
    }

    @Test
    void aQueryIsNotShownWhenTheUrlCannotBe() {
        for (String url : new String[] {"ws://a.example/ ?token=secret", "http://a.example/?token=secret"}) {
            var run = Command.run("connect", url);

            assertThat(run.status()).isEqualTo(ExitCode.USAGE);
            assertThat(run.err()).contains("URI").doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-H|no colon|'no colon' is not 'NAME: VALUE'",
                "-H|Upgrade: h2c|Upgrade",
                "-u|nobody|there is no colon",
                "-s|two words|is not a token",
                "--resolve|host:1|is not HOST:PORT:ADDRESS",
                "--resolve|host:1:|'host:1:' is not HOST:PORT:ADDRESS",
                "--resolve|:1:127.0.0.1|is not HOST:PORT:ADDRESS",
                "--resolve|host::127.0.0.1|the port in 'host::127.0.0.1' is not in 0-65535",
                "--resolve|host:65536:127.0.0.1|the port in 'host:65536:127.0.0.1' is not in 0-65535",
                "--cacert|none.pem|no such file: none.pem",
                "--wait|soon|'soon' is neither a number of seconds nor forever",
                "--wait|-1|'-1' is neither a number of seconds nor forever",
            })
    void optionsThatCannotBeAreUsageErrors(String option, String value, String message) {
        var run = Command.run("connect", "ws://127.0.0.1:1/", option, value);

        assertThat(run.status()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message).contains("Try 'sansocket connect --help'.");
    }

    @ParameterizedTest
    @CsvSource({"http://a.example/", "ws://", "ws://a.example/#fragment", "'ws://a b/'"})
    void urlsThatCannotBeAreUsageErrors(String url) {
        assertThat(Command.run("connect", url).status()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void verboseShowsWhatPasses() throws Exception {
        var run = Command.run("connect", echo(), "--send", "hello", "--one", "-v");

        assertThat(run.err()).contains("> 127.0.0.1", "text 5 characters \"hello\"");
    }

    @Test
    void bytesAreWrittenWhole() throws Exception {
        var url = serve(ws -> ws.send(ByteBuffer.wrap(new byte[100_000])));

        assertThat(Command.run("connect", url).out()).isEqualTo("00".repeat(100_000) + "\n");
    }
}
