package io.sansocket.cli;

import java.util.ArrayList;
import java.util.List;

/** Breaks sentences into lines, at blanks only. */
final class LineWrap {
    private LineWrap() {}

    /** Returns at least one line; a word that is longer than a line stands alone. */
    static List<String> of(String text, int columns) {
        var lines = new ArrayList<String>();
        String rest = text;
        while (rest.length() > columns) {
            int end = rest.lastIndexOf(' ', columns);
            if (end <= 0) {
                end = rest.indexOf(' ', columns);
            }
            if (end < 0) {
                break;
            }
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        lines.add(rest);
        return lines;
    }
}
