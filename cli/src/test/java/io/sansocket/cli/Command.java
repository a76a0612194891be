package io.sansocket.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One run of the command in this process.
 *
 * @param status the exit code
 * @param out what it wrote on standard output
 * @param err what it wrote on standard error
 */
record Command(int status, String out, String err) {
    /** Runs with nothing on standard input. */
    static Command run(String... args) {
        return run(InputStream.nullInputStream(), args);
    }

    /** Runs with this text on standard input. */
    static Command pipe(String input, String... args) {
        return run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), args);
    }

    static Command run(InputStream in, String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int status = Main.run(args, in, new PrintWriter(out), new PrintWriter(err), Map.of());
        return new Command(status, out.toString(), err.toString());
    }

    List<String> lines() {
        return out.lines().toList();
    }
}
