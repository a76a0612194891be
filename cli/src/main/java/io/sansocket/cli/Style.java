package io.sansocket.cli;

import io.sansocket.doctor.report.Severity;

/**
 * How people's output looks: with colours or without, in Unicode or ASCII, and how wide.
 *
 * @param colors whether to colour
 * @param unicode whether the reader's locale can show more than ASCII
 * @param columns how wide a line may be
 */
record Style(boolean colors, boolean unicode, int columns) {
    /** What to colour. */
    enum Part {
        HEADING("1"),
        FAINT("2"),
        CLIENT("36"),
        SERVER("35"),
        ERROR("1;31"),
        WARNING("33"),
        NOTE("34"),
        OPINION("32"),
        GOOD("32");

        private final String code;

        Part(String code) {
            this.code = code;
        }
    }

    String paint(Part part, String text) {
        return colors ? "\u001b[" + part.code + "m" + text + "\u001b[0m" : text;
    }

    String toServer() {
        return unicode ? "→" : "->";
    }

    String toClient() {
        return unicode ? "←" : "<-";
    }

    String ellipsis() {
        return unicode ? "…" : "...";
    }

    String mark(Severity severity) {
        return switch (severity) {
            case ERROR -> paint(Part.ERROR, unicode ? "✗" : "x");
            case WARNING -> paint(Part.WARNING, "!");
            case NOTE -> paint(Part.NOTE, unicode ? "·" : "-");
            case OPINION -> paint(Part.OPINION, "?");
        };
    }

    Part part(Severity severity) {
        return switch (severity) {
            case ERROR -> Part.ERROR;
            case WARNING -> Part.WARNING;
            case NOTE -> Part.NOTE;
            case OPINION -> Part.OPINION;
        };
    }
}
