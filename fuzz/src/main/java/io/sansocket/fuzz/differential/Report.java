package io.sansocket.fuzz.differential;

import java.util.List;
import java.util.Locale;

/** The tables of a run and of the catalogue, in Markdown. */
final class Report {
    private Report() {}

    /** Returns how often each kind was met. */
    static String counts(Tally tally, List<Judge> peers) {
        var text = new StringBuilder("| kind |");
        peers.forEach(peer -> text.append(' ').append(peer.name()).append(" |"));
        text.append("\n| --- |").append(" ---: |".repeat(peers.size())).append('\n');
        row(
                text,
                "streams",
                peers.stream().map(peer -> number(tally.seen(peer.name()))).toList());
        row(
                text,
                "agrees",
                peers.stream()
                        .map(peer -> number(agreements(tally, peer.name())))
                        .toList());
        for (Kind kind : Kind.values()) {
            row(
                    text,
                    "[" + kind.id() + "](#" + kind.id() + ")",
                    peers.stream().map(peer -> count(tally, peer.name(), kind)).toList());
        }
        row(
                text,
                "unexplained",
                peers.stream()
                        .map(peer -> number(tally.unexplainedCount(peer.name())))
                        .toList());
        return text.toString();
    }

    private static void row(StringBuilder text, String name, List<String> cells) {
        text.append("| ")
                .append(name)
                .append(" | ")
                .append(String.join(" | ", cells))
                .append(" |\n");
    }

    private static String count(Tally tally, String peer, Kind kind) {
        return kind.peers().contains(peer)
                ? tally.count(peer, kind).map(Report::number).orElse("not asked")
                : "–";
    }

    private static long agreements(Tally tally, String peer) {
        return tally.seen(peer) - tally.explained(peer) - tally.unexplainedCount(peer);
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Returns the kinds, what decides them, and who is right. */
    static String catalogue() {
        var text = new StringBuilder();
        for (Kind kind : Kind.values()) {
            text.append("### ").append(kind.id()).append("\n\n");
            text.append("* ")
                    .append(String.join(", ", kind.peers()))
                    .append(": ")
                    .append(kind.theirs())
                    .append(".\n");
            text.append("* sansocket: ").append(kind.ours()).append(".\n");
            text.append("* ")
                    .append(kind.source())
                    .append(": \"")
                    .append(kind.sentence())
                    .append("\"\n");
            text.append("* ").append(verdict(kind.right())).append("\n\n");
        }
        return text.toString();
    }

    private static String verdict(Kind.Right right) {
        return switch (right) {
            case WE -> "We do as the RFC says.";
            case BOTH -> "Both are allowed.";
        };
    }
}
