package io.sansocket.doctor.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HexStreamTest {
    private static final String HELLO = "810548656c6c6f8200";
    private static final String LONG = "8112" + "61".repeat(18);

    private static ByteArrayInputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String read(String text) throws IOException {
        return HexFormat.of().formatHex(new HexStream(bytes(text)).readAllBytes());
    }

    private static InputFormat guess(String text) throws IOException {
        return InputFormat.hexOrRaw(bytes(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "81 05 48 65 6c 6c 6f 82 00",
                "\ufeff8105 4865 6C6C 6F82 00\r\n",
                "b'\\x81\\x05Hello\\x82\\x00'",
                "'\\x81\\x05Hello\\x82\\x00'\n",
                "bytearray(b\"\\x81\\x05Hello\\x82\\0\")",
                "b'\\x81\\x05Hel' b'lo\\x82\\x00'",
                "[0x81, 0x5, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x82, 0x0]",
                "unsigned char hello[] = {\n  0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f,\n 0x82, 0x00\n};\nunsigned int length = 9;\n",
                "[]byte{0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x82, 0x0}",
                "byte[] frames = {(byte) 0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f, (byte)0x82, 0x0};",
                "{(byte)0x81, (byte)0x05, (byte)0x48, (byte)0x65, (byte)0x6c, (byte)0x6c, (byte)0x6f, (byte)0x82, 0x0}",
                "<Buffer 81 05 48 65 6c 6c 6f 82 00>",
                "0000000 81 05 48 65 6c 6c 6f 82 00\n0000011\n",
                "000000 81 05 48 65 6c 6c 6f 82 00  >.Hello..<\n000009",
                "0000   81 05 48 65 6c 6c 6f 82 00                        ..Hello..\n",
                "00000000  81 05 48 65 6c 6c 6f 82  00                       |..Hello..|\n00000009",
            })
    void formsThatProgramsWriteAreRead(String text) throws IOException {
        assertThat(read(text)).isEqualTo(HELLO);
        assertThat(guess(text)).isEqualTo(InputFormat.HEX);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000 81 12 61 61 61 61 61 61 61 61 61 61 61 61 61 61\n0000020 61 61 61 61\n0000024\n",
                "000000 81 12 61 61 61 61 61 61 61 61 61 61 61 61 61 61\n000010 61 61 61 61\n000014\n",
                "0000   81 12 61 61 61 61 61 61 61 61 61 61 61 61 61 61   ..aaaaaaaaaaaaaa\n0010   61 61 61 61                                       aaaa\n",
            })
    void offsetsOfLaterLinesArePassedOver(String text) throws IOException {
        assertThat(read(text)).isEqualTo(LONG);
    }

    @Test
    void whatBeginsLikeACastMayBeNone() throws IOException {
        assertThat(read("(b5 (b1) 81")).isEqualTo("b5b181");
        assertThatThrownBy(() -> read("81 (b")).hasMessageContaining("the text ends behind the first digit of a byte");
        assertThatThrownBy(() -> read("(bye) 81")).hasMessageContaining("there is 'y' behind the first");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '^',
            value = {
                "81 05 48\\n65 6g; line 2, column 5: a byte has two digits, there is 'g' behind the first",
                "0000000 0581 6548; line 1, column 8: a byte has two digits, there is a blank behind the first",
                "00000000  81 05\\n*; line 2, column 1: '*' stands for lines that the dump left out",
                "b'\\x81\\x0; line 1, column 10: the text ends inside of quotes",
                "b'\\x81\\xyz'; line 1, column 9: behind \\x stand two hex digits, not 'y'",
                "b'\\q'; line 1, column 4: 'q' behind a backslash is no escape known here",
            })
    void faultIsNamedByItsPlace(String text, String message) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
                .isInstanceOf(HexException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void textThatIsAlmostHexIsNotTakenForFrames() throws IOException {
        assertThat(guess("81 05 48\n65 6g 6c 6f\n")).isEqualTo(InputFormat.HEX);
        assertThat(guess("0000000 0581 6548\n")).isEqualTo(InputFormat.HEX);
        assertThat(guess("\n\n")).isEqualTo(InputFormat.HEX);
        assertThat(guess("{\"ab\":12}\n")).isEqualTo(InputFormat.RAW);
        assertThat(guess("HTTP/1.1 101 Switching Protocols\r\n")).isEqualTo(InputFormat.RAW);
        assertThat(guess("\u0081\u0005Hello")).isEqualTo(InputFormat.RAW);
    }
}
