package io.sansocket.cli;

import io.sansocket.core.frame.Role;
import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.capture.CaptureFormat;
import io.sansocket.doctor.input.HexStream;
import io.sansocket.doctor.input.InputFormat;
import io.sansocket.doctor.inspection.Inspection;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** One input of {@code inspect}: opened, its format found out. */
final class InspectInput implements AutoCloseable {
    private static final int BUFFER = 128 * 1024;

    /** What the user says an input is. */
    enum Format {
        AUTO,
        PCAP,
        PCAPNG,
        RAW,
        HEX
    }

    /** Wraps a stream to follow how far it is read. */
    interface Watch {
        InputStream of(InputStream in, long length);
    }

    /** Standard input or a pipe, perhaps of a live capture: a reader should see all before it waits. */
    private static final class Live extends FilterInputStream {
        private final ReportOutput output;

        Live(InputStream in, ReportOutput output) {
            super(in);
            this.output = output;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (available() == 0) {
                output.flush();
            }
            return super.read(target, offset, length);
        }

        @Override
        public void close() throws IOException {
            if (in != System.in) { // which is not ours to close
                super.close();
            }
        }
    }

    private final InputStream in;
    private final Format format;

    private InspectInput(InputStream in, Format format) {
        this.in = in;
        this.format = format;
    }

    /** Opens a file, or standard input, which stays open; {@code watch} may look at what is read. */
    static InspectInput open(String file, Format wanted, ReportOutput output, Watch watch) throws IOException {
        boolean standardInput = file.equals("-");
        InputStream source = standardInput ? new Live(System.in, output) : openFile(file, output);
        long length = standardInput ? 0 : Files.size(Path.of(file));
        InputStream in = new BufferedInputStream(watch.of(source, length), BUFFER);
        try {
            return new InspectInput(in, wanted == Format.AUTO ? detect(in) : wanted);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream openFile(String file, ReportOutput output) throws IOException {
        if (file.isEmpty()) { // would be the current folder
            throw new NoSuchFileException(file);
        }
        try {
            Path path = Path.of(file);
            if (Files.isDirectory(path)) {
                throw new IOException("is a directory");
            }
            // The stream of Files asks a pipe for its position, and fails.
            return Files.isRegularFile(path) || !Files.exists(path)
                    ? Files.newInputStream(path)
                    : new Live(new FileInputStream(file), output);
        } catch (InvalidPathException e) {
            throw new FileNotFoundException(file);
        }
    }

    private static Format detect(InputStream in) throws IOException {
        return switch (CaptureFormat.detect(in)) {
            case PCAP, GZIP -> Format.PCAP;
            case PCAPNG -> Format.PCAPNG;
            case UNKNOWN -> InputFormat.hexOrRaw(in) == InputFormat.HEX ? Format.HEX : Format.RAW;
        };
    }

    void inspect(Inspection inspection, Role from) throws IOException {
        switch (format) {
            case HEX -> inspection.inspectStream(new HexStream(in), from);
            case RAW -> inspection.inspectStream(in, from);
            default -> inspection.inspectCapture(in);
        }
    }

    /** Returns how to call an input in a message. */
    static String name(String file) {
        return file.equals("-") ? "standard input" : file.isEmpty() ? "''" : PayloadText.escape(file, true);
    }

    /** Returns what went wrong, in words. */
    static String describe(IOException e) {
        if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException named && named.getReason() != null) {
            return named.getReason();
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof CaptureException capture && !message.contains("offset")) {
            return message + " (offset " + capture.offset() + ")";
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
