package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectCommandTest {
    private static final String TRUNCATED =
            Path.of("..", "examples", "truncated.pcapng").toString();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private record Run(int status, String out, String err) {
        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Run run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status =
                Main.run(args, InputStream.nullInputStream(), new PrintWriter(out), new PrintWriter(err), Map.of());
        return new Run(status, out.toString(), err.toString());
    }

    private static Run inspect(String... args) {
        var all = new ArrayList<>(List.of("inspect"));
        all.addAll(List.of(args));
        return run(all.toArray(String[]::new));
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private String hex(String text) throws IOException {
        return file("stream.hex", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void storyOfThe202And199BytesIsTold() {
        var run = inspect(TRUNCATED);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceAll("\n +", " "))
                .contains("192.0.2.10:49152", "198.51.100.7:8765", "handshake present")
                .contains("199 of 202 bytes", "incomplete-frame", "3 are missing", "the server ended the stream (FIN)");
        assertThat(run.out())
                .contains("          81 7e 00 ca\n                ^^^^^ payload length 202\n")
                .endsWith("1 connection, 4 frames: 1 error, 0 warnings, 0 notes, 0 opinions\n");
    }

    @Test
    void linesOfJsonAreTheContract() {
        var run = inspect("--json", TRUNCATED);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.lines())
                .startsWith("{\"type\":\"connection\",\"id\":1,\"client\":\"192.0.2.10:49152\","
                        + "\"server\":\"198.51.100.7:8765\",\"handshake\":\"present\",\"extensions\":[],"
                        + "\"subprotocol\":null}");
        assertThat(run.lines().get(1))
                .isEqualTo("{\"type\":\"frame\",\"connection\":1,\"from\":\"client\",\"index\":1,\"offset\":0,"
                        + "\"opcode\":\"text\",\"fin\":true,\"rsv\":0,\"masked\":true,\"header_length\":6,"
                        + "\"declared\":22,\"received\":22,\"complete\":true,\"packet\":8,"
                        + "\"time\":\"2026-11-22T07:30:00.008740Z\",\"text\":\"{\\\"subscribe\\\":[\\\"SNSK\\\"]}\"}");
        assertThat(run.lines().get(4))
                .startsWith("{\"type\":\"frame\",\"connection\":1,\"from\":\"server\",\"index\":3,\"offset\":60,")
                .contains("\"declared\":202,\"received\":199,\"complete\":false,", "Z\\u00FCrich");
        assertThat(run.lines().get(5))
                .isEqualTo("{\"type\":\"finding\",\"connection\":1,\"from\":\"server\",\"rule\":\"incomplete-frame\","
                        + "\"severity\":\"error\",\"offset\":60,\"frame\":3,\"message\":\"the stream ended inside a"
                        + " text frame: its header 81 7e 00 ca declares 202 bytes of payload, 199 were received, 3 are"
                        + " missing; the server ended the stream (FIN)\",\"declared\":202,\"received\":199,"
                        + "\"missing\":3,\"ended_by\":\"fin\"}");
        assertThat(run.lines().get(6))
                .startsWith("{\"type\":\"summary\",\"connections\":1,\"frames\":4,\"findings\":{\"error\":1,"
                        + "\"warning\":0,\"note\":0,\"opinion\":0},\"packets\":");
        assertThat(run.lines()).hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8105 48656c6c6f | \"declared\":5,\"received\":5,\"complete\":true,\"text\":\"Hello\"}",
                "8100 | \"complete\":true,\"text\":\"\"}",
                "8202 00ff | \"complete\":true,\"data_base64\":\"AP8=\"}",
                "0101c3 8001a9 | \"complete\":true,\"data_base64\":\"ww==\"}",
                "8902 6869 | \"complete\":true,\"data_base64\":\"aGk=\"}",
                "8804 03e8 6869 | \"complete\":true,\"close_code\":1000,\"close_reason\":\"hi\"}",
                "8802 03e8 | \"complete\":true,\"close_code\":1000}",
                "8800 | \"complete\":true}",
                "8801 03 | \"complete\":true,\"data_base64\":\"Aw==\"}",
                "8300 | \"opcode\":\"reserved-3\",\"fin\":true",
                "a100 | \"rsv\":2,",
                "0100 | \"fin\":false,"
            })
    void payloadsHaveTheirFields(String bytes, String fields) throws IOException {
        assertThat(inspect("--json", hex(bytes)).lines().get(1)).contains(fields);
    }

    /** A response that agrees to permessage-deflate, and frames, the message being "Hello" in 7 bytes. */
    private String deflated(String frames) throws IOException {
        String head = """
                HTTP/1.1 101 Switching Protocols
                Upgrade: websocket
                Connection: Upgrade
                Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
                Sec-WebSocket-Extensions: permessage-deflate

                """.replace("\n", "\r\n");
        return hex(HexFormat.of().formatHex(head.getBytes(StandardCharsets.US_ASCII)) + frames);
    }

    @Test
    void compressedFramesShowWhatTheyInflateTo() throws IOException {
        String input = deflated("c107f248cdc9c90700 4102f248 8005cdc9c90700 c10106 c107f248cdc9c90700");
        var lines = inspect("--json", input).lines();
        assertThat(lines.get(1))
                .endsWith("\"declared\":7,\"received\":7,\"complete\":true,\"message\":1,\"compressed\":true,"
                        + "\"inflated\":5,\"text\":\"Hello\"}");
        assertThat(lines.get(2)).contains("\"message\":2,\"compressed\":true,\"inflated\":1,\"text\":\"H\"}");
        assertThat(lines.get(4))
                .endsWith("\"message\":3,\"compressed\":true,\"inflated\":0,\"text\":\"\",\"payload_truncated\":true}");
        assertThat(lines.get(5)).contains("\"rule\":\"compressed-data-invalid\",\"severity\":\"error\"");
        assertThat(lines.get(6)).endsWith("\"message\":4,\"compressed\":true,\"data_base64\":\"8kjNyckHAA==\"}");
        var people = inspect(input).out();
        assertThat(people).contains("deflated 0.7:1 \"Hello\"", "deflated, adds nothing", "compressed: f2 48");
    }

    @Test
    void everyLineIsAnObjectWithItsTypeFirst() throws IOException {
        var run = inspect("--json", TRUNCATED, hex("8105 48656cc328 83 00 48545450"));
        for (String line : run.lines()) {
            try (var parser = new JsonFactory().createParser(line)) {
                assertThat(parser.nextToken()).isEqualTo(JsonToken.START_OBJECT);
                assertThat(parser.nextFieldName()).isEqualTo("type");
                assertThat(parser.nextTextValue()).isIn("connection", "frame", "finding", "summary");
                parser.skipChildren();
                while (parser.nextToken() != null) {
                    parser.skipChildren();
                }
            }
        }
    }

    @Test
    void connectionsAreNumberedOverAllFiles() {
        assertThat(inspect("--json", TRUNCATED, TRUNCATED).lines().stream()
                        .filter(line -> line.startsWith("{\"type\":\"connection\"")))
                .hasSize(2)
                .anyMatch(line -> line.contains("\"id\":2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 05 48 65 6c 6c 6f",
                "8105 4865\n6c6c 6f # Hello",
                "0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F",
                "\\x81\\x05\\x48\\x65\\x6c\\x6c\\x6f",
                "81:05:48:65:6c:6c:6f",
                "00000000: 8105 4865 6c6c 6f                        ..Hello",
                "00000000  81 05 48 65 6c 6c 6f                              |..Hello|\n00000007\n",
                "\t0x0000:  8105 4865\n\t0x0004:  6c6c 6f",
                "00000000: 8105 48                                  ..H\n00000003: 65 6c 6c 6f   ello\n"
            })
    void hexIsReadInAllItsForms(String text) throws IOException {
        var run = inspect("--json", hex(text));
        assertThat(run.err()).isEmpty();
        assertThat(run.lines().get(1)).contains("\"text\":\"Hello\"");
        assertThat(run.status()).isZero();
    }

    @Test
    void faultsInHexAreLocated() throws IOException {
        var run = inspect("--format", "hex", hex("81 00\n81 zz"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("stream.hex: line 2, column 4: 'z' is neither a hex digit nor a separator");
        assertThat(run.out()).contains("#1");
    }

    @Test
    void sideCanBeChosen() throws IOException {
        String masked = hex("8185 37fa213d 7f9f4d5158");
        assertThat(inspect(masked).out()).contains("masked-server-frame");
        assertThat(inspect("--from", "client", masked).status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--from both x", "--format xml x", "--nonsense x"})
    void usageErrorsAreToldApart(String args) {
        var run = inspect(args.isEmpty() ? new String[0] : args.split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("sansocket");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void unreadableFilesAreOneLineAndDoNotStopTheOthers() throws IOException {
        byte[] capture = Files.readAllBytes(Path.of(TRUNCATED));
        String cut = file("cut.pcapng", Arrays.copyOf(capture, capture.length - 100));
        var run = inspect("--json", "missing", folder.toString(), cut, TRUNCATED);
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err().lines()).hasSize(3).allMatch(line -> line.startsWith("sansocket: "));
        assertThat(run.err()).contains("no such file", "is a directory", "offset");
        assertThat(run.lines().stream().filter(line -> line.contains("\"connection\",\"id\"")))
                .hasSize(2);
        assertThat(run.lines().get(run.lines().size() - 1)).startsWith("{\"type\":\"summary\"");
    }

    @Test
    void nothingFoundIsSaid() throws IOException {
        assertThat(inspect(file("empty", new byte[0])).out())
                .isEqualTo("No WebSocket connection found: the input is empty.\n");
        byte[] capture = Files.readAllBytes(Path.of(TRUNCATED));
        var run = inspect(file("start.pcapng", Arrays.copyOf(capture, 48)));
        assertThat(run.status()).isIn(0, 3);
        assertThat(run.out()).startsWith("No WebSocket connection found");
    }

    @Test
    void closedPipeEndsQuietly() throws IOException {
        var closed = new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush() throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void close() {}
        };
        var err = new StringWriter();
        Main.run(
                new String[] {"inspect", TRUNCATED},
                InputStream.nullInputStream(),
                new PrintWriter(closed),
                new PrintWriter(err),
                Map.of());
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void payloadsCannotSteerATerminal() throws IOException {
        byte[] text = "\u001b[2J\u202eevil\u0007\u009b1m\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[2 + text.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) text.length;
        System.arraycopy(text, 0, frame, 2, text.length);
        for (String out : List.of(
                inspect(hex(HexFormat.of().formatHex(frame))).out(),
                inspect("--json", hex(HexFormat.of().formatHex(frame))).out())) {
            assertThat(out.chars().filter(c -> c != '\n' && (c < ' ' || (c > '~' && c < 0xa0) || c == 0x202e)))
                    .isEmpty();
        }
    }

    @Test
    void helpTellsTheExitCodes() {
        var run = inspect("--help");
        assertThat(run.status()).isZero();
        assertThat(run.out()).contains("--from", "--format", "--json", "Exit codes:");
    }

    @Test
    void lengthsStandInOneColumnWhateverTheFlags() throws IOException {
        var lines = inspect("--from", "client", hex("81 85 00000000 48656c6c6f  c1 81 00000000 00"))
                .lines();
        assertThat(lines.get(1).indexOf(" bytes"))
                .isPositive()
                .isEqualTo(lines.stream()
                        .filter(line -> line.contains("RSV1 masked"))
                        .findFirst()
                        .orElseThrow()
                        .indexOf(" byte "));
    }

    @Test
    void nameOfAFileCannotSteerTheTerminal() {
        var run = inspect("\u001b[31mevil\nname");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).isEqualTo("sansocket: \\u001b[31mevil\\nname: no such file\n");
        assertThat(inspect("--\u001b[31m", "x").err()).doesNotContain("\u001b");
    }

    @Test
    void emptyNameIsNoFile() {
        assertThat(inspect("").err()).isEqualTo("sansocket: '': no such file\n");
    }

    @Test
    void textThatIsAlmostHexIsAnErrorWithItsPlace() throws IOException {
        var run = inspect(hex("81 05 48\n65 6g 6c 6f\n"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).endsWith("line 2, column 5: a byte has two digits, there is 'g' behind the first\n");
        assertThat(inspect(hex("b'\\x81\\x05Hello'")).out()).contains("\"Hello\"");
    }
}
