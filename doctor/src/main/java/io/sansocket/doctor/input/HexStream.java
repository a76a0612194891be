package io.sansocket.doctor.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a hex text stands for, read as they are asked for.
 *
 * <p>Two digits are a byte. Around bytes stand blanks, line ends, commas, semicolons, colons, hyphens, brackets, {@code 0x}
 * and {@code \x}; a {@code #} begins a comment up to the end of the line. The offsets and texts in the columns of dumps are
 * passed over, see {@link DumpLine}. So is what programs write around bytes: {@code {…}} of an array in C, Go or Java, with its casts,
 * {@code <Buffer …>} of Node. What Python writes, {@code b'\x81\x05Hello'}, is read, too, see {@link QuotedBytes}.
 *
 * @since 0.1
 */
public final class HexStream extends InputStream {
    private static final int END = -1;
    private static final int NO_DIGIT = -1;
    private static final int RADIX = 16;
    /** A line is read in pieces of this size, so that a file of one line takes no more memory than any other. */
    private static final int PIECE = 64 * 1024;

    private static final String SEPARATORS = " \t\r\n,;:-\\\"'\f[]()<>";
    private static final List<String> OPENINGS = List.of("<Buffer", "bytearray(", "bytes(");
    /** What Java writes before a byte beyond 0x7f. */
    private static final String CAST = "(byte)";

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

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

    /** Whether 0x stands in front of the digit: then it may be the only one, as Python's hex() writes it. */
    private boolean prefixed;

    /** How many digits the offsets of a dump have. */
    private int dumpDigits = DumpLine.NO_OFFSET;

    /** How much of a cast was read. */
    private int castRead;

    private final QuotedBytes quoted = new QuotedBytes();
    private boolean inComment;
    /** Whether a brace closed what another opened. */
    private boolean arrayEnded;

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
                if (!more) {
                    endCast(0);
                    endNumber();
                }
                if (!more && quoted.isInside()) {
                    throw new HexException(lineNumber, columnsBefore + 1, "the text ends inside of quotes", true);
                }
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
        boolean mayBeDump = wholeLine && !quoted.isInside();
        var dump = mayBeDump ? DumpLine.of(line, lineLength, bytesBefore, dumpDigits) : null;
        int from = dump == null ? (wholeLine && bytesBefore == 0 ? behindOpening() : 0) : dump.from();
        int to = dump == null ? lineLength : dump.to();
        dumpDigits = dump == null ? dumpDigits : dump.digits();
        for (int i = from; i < to && !arrayEnded; i++) {
            if (quoted.isInside()) {
                acceptQuoted(line[i] & 0xFF, i);
            } else if (digit == NO_DIGIT && !inComment && quoteAt(i) >= 0) {
                i = quoteAt(i);
                quoted.begin(line[i]);
            } else {
                accept(line[i] & 0xFF, i);
            }
        }
        if (lineEnds) {
            endLine();
        }
    }

    /** Returns the index behind a byte order mark and what opens an array of bytes. */
    private int behindOpening() {
        int start = lineNumber == 1 && startsWith(0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
        while (start < lineLength && line[start] == ' ') {
            start++;
        }
        for (String opening : OPENINGS) {
            if (startsWith(start, opening.getBytes(StandardCharsets.US_ASCII))) {
                return start + opening.length();
            }
        }
        for (int i = start; i < lineLength; i++) {
            if (line[i] == '{') {
                return opensArray(i + 1) ? i + 1 : start;
            }
        }
        return start;
    }

    /** An object of JSON begins with a brace, too, but no number follows. */
    private boolean opensArray(int index) {
        int i = index;
        while (i < lineLength && (line[i] == ' ' || line[i] == '\r')) {
            i++;
        }
        return i == lineLength || line[i] == '\n' || line[i] == '0' || line[i] == CAST.charAt(0);
    }

    private boolean startsWith(int index, byte[] start) {
        return index + start.length <= lineLength
                && Arrays.equals(line, index, index + start.length, start, 0, start.length);
    }

    /** Returns the index of the quote that opens a text with escapes, {@code b'} or {@code '\}, or -1. */
    private int quoteAt(int index) {
        boolean prefix = line[index] == 'b' || line[index] == 'B';
        int at = prefix ? index + 1 : index;
        boolean quote = at < lineLength && (line[at] == '\'' || line[at] == '"');
        return quote && (prefix || (at + 1 < lineLength && line[at + 1] == '\\')) ? at : -1;
    }

    private void acceptQuoted(int c, int index) throws HexException {
        String wrong = quoted.fault(c);
        if (wrong != null) {
            throw fault(index, wrong);
        }
        int value = quoted.accept(c);
        if (value != QuotedBytes.NONE) {
            bytes[size++] = (byte) value;
        }
    }

    /** Takes a single digit behind 0x for a byte. */
    private void endNumber() {
        if (prefixed && digit != NO_DIGIT) {
            bytes[size++] = (byte) digit;
            digit = NO_DIGIT;
        }
        prefixed = false;
    }

    private void endLine() throws HexException {
        if (digit != NO_DIGIT) {
            throw fault(lineLength - 1, "the line ends behind the first digit of a byte");
        }
        inComment = false;
        lineNumber++;
    }

    private void accept(int c, int index) throws HexException {
        if (digit == NO_DIGIT && !inComment && c == CAST.charAt(castRead)) {
            castRead = (castRead + 1) % CAST.length();
            return;
        }
        endCast(index);
        acceptCharacter(c, index);
    }

    /** Takes what was read of a cast for what it is, when it is none. */
    private void endCast(int index) throws HexException {
        int read = castRead;
        castRead = 0;
        for (int i = 0; i < read; i++) {
            acceptCharacter(CAST.charAt(i), index);
        }
    }

    private void acceptCharacter(int c, int index) throws HexException {
        int value = Character.digit(c, RADIX);
        if (inComment) {
            return;
        }
        if (value < 0 && c != 'x' && c != 'X') {
            endNumber();
        }
        if (value >= 0) {
            acceptDigit(value);
        } else if ((c == 'x' || c == 'X') && isPrefix(index)) {
            prefixed = digit == 0;
            digit = NO_DIGIT;
        } else if (digit != NO_DIGIT) {
            throw fault(index, "a byte has two digits, there is " + named(c) + " behind the first");
        } else if (c == '#') {
            inComment = true;
        } else if (c == '}') {
            arrayEnded = true;
        } else if (c == '*') {
            throw fault(index, "'*' stands for lines that the dump left out; hexdump -v, od -v and xxd write them all");
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
            prefixed = false;
        }
    }

    /** Tells whether an x belongs to {@code 0x} or {@code \x}. */
    private boolean isPrefix(int index) {
        return digit == 0 || (digit == NO_DIGIT && index > 0 && line[index - 1] == '\\');
    }

    private HexException fault(int index, String what) {
        return new HexException(lineNumber, columnsBefore + index + 1, what, false);
    }

    static String named(int c) {
        if (c == ' ') {
            return "a blank";
        }
        return c > ' ' && c <= '~' ? "'" + (char) c + "'" : "0x%02x".formatted(c);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
