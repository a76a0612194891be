package io.sansocket.fuzz.coverage;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.sansocket.doctor.input.HexException;
import io.sansocket.doctor.input.HexStream;
import io.sansocket.doctor.input.InputFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Hex text: what is plain hex is read as such, what is written as hex comes back, and anything else is refused politely. */
class HexFuzzTest {
    private static final Pattern PLAIN = Pattern.compile("(?:[ ]?[0-9a-fA-F]{2})*");

    /** The bytes that a text stands for, up to the fault if there is one. */
    private record Reading(ByteBuffer bytes, String fault) {}

    @FuzzTest
    void hex(byte[] bytes) throws IOException {
        var input = new Input(bytes);
        int most = 1 + input.choice();
        byte[] text = input.rest();
        Reading reading = read(new Trickle(text, most), most);
        Oracle.check(reading.bytes().remaining() <= text.length, "a text stands for no more bytes than it has");
        String plain = new String(text, StandardCharsets.ISO_8859_1);
        if (PLAIN.matcher(plain).matches() && !plain.startsWith("0000")) {
            byte[] expected = HexFormat.of().parseHex(plain.replace(" ", ""));
            Oracle.same(new Reading(ByteBuffer.wrap(expected), ""), reading, "plain hex, and as it is read");
        }
        if (most % 2 == 0) {
            checkBack(text);
        } else {
            checkGuess(text);
        }
    }

    private static Reading read(InputStream in, int piece) throws IOException {
        var out = new ByteArrayOutputStream();
        byte[] target = new byte[piece];
        var stream = new HexStream(in);
        try {
            for (int n = stream.read(target, 0, piece); n >= 0; n = stream.read(target, 0, piece)) {
                Oracle.check(n > 0, "a read gives bytes, or the end");
                out.write(target, 0, n);
            }
            return new Reading(ByteBuffer.wrap(out.toByteArray()), "");
        } catch (HexException e) {
            Oracle.check(!e.getMessage().isEmpty(), "a fault has a message");
            return new Reading(ByteBuffer.wrap(out.toByteArray()), e.getMessage());
        }
    }

    /** Writes the input as hex, in the way of a line of code, and reads it. */
    private static void checkBack(byte[] bytes) throws IOException {
        String written = HexFormat.ofDelimiter(", ").withPrefix("0x").formatHex(bytes);
        Reading back = read(new ByteArrayInputStream(written.getBytes(StandardCharsets.US_ASCII)), bytes.length + 1);
        Oracle.same(new Reading(ByteBuffer.wrap(bytes), ""), back, "bytes, and as they were written and read");
    }

    private static void checkGuess(byte[] text) throws IOException {
        var in = new ByteArrayInputStream(text);
        InputFormat format = InputFormat.hexOrRaw(in);
        Oracle.check(format == InputFormat.HEX || format == InputFormat.RAW, "a guess is hex or raw");
        Oracle.same(text.length, in.available(), "a guess puts the bytes back");
    }
}
