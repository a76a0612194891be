package io.sansocket.doctor.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a hex text stands for, read as they are asked for.
 *
 * <p>Two digits are a byte. Around bytes stand blanks, line ends, commas, semicolons, colons, hyphens, {@code 0x} and
 * {@code \x}; a {@code #} begins a comment up to the end of the line. The offsets and texts in the columns of xxd,
 * hexdump -C and tcpdump -x are passed over, see {@link DumpLine}.
 *
 * @since 0.1
 */
public final class HexStream extends InputStream {
    private static final int END = -1;
    private static final int NO_DIGIT = -1;
    private static final int RADIX = 16;
    /** A line is read in pieces of this size, so that a file of one line takes no more memory than any other. */
    private static final int PIECE = 64 * 1024;

    private static final String SEPARATORS = " \t\r\n,;:-\\\"'\f";

    private final InputStream in;
    private final byte[] line = new byte[PIECE];
    private int lineLength;
    /** Where the piece begins: lines count from 1, columns from 0. */
    private long lineNumber = 1;

    private long columnsBefore;
    private boolean lineEnds = true;
    private long bytesBefore;

    /** The first digit of a pair, or {@link #NO_DIGIT}. */
    private int digit = NO_DIGIT;

    private boolean inComment;
    private @Nullable HexException failure;

    // Invariant: bytes[position..size) are not handed out yet.
    private final byte[] bytes = new byte[PIECE];
    private int position;
    private int size;

    /** Reads from a stream of ASCII text; closing this closes it. */
    public HexStream(InputStream in) {
        this.in = new BufferedInputStream(in, PIECE);
    }

    @Override
    public int read() throws IOException {
        return fill() ? bytes[position++] & 0xFF : END;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return END;
        }
        int part = Math.min(length, size - position);
        System.arraycopy(bytes, position, target, offset, part);
        position += part;
        return part;
    }

    /** Reads on until there are bytes to hand out, which come before the fault behind them. */
    private boolean fill() throws IOException {
        while (position == size) {
            if (failure != null) {
                throw failure;
            }
            position = 0;
            size = 0;
            boolean more = readPiece();
            try {
                if (!more && digit != NO_DIGIT) {
                    throw new HexException(
                            lineNumber, columnsBefore + 1, "the text ends behind the first digit of a byte", true);
                }
                parsePiece();
            } catch (HexException e) {
                failure = e;
            }
            if (!more && failure == null) {
                return false;
            }
            bytesBefore += size;
        }
        return true;
    }

    /** Reads a line, or as much of it as there is room for. */
    private boolean readPiece() throws IOException {
        if (lineEnds) {
            columnsBefore = 0;
        } else {
            columnsBefore += lineLength;
        }
        lineLength = 0;
        while (lineLength < PIECE) {
            int next = in.read();
            if (next == END) {
                return lineLength > 0;
            }
            line[lineLength++] = (byte) next;
            if (next == '\n') {
                break;
            }
        }
        return true;
    }

    private void parsePiece() throws HexException {
        boolean wholeLine = columnsBefore == 0;
        lineEnds = lineLength > 0 && line[lineLength - 1] == '\n';
        var dump = wholeLine ? DumpLine.of(line, lineLength, bytesBefore) : null;
        int from = dump == null ? 0 : dump.from();
        int to = dump == null ? lineLength : dump.to();
        for (int i = from; i < to; i++) {
            accept(line[i] & 0xFF, i);
        }
        if (lineEnds) {
            endLine();
        }
    }

    private void endLine() throws HexException {
        if (digit != NO_DIGIT) {
            throw fault(lineLength - 1, "the line ends behind the first digit of a byte");
        }
        inComment = false;
        lineNumber++;
    }

    private void accept(int c, int index) throws HexException {
        int value = Character.digit(c, RADIX);
        if (inComment) {
            return;
        }
        if (value >= 0) {
            acceptDigit(value);
        } else if ((c == 'x' || c == 'X') && isPrefix(index)) {
            digit = NO_DIGIT;
        } else if (digit != NO_DIGIT) {
            throw fault(index, "a byte has two digits, there is " + named(c) + " behind the first");
        } else if (c == '#') {
            inComment = true;
        } else if (SEPARATORS.indexOf(c) < 0) {
            throw fault(index, named(c) + " is neither a hex digit nor a separator");
        }
    }

    private void acceptDigit(int value) {
        if (digit == NO_DIGIT) {
            digit = value;
        } else {
            bytes[size++] = (byte) (digit << 4 | value);
            digit = NO_DIGIT;
        }
    }

    /** Tells whether an x belongs to {@code 0x} or {@code \x}. */
    private boolean isPrefix(int index) {
        return digit == 0 || (digit == NO_DIGIT && index > 0 && line[index - 1] == '\\');
    }

    private HexException fault(int index, String what) {
        return new HexException(lineNumber, columnsBefore + index + 1, what, false);
    }

    private static String named(int c) {
        return c > ' ' && c <= '~' ? "'" + (char) c + "'" : "0x%02x".formatted(c);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
