package io.sansocket.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sansocket.doctor.report.ConnectionReport;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.FrameReport;
import io.sansocket.doctor.report.MessagePart;
import io.sansocket.doctor.report.PayloadExcerpt;
import io.sansocket.doctor.report.Report;
import io.sansocket.doctor.report.ReportListener;
import io.sansocket.doctor.report.Summary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reports as lines of JSON, one object each, {@code type} first; a contract with the programs that read them.
 *
 * <p>Fields that do not apply are left out.
 */
final class JsonLines implements ReportListener {
    private static final int CLOSE_CODE_LENGTH = 2;

    private final ReportOutput output;
    private final JsonGenerator json;

    JsonLines(ReportOutput output) throws IOException {
        this.output = output;
        json = AsciiJson.lines(output.writer());
    }

    @Override
    public void report(Report report) {
        try {
            json.writeStartObject();
            if (report instanceof ConnectionReport connection) {
                write(connection);
            } else if (report instanceof FrameReport frame) {
                write(frame);
            } else if (report instanceof Finding finding) {
                write(finding);
            } else if (report instanceof Summary summary) {
                write(summary);
            }
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        output.endReport();
    }

    private void write(ConnectionReport connection) throws IOException {
        json.writeStringField("type", "connection");
        json.writeNumberField("id", connection.id());
        json.writeStringField("client", connection.client());
        json.writeStringField("server", connection.server());
        json.writeStringField("handshake", connection.handshake().toString());
        json.writeArrayFieldStart("extensions");
        for (String extension : connection.extensions()) {
            json.writeString(extension);
        }
        json.writeEndArray();
        json.writeStringField("subprotocol", connection.subprotocol());
    }

    private void write(FrameReport frame) throws IOException {
        json.writeStringField("type", "frame");
        json.writeNumberField("connection", frame.connection());
        json.writeStringField("from", frame.from().toString());
        json.writeNumberField("index", frame.index());
        json.writeNumberField("offset", frame.offset());
        json.writeStringField("opcode", frame.opcode());
        json.writeBooleanField("fin", frame.fin());
        json.writeNumberField("rsv", frame.rsv());
        json.writeBooleanField("masked", frame.masked());
        json.writeNumberField("header_length", frame.header().length());
        json.writeNumberField("declared", frame.declared());
        json.writeNumberField("received", frame.received());
        json.writeBooleanField("complete", frame.complete());
        if (frame.packet() > 0) {
            json.writeNumberField("packet", frame.packet());
        }
        writeTime(frame.time());
        writePart(frame.part());
        writePayload(frame);
    }

    private void writeTime(@Nullable Instant time) throws IOException {
        // A capture that does not say when counts from the epoch.
        if (time != null && !time.equals(Instant.EPOCH)) {
            json.writeStringField("time", time.toString());
        }
    }

    private void writePart(MessagePart part) throws IOException {
        if (part.compressed()) {
            json.writeNumberField("message", part.message());
            json.writeBooleanField("compressed", true);
        }
        if (part.isInflated()) {
            json.writeNumberField("inflated", part.inflated());
        }
    }

    private void writePayload(FrameReport frame) throws IOException {
        PayloadExcerpt payload = frame.payload();
        byte[] bytes = payload.head();
        if (frame.closeCode() != FrameReport.NO_CODE) {
            json.writeNumberField("close_code", frame.closeCode());
        }
        switch (frame.content()) {
            case CLOSE -> {
                if (bytes.length > CLOSE_CODE_LENGTH) {
                    int length = wholeCharacters(payload) - CLOSE_CODE_LENGTH;
                    json.writeStringField(
                            "close_reason", new String(bytes, CLOSE_CODE_LENGTH, length, StandardCharsets.UTF_8));
                }
            }
            case TEXT ->
                json.writeStringField("text", new String(bytes, 0, wholeCharacters(payload), StandardCharsets.UTF_8));
            case DATA, COMPRESSED -> {
                json.writeFieldName("data_base64");
                json.writeBinary(bytes, 0, bytes.length);
            }
        }
        if (!payload.isWhole()) {
            json.writeBooleanField("payload_truncated", true);
        }
    }

    /** Returns how many bytes of the head are whole characters; the head of a long text may be cut inside of one. */
    private static int wholeCharacters(PayloadExcerpt payload) {
        byte[] bytes = payload.head();
        if (payload.isWhole()) {
            return bytes.length;
        }
        return Utf8Cut.before(bytes, bytes.length);
    }

    private void write(Finding finding) throws IOException {
        json.writeStringField("type", "finding");
        json.writeNumberField("connection", finding.connection());
        json.writeStringField("from", finding.from().toString());
        json.writeStringField("rule", finding.rule().id());
        json.writeStringField("severity", finding.severity().toString());
        json.writeNumberField("offset", finding.offset());
        if (finding.frame() > 0) {
            json.writeNumberField("frame", finding.frame());
        }
        json.writeStringField("message", finding.message());
        var lengths = finding.lengths();
        if (lengths != null) {
            writeKnown("declared", lengths.declared());
            writeKnown("received", lengths.received());
            writeKnown("missing", lengths.missing());
        }
        writeKnown("position", finding.position());
        if (finding.endedBy() != null) {
            json.writeStringField("ended_by", finding.endedBy().toString());
        }
    }

    private void writeKnown(String name, long value) throws IOException {
        if (value != Finding.NONE) {
            json.writeNumberField(name, value);
        }
    }

    private void write(Summary summary) throws IOException {
        json.writeStringField("type", "summary");
        json.writeNumberField("connections", summary.connections());
        json.writeNumberField("frames", summary.frames());
        json.writeObjectFieldStart("findings");
        json.writeNumberField("error", summary.errors());
        json.writeNumberField("warning", summary.warnings());
        json.writeNumberField("note", summary.notes());
        json.writeNumberField("opinion", summary.opinions());
        json.writeEndObject();
        if (summary.packets() > 0) {
            json.writeNumberField("packets", summary.packets());
            json.writeNumberField("tcp_connections", summary.tcpConnections());
        }
    }
}
