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
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String FINDING_INDENT = "      ";

    private final ReportOutput output;
    private final PrintWriter out;
    private final Style style;
    private final PayloadText payloads;
    private long shownConnection;
    private @Nullable FrameReport lastFrame;
    private @Nullable Instant lastTime;

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
        return String.format(
                Locale.ROOT,
                " #%-4d%s @%-8d %-12s %-16s",
                frame.index(),
                packet(frame),
                frame.offset(),
                frame.opcode(),
                flags(frame));
    }

    private String packet(FrameReport frame) {
        if (frame.packet() == 0) {
            return "";
        }
        Instant time = frame.time();
        Instant before = lastTime;
        lastTime = time;
        if (time == null || time.equals(Instant.EPOCH)) {
            return " packet %-5d".formatted(frame.packet());
        }
        double seconds = before == null ? 0 : Duration.between(before, time).toNanos() / NANOS_PER_SECOND;
        return String.format(Locale.ROOT, " packet %-5d %+10.6f s", frame.packet(), seconds);
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
        return frame.complete()
                ? "%6d %s".formatted(frame.declared(), frame.declared() == 1 ? "byte " : "bytes")
                : "%d of %d bytes".formatted(frame.received(), frame.declared());
    }

    private String content(FrameReport frame, int columns) {
        String code = frame.closeCode() == FrameReport.NO_CODE
                ? ""
                : frame.closeCode() + " (" + CloseCode.nameOf(frame.closeCode()) + ") ";
        String kind = frame.content() == Content.COMPRESSED ? "compressed: " : "";
        return (code + kind + payloads.of(frame, columns - code.length() - kind.length())).stripTrailing();
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
        String place =
                follows || finding.frame() > 0 ? "" : " (from the " + finding.from() + ", @" + finding.offset() + ")";
        out.println(FINDING_INDENT + style.mark(finding.severity()) + " "
                + style.paint(style.part(finding.severity()), finding.rule().id()) + "  " + about
                + asciiOnly(finding.message()) + place);
        if (follows && frame != null) {
            for (String line : HeaderDrawing.of(frame, finding.rule())) {
                out.println(FINDING_INDENT + "    " + line);
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
        String findings = "%s, %s, %s, %s"
                .formatted(
                        count(summary.errors(), "error"),
                        count(summary.warnings(), "warning"),
                        count(summary.notes(), "note"),
                        count(summary.opinions(), "opinion"));
        Part part = summary.errors() > 0 ? Part.ERROR : summary.warnings() > 0 ? Part.WARNING : Part.GOOD;
        out.println(count(summary.connections(), "connection") + ", " + count(summary.frames(), "frame") + ": "
                + style.paint(part, findings));
    }

    private static String nothingFound(Summary summary) {
        return summary.packets() == 0
                ? "No WebSocket connection found: the input is empty."
                : "No WebSocket connection found in " + count(summary.packets(), "packet") + ", "
                        + count(summary.tcpConnections(), "TCP connection") + ".";
    }

    private static String count(long number, String noun) {
        return String.format(Locale.ROOT, "%d %s%s", number, noun, number == 1 ? "" : "s");
    }
}
