package io.sansocket.cli;

import io.sansocket.Message;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Messages to send, one from each line of an input or from each of a list of texts. */
final class LineInput {
    /** What a line stands for. */
    enum Kind {
        TEXT,
        BINARY,
        HEX
    }

    /** A line that stands for no message. */
    static final class BadLineException extends IOException {
        private static final long serialVersionUID = 1;

        BadLineException(String message) {
            super(message);
        }
    }

    private interface Source {
        byte @Nullable [] next() throws IOException;
    }

    private final Source source;
    private final String unit;
    private final Kind kind;
    private int count;

    private LineInput(Source source, String unit, Kind kind) {
        this.source = source;
        this.unit = unit;
        this.kind = kind;
    }

    /** Reads lines; the last one need not end. */
    static LineInput of(InputStream in, Kind kind) {
        var buffered = new BufferedInputStream(in);
        return new LineInput(() -> readLine(buffered), "line", kind);
    }

    static LineInput of(List<String> texts, Kind kind) {
        Iterator<String> each = texts.iterator();
        return new LineInput(
                () -> each.hasNext() ? each.next().getBytes(StandardCharsets.UTF_8) : null, "--send", kind);
    }

    /**
     * Returns the next message, or null at the end.
     *
     * @throws BadLineException if the next line is none; the one behind it can be asked for
     */
    @Nullable
    Message next() throws IOException {
        byte[] line = source.next();
        if (line == null) {
            return null;
        }
        count++;
        if (line.length > ConnectCommand.MAX_MESSAGE) {
            throw bad("is longer than " + ConnectCommand.MAX_MESSAGE + " bytes");
        }
        return switch (kind) {
            case TEXT -> text(line);
            case BINARY -> Message.of(ByteBuffer.wrap(line));
            case HEX -> hex(line);
        };
    }

    private Message text(byte[] line) throws BadLineException {
        int length = endsWithCr(line) ? line.length - 1 : line.length;
        try {
            var decoder = StandardCharsets.UTF_8.newDecoder();
            return Message.of(decoder.decode(ByteBuffer.wrap(line, 0, length)).toString());
        } catch (CharacterCodingException e) {
            throw bad("is no UTF-8, and a text message must be; --binary sends it as it is");
        }
    }

    private Message hex(byte[] line) throws BadLineException {
        try {
            return Message.of(ByteBuffer.wrap(parseHex(new String(line, StandardCharsets.UTF_8))));
        } catch (IllegalArgumentException e) {
            throw bad("is no hex: " + PayloadText.escape(String.valueOf(e.getMessage()), true));
        }
    }

    /**
     * Reads hex digits in pairs, with white space between them or none.
     *
     * @throws IllegalArgumentException if it is something else
     */
    static byte[] parseHex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", "").toLowerCase(Locale.ROOT));
    }

    private static boolean endsWithCr(byte[] line) {
        return line.length > 0 && line[line.length - 1] == '\r';
    }

    private BadLineException bad(String what) {
        return new BadLineException(unit + " " + count + " " + what);
    }

    /** Reads up to the line's end; of a line that is too long, one byte more than a message may have. */
    private static byte @Nullable [] readLine(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) >= 0) {
            if (b == '\n') {
                return line.toByteArray();
            }
            if (line.size() <= ConnectCommand.MAX_MESSAGE) {
                line.write(b);
            }
        }
        return line.size() == 0 ? null : line.toByteArray();
    }
}
