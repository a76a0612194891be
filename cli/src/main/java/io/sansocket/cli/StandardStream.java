package io.sansocket.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One of the process's own streams, which remembers what a {@link PrintWriter} swallows: why it could not be written. */
final class StandardStream extends OutputStream {
    private final OutputStream out;
    private @Nullable IOException failure;

    StandardStream(OutputStream out) {
        this.out = out;
    }

    static StandardStream of(FileDescriptor descriptor) {
        return new StandardStream(new FileOutputStream(descriptor));
    }

    /** UTF-8 whatever the locale: what we print is data for the next program. */
    PrintWriter writer() {
        return new PrintWriter(new OutputStreamWriter(this, StandardCharsets.UTF_8));
    }

    /** Returns why writing failed, or null; that nobody reads any more, as behind {@code | head}, is nobody's fault. */
    @Nullable
    String fault() {
        if (failure == null) {
            return null;
        }
        String message = String.valueOf(failure.getMessage());
        return message.toLowerCase(Locale.ROOT).contains("pipe") ? null : message;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
