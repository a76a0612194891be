package io.sansocket.fuzz.differential;

import io.sansocket.core.frame.Role;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A library of Python in a process of its own, which {@code judge.py} drives; batches of streams go to its standard
 * input, batches of verdicts come back.
 */
final class PythonJudge implements Judge {
    private static final int BUFFER = 1 << 16;

    private final String library;
    private final int minWindowBits;
    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final String version;

    private PythonJudge(String library, int minWindowBits, Process process) throws IOException {
        this.library = library;
        this.minWindowBits = minWindowBits;
        this.process = process;
        out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), BUFFER));
        in = new DataInputStream(new BufferedInputStream(process.getInputStream(), BUFFER));
        version = in.readUTF();
    }

    /**
     * Starts the process.
     *
     * @param library its name on PyPI
     * @param minWindowBits the smallest window it can be told
     * @throws IOException when Python or the library is not there
     */
    static PythonJudge start(Path python, String library, int minWindowBits) throws IOException {
        Process process = new ProcessBuilder(python.toString(), "-c", script(), library, Integer.toString(Judge.LIMIT))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            return new PythonJudge(library, minWindowBits, process);
        } catch (IOException e) {
            process.destroy();
            throw new IOException(library + " does not start in " + python, e);
        }
    }

    private static String script() throws IOException {
        try (InputStream resource = PythonJudge.class.getResourceAsStream("judge.py")) {
            return new String(Objects.requireNonNull(resource).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public String name() {
        return library;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public boolean takes(Stream stream) {
        Deflate deflate = stream.deflate();
        return deflate == null || deflate.windowBits() >= minWindowBits;
    }

    @Override
    public List<Verdict> judge(List<Stream> streams) {
        try {
            out.writeInt(streams.size());
            for (Stream stream : streams) {
                write(stream);
            }
            out.flush();
            var verdicts = new ArrayList<Verdict>(streams.size());
            for (int i = 0; i < streams.size(); i++) {
                verdicts.add(readVerdict());
            }
            return verdicts;
        } catch (IOException e) {
            throw new UncheckedIOException(library + " ended", e);
        }
    }

    private void write(Stream stream) throws IOException {
        Deflate deflate = stream.deflate();
        out.writeBoolean(stream.receiver() == Role.SERVER);
        out.writeByte(deflate == null ? 0 : deflate.windowBits());
        out.writeBoolean(deflate != null && deflate.takeover());
        List<byte[]> pieces = stream.pieces();
        out.writeInt(pieces.size());
        for (byte[] piece : pieces) {
            out.writeInt(piece.length);
            out.write(piece);
        }
    }

    private Verdict readVerdict() throws IOException {
        int count = in.readInt();
        var items = new ArrayList<Verdict.Item>(count);
        for (int i = 0; i < count; i++) {
            items.add(new Verdict.Item(type(in.readByte()), readChars()));
        }
        var end = new Verdict.End(ending(in.readByte()), in.readUnsignedShort(), readChars());
        return new Verdict(items, end, readChars());
    }

    private static Verdict.Type type(byte letter) {
        return switch (letter) {
            case 'T' -> Verdict.Type.TEXT;
            case 'B' -> Verdict.Type.BINARY;
            case 'I' -> Verdict.Type.PING;
            case 'O' -> Verdict.Type.PONG;
            default -> throw new IllegalStateException("unknown type " + letter);
        };
    }

    private static Verdict.Ending ending(byte letter) {
        return switch (letter) {
            case 'E' -> Verdict.Ending.EOF;
            case 'C' -> Verdict.Ending.CLOSE;
            case 'F' -> Verdict.Ending.FAIL;
            default -> throw new IllegalStateException("unknown ending " + letter);
        };
    }

    private String readChars() throws IOException {
        return Verdict.chars(in.readNBytes(in.readInt()));
    }

    @Override
    public void close() {
        try {
            out.close(); // it ends with its input
            process.waitFor();
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
