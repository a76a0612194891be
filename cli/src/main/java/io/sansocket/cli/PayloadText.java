package io.sansocket.cli;

import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.PayloadExcerpt;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A payload in one line for people: text in quotes or bytes in hex, its middle left out, and harmless to a terminal. */
final class PayloadText {
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
    private static final int HEX_WIDTH = 3;
    private static final int CLOSE_CODE_LENGTH = 2;

    private final Style style;

    PayloadText(Style style) {
        this.style = style;
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
        String text = escape(new String(head, from, end - from, StandardCharsets.UTF_8));
        int room = Math.max(8, columns - 2);
        if (payload.isWhole() && text.length() <= room) {
            return '"' + text + '"';
        }
        byte[] tail = payload.tail();
        String last = text;
        if (!payload.isWhole()) {
            int start = Utf8Cut.after(tail);
            last = escape(new String(tail, start, tail.length - start, StandardCharsets.UTF_8));
        }
        int lastRoom = Math.min(last.length(), room / 3);
        int firstRoom = Math.min(text.length(), room - lastRoom - 1);
        return '"' + cutEnd(text, firstRoom) + style.ellipsis() + cutStart(last, lastRoom) + '"';
    }

    /** Cuts escaped text, and no surrogate pair in two. */
    private static String cutEnd(String text, int length) {
        boolean splits = length > 0 && length < text.length() && Character.isHighSurrogate(text.charAt(length - 1));
        return text.substring(0, splits ? length - 1 : length);
    }

    private static String cutStart(String text, int length) {
        int start = text.length() - length;
        boolean splits = start > 0 && start < text.length() && Character.isLowSurrogate(text.charAt(start));
        return text.substring(splits ? start + 1 : start);
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

    /** Escapes what could steer a terminal or hide text: controls, formats such as bidi, and what is not assigned. */
    String escape(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                default -> append(out, c);
            }
        }
        return out.toString();
    }

    private void append(StringBuilder out, int c) {
        boolean ascii = c >= ' ' && c <= '~';
        if (ascii || (c > '~' && style.unicode() && isHarmless(c))) {
            out.appendCodePoint(c);
        } else if (c <= 0xFFFF) {
            out.append("\\u%04x".formatted(c));
        } else {
            out.append("\\u{%x}".formatted(c));
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
