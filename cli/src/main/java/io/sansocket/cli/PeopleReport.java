package io.sansocket.cli;

import io.sansocket.cli.Style.Part;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.CloseCode;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.FrameReport.Content;
import io.sansocket.doctor.report.HandshakeState;
import io.sansocket.doctor.report.Report;
import io.sansocket.doctor.report.ReportListener;
import io.sansocket.doctor.report.Summary;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reports for people: a heading for each connection, a line for each frame, findings under what they are about. */
final class PeopleReport implements ReportListener {
    private static final int INDEX_END = 7;
    private static final int PACKET_WIDTH = 12;
    private static final int NARROW_PACKET_WIDTH = 7;
    private static final int SECONDS_WIDTH = 4;
    private static final int OFFSET_WIDTH = 9;
    private static final int OPCODE_WIDTH = 13;
    /** For " FIN RSV1 masked", the longest that is lawful. */
    private static final int FLAGS_WIDTH = 16;

    private static final int NARROW_OFFSET_WIDTH = 8;
    private static final int NARROW_OPCODE_WIDTH = 7;
    private static final int NARROW_FLAGS_WIDTH = 12;
    /** With fewer columns the payload would have no room beside all others: the times give way. */
    private static final int FEWEST_FOR_TIMES = 110;

    private static final int LENGTH_WIDTH = 7;
    private static final int NANOS_PER_MICRO = 1000;
    private static final int MICROS_PER_SECOND = 1_000_000;
    private static final int MICRO_DIGITS = 6;
    private static final String FINDING_INDENT = "      ";
    private static final String CONTINUATION_INDENT = FINDING_INDENT + "  ";

    private final ReportOutput output;
    private final PrintWriter out;
    private final Style style;
    private final PayloadText payloads;
    private long shownConnection;
    private @Nullable FrameReport lastFrame;
    private @Nullable Instant lastTime;
    private boolean inputFailed;

    PeopleReport(ReportOutput output, Style style) {
        this.output = output;
        this.style = style;
        out = output.writer();
        payloads = new PayloadText(style);
    }

    @Override
    public void report(Report report) {
        if (report instanceof ConnectionReport connection) {
            show(connection);
        } else if (report instanceof FrameReport frame) {
            show(frame);
        } else if (report instanceof Finding finding) {
            show(finding);
        } else if (report instanceof Summary summary) {
            show(summary);
        }
        output.endReport();
    }

    private void show(ConnectionReport connection) {
        if (connection.id() > 1) {
            out.println();
        }
        var line = new StringBuilder(style.paint(Part.HEADING, "Connection " + connection.id()));
        if (connection.client() != null) {
            line.append(": ")
                    .append(style.paint(Part.CLIENT, connection.client()))
                    .append(' ')
                    .append(style.toServer())
                    .append(' ')
                    .append(style.paint(Part.SERVER, String.valueOf(connection.server())));
        }
        line.append(", handshake ").append(handshake(connection.handshake()));
        if (connection.subprotocol() != null) {
            line.append(", subprotocol \"")
                    .append(payloads.escape(connection.subprotocol()))
                    .append('"');
        }
        for (String extension : connection.extensions()) {
            line.append(", ").append(payloads.escape(extension));
        }
        out.println(line);
        shownConnection = connection.id();
        lastFrame = null;
        lastTime = null;
    }

    private String handshake(HandshakeState state) {
        return switch (state) {
            case PRESENT -> style.paint(Part.GOOD, "present");
            case ABSENT -> style.paint(Part.WARNING, "absent");
            case FAILED -> style.paint(Part.ERROR, "failed");
        };
    }

    /** Connections are taken apart side by side: says which one the next lines are about. */
    private void switchTo(long connection) {
        if (connection != shownConnection) {
            out.println(style.paint(Part.FAINT, "Connection " + connection + ", continued"));
            shownConnection = connection;
            lastFrame = null;
            lastTime = null;
        }
    }

    private void show(FrameReport frame) {
        switchTo(frame.connection());
        boolean fromClient = frame.from() == Role.CLIENT;
        Part side = fromClient ? Part.CLIENT : Part.SERVER;
        String plain = plainColumns(frame);
        String lengths = lengths(frame);
        int used = 2 + (fromClient ? style.toServer() : style.toClient()).length() + plain.length() + lengths.length();
        String payload = content(frame, style.columns() - used - 2);
        out.println("  " + style.paint(side, fromClient ? style.toServer() : style.toClient()) + plain
                + (frame.complete() ? lengths : style.paint(Part.ERROR, lengths))
                + (payload.isEmpty() ? "" : "  " + payload));
        lastFrame = frame;
    }

    private String plainColumns(FrameReport frame) {
        var line = new StringBuilder(96);
        padTo(line.append(" #").append(frame.index()), INDEX_END);
        appendPacket(line, frame);
        int offset = line.length();
        padTo(line.append(" @").append(frame.offset()), offset + (isNarrow() ? NARROW_OFFSET_WIDTH : OFFSET_WIDTH));
        int opcode = line.length();
        padTo(line.append(' ').append(frame.opcode()), opcode + (isNarrow() ? NARROW_OPCODE_WIDTH : OPCODE_WIDTH));
        int flags = line.length();
        padTo(line.append(' ').append(flags(frame)), flags + (isNarrow() ? NARROW_FLAGS_WIDTH : FLAGS_WIDTH));
        return line.toString();
    }

    private boolean isNarrow() {
        return style.columns() < FEWEST_FOR_TIMES;
    }

    private static void padTo(StringBuilder line, int length) {
        while (line.length() < length) {
            line.append(' ');
        }
    }

    private void appendPacket(StringBuilder line, FrameReport frame) {
        if (frame.packet() == 0) {
            return;
        }
        int start = line.length();
        if (isNarrow()) {
            padTo(line.append(" p").append(frame.packet()), start + NARROW_PACKET_WIDTH);
            return;
        }
        padTo(line.append(" packet ").append(frame.packet()), start + PACKET_WIDTH);
        Instant time = frame.time();
        if (time != null && !time.equals(Instant.EPOCH)) {
            Instant before = lastTime;
            lastTime = time;
            appendSeconds(line, before == null ? Duration.ZERO : Duration.between(before, time));
        }
    }

    /** Appends how long after the frame before, which was first seen later when packets are out of order. */
    private static void appendSeconds(StringBuilder line, Duration after) {
        long micros = Math.abs(after.toNanos()) / NANOS_PER_MICRO;
        String seconds = (after.isNegative() ? "-" : "+") + micros / MICROS_PER_SECOND;
        line.append(" ".repeat(Math.max(1, SECONDS_WIDTH - seconds.length())))
                .append(seconds)
                .append('.');
        String fraction = Long.toString(micros % MICROS_PER_SECOND);
        line.append("0".repeat(MICRO_DIGITS - fraction.length()))
                .append(fraction)
                .append(" s");
    }

    private static String flags(FrameReport frame) {
        var flags = new StringBuilder(frame.fin() ? "FIN" : "   ");
        for (int bit = 1; bit <= 3; bit++) {
            if ((frame.rsv() & (8 >> bit)) != 0) {
                flags.append(" RSV").append(bit);
            }
        }
        return flags.append(frame.masked() ? " masked" : "").toString();
    }

    private static String lengths(FrameReport frame) {
        if (!frame.complete()) {
            return " " + frame.received() + " of " + frame.declared() + " bytes";
        }
        String number = Long.toString(frame.declared());
        return " ".repeat(Math.max(1, LENGTH_WIDTH - number.length()))
                + number
                + (frame.declared() == 1 ? " byte " : " bytes");
    }

    private String content(FrameReport frame, int columns) {
        String code = frame.closeCode() == FrameReport.NO_CODE
                ? ""
                : frame.closeCode() + " (" + CloseCode.nameOf(frame.closeCode()) + ") ";
        String kind = compression(frame);
        return (code + kind + payloads.of(frame, columns - code.length() - kind.length())).stripTrailing();
    }

    private static String compression(FrameReport frame) {
        if (!frame.part().isInflated()) {
            return frame.content() == Content.COMPRESSED ? "compressed: " : "";
        }
        if (frame.part().inflated() == 0) {
            return "deflated, adds nothing ";
        }
        double ratio = (double) frame.part().inflated() / Math.max(1, frame.received());
        return String.format(Locale.ROOT, "deflated %.1f:1 ", ratio);
    }

    private void show(Finding finding) {
        switchTo(finding.connection());
        FrameReport frame = lastFrame;
        boolean follows = frame != null
                && finding.frame() == frame.index()
                && finding.from() == frame.from()
                && finding.connection() == frame.connection();
        String about = follows || finding.frame() == 0
                ? ""
                : "frame #" + finding.frame() + " from the " + finding.from() + ": ";
        boolean placed = follows || finding.frame() > 0;
        String place = placed ? "" : " (from the " + finding.from() + ", @" + finding.offset() + ")";
        String rule = finding.rule().id();
        String sentence = rule + "  " + about + asciiOnly(finding.message()) + place;
        var lines = LineWrap.of(sentence, style.columns() - FINDING_INDENT.length() - 2);
        out.println(FINDING_INDENT + style.mark(finding.severity()) + " "
                + style.paint(style.part(finding.severity()), rule)
                + lines.get(0).substring(rule.length()));
        for (String line : lines.subList(1, lines.size())) {
            out.println(CONTINUATION_INDENT + line);
        }
        if (follows && frame != null) {
            for (String line : HeaderDrawing.of(frame, finding.rule())) {
                out.println(CONTINUATION_INDENT + "  " + line);
            }
        }
    }

    /** Messages are ours and quote a peer's text escaped; only a locale's poverty is left to care for. */
    private String asciiOnly(String message) {
        return style.unicode() ? message : message.replace("§", "section ");
    }

    private void show(Summary summary) {
        if (summary.connections() == 0) {
            out.println(nothingFound(summary));
            return;
        }
        out.println();
        String findings = String.join(
                ", ",
                count(summary.errors(), "error"),
                count(summary.warnings(), "warning"),
                count(summary.notes(), "note"),
                count(summary.opinions(), "opinion"));
        Part part = summary.errors() > 0 ? Part.ERROR : summary.warnings() > 0 ? Part.WARNING : Part.GOOD;
        out.println(count(summary.connections(), "connection") + ", " + count(summary.frames(), "frame") + ": "
                + style.paint(part, findings));
    }

    /** Says that an input could not be read, so that an empty report is not taken for an empty input. */
    void inputFailed() {
        inputFailed = true;
    }

    private String nothingFound(Summary summary) {
        if (summary.packets() == 0 && inputFailed) {
            return "No WebSocket connection found.";
        }
        return summary.packets() == 0
                ? "No WebSocket connection found: the input is empty."
                : "No WebSocket connection found in " + count(summary.packets(), "packet") + ", "
                        + count(summary.tcpConnections(), "TCP connection") + ".";
    }

    private static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
