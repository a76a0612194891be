package io.sansocket.cli;

import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.PayloadExcerpt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HexFormat;

/** A payload in one line for people: text in quotes or bytes in hex, its middle left out, and harmless to a terminal. */
final class PayloadText {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int HEX_WIDTH = 3;
    private static final int FEWEST_COLUMNS = 12;
    /** The end of a text gets a third of the room. */
    private static final int TAIL_SHARE = 3;

    private static final int CLOSE_CODE_LENGTH = 2;

    private final Style style;

    PayloadText(Style style) {
        this.style = style;
    }

    /** Returns any text so that no terminal takes it for anything but text. */
    static String escape(String text, boolean unicode) {
        return new PayloadText(new Style(false, unicode, Integer.MAX_VALUE)).escape(text);
    }

    /** Returns the payload in at most so many columns, roughly. */
    String of(FrameReport frame, int columns) {
        PayloadExcerpt payload = frame.payload();
        if (payload.head().length == 0 && payload.isWhole()) {
            return "";
        }
        return switch (frame.content()) {
            case TEXT -> quoted(payload, 0, columns);
            case CLOSE -> payload.head().length <= CLOSE_CODE_LENGTH ? "" : quoted(payload, CLOSE_CODE_LENGTH, columns);
            case DATA, COMPRESSED -> isShownAsText(frame) ? quoted(payload, 0, columns) : hex(payload, columns);
        };
    }

    /** A ping's payload is bytes; when they are printable, people read them more easily so. */
    private static boolean isShownAsText(FrameReport frame) {
        if (frame.content() != Content.DATA || !frame.payload().isWhole()) {
            return false;
        }
        for (byte b : frame.payload().head()) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }

    private String quoted(PayloadExcerpt payload, int from, int columns) {
        byte[] head = payload.head();
        int end = payload.isWhole() ? head.length : Utf8Cut.before(head, head.length);
        String text = new String(head, from, end - from, StandardCharsets.UTF_8);
        int room = Math.max(FEWEST_COLUMNS, columns - 2);
        var whole = new StringBuilder();
        if (appendFirst(whole, text, room) == text.length() && payload.isWhole()) {
            return '"' + whole.toString() + '"';
        }
        String last = text;
        if (!payload.isWhole()) {
            byte[] tail = payload.tail();
            int start = Utf8Cut.after(tail);
            last = new String(tail, start, tail.length - start, StandardCharsets.UTF_8);
        }
        String lastPart = last(last, room / TAIL_SHARE);
        var first = new StringBuilder();
        appendFirst(first, text, room - lastPart.length() - style.ellipsis().length());
        return '"' + first.toString() + style.ellipsis() + lastPart + '"';
    }

    /** Escapes as many characters from the beginning as there is room for, and returns the index behind them. */
    private int appendFirst(StringBuilder out, String text, int room) {
        int i = 0;
        while (i < text.length()) {
            int before = out.length();
            int c = text.codePointAt(i);
            append(out, c);
            if (out.length() > room) {
                out.setLength(before);
                return i;
            }
            i += Character.charCount(c);
        }
        return i;
    }

    /** Escapes as many characters of the end as there is room for. */
    private String last(String text, int room) {
        var parts = new ArrayDeque<String>();
        int used = 0;
        for (int i = text.length(); i > 0; ) {
            int c = text.codePointBefore(i);
            var part = new StringBuilder();
            append(part, c);
            used += part.length();
            if (used > room) {
                break;
            }
            parts.addFirst(part.toString());
            i -= Character.charCount(c);
        }
        return String.join("", parts);
    }

    private String hex(PayloadExcerpt payload, int columns) {
        byte[] head = payload.head();
        int room = Math.max(4, columns / HEX_WIDTH);
        if (payload.isWhole() && head.length <= room) {
            return HEX.formatHex(head);
        }
        byte[] tail = payload.isWhole() ? head : payload.tail();
        int last = Math.min(tail.length, room / 3);
        int first = Math.min(head.length, room - last - 1);
        return HEX.formatHex(head, 0, first) + " " + style.ellipsis() + " "
                + HEX.formatHex(tail, tail.length - last, tail.length);
    }

    /**
     * Escapes what could steer a terminal or hide text: controls, formats such as bidi, and what is not assigned. Quotes
     * stay as they are, for most payloads are JSON; the line ends with the payload's quote.
     */
    String escape(String text) {
        var out = new StringBuilder(text.length());
        appendFirst(out, text, Integer.MAX_VALUE);
        return out.toString();
    }

    private void append(StringBuilder out, int c) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\\' -> out.append("\\\\");
            default -> appendPrintable(out, c);
        }
    }

    private void appendPrintable(StringBuilder out, int c) {
        boolean ascii = c >= ' ' && c <= '~';
        if (ascii || (c > '~' && style.unicode() && isHarmless(c))) {
            out.appendCodePoint(c);
        } else if (c <= 0xFFFF) {
            out.append("\\u").append(HexFormat.of().toHexDigits((char) c));
        } else {
            out.append("\\u{").append(Integer.toHexString(c)).append('}');
        }
    }

    private static boolean isHarmless(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK -> false;
            default -> true;
        };
    }
}
