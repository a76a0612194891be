package io.sansocket.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.sansocket.WebSocket;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.frame.Progress;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.protocol.Closed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** A connection as lines of JSON, one object each, {@code type} first; a contract with the programs that read them. */
final class JsonTranscript implements Transcript {
    /** The fields of one object. */
    private interface Fields {
        void write() throws IOException;
    }

    private final PrintWriter out;
    private final JsonGenerator json;

    JsonTranscript(PrintWriter out) throws IOException {
        this.out = out;
        json = AsciiJson.lines(out);
    }

    @Override
    public void onOpen(WebSocket connection) {
        object("open", () -> {
            json.writeStringField("local", AddressText.of(connection.localAddress()));
            json.writeStringField("remote", AddressText.of(connection.remoteAddress()));
            json.writeStringField("subprotocol", connection.subprotocol().orElse(null));
            json.writeArrayFieldStart("extensions");
            for (ExtensionOffer extension : connection.extensions()) {
                json.writeString(extension.toString());
            }
            json.writeEndArray();
        });
    }

    @Override
    public void onText(WebSocket connection, String text) {
        object("message", () -> {
            json.writeStringField("opcode", "text");
            json.writeStringField("text", text);
        });
    }

    @Override
    public void onBinary(WebSocket connection, ByteBuffer data) {
        object("message", () -> {
            json.writeStringField("opcode", "binary");
            writeBytes(data);
        });
    }

    @Override
    public void onPing(WebSocket connection, ByteBuffer payload) {
        object("ping", () -> writeBytes(payload));
    }

    @Override
    public void onPong(WebSocket connection, ByteBuffer payload) {
        object("pong", () -> writeBytes(payload));
    }

    @Override
    public void onStalled(WebSocket connection, Progress progress) {
        object("stalled", () -> write(progress));
    }

    @Override
    public void onClosed(WebSocket connection, Closed closed) {
        object("closed", () -> {
            json.writeBooleanField("clean", closed.isClean());
            json.writeNumberField("code", closed.closeCode());
            var received = closed.received();
            if (received != null) {
                json.writeStringField("reason", received.reason());
            }
            var sent = closed.sent();
            if (sent != null) {
                json.writeNumberField("sent_code", sent.code());
            }
            json.writeStringField("ended_by", kebab(closed.transportEnd()));
            var violation = closed.violation();
            if (violation != null) {
                json.writeStringField("rule", violation.rule().id());
                json.writeNumberField("offset", violation.offset());
            }
            json.writeStringField("message", closed.toString());
            write(closed.progress());
        });
    }

    @Override
    public void refused(HttpResponse response) {
        object("refused", () -> {
            json.writeNumberField("status", response.status());
            json.writeStringField("reason", response.reason());
            json.writeArrayFieldStart("headers");
            for (HttpField field : response.headers()) {
                json.writeStartArray();
                json.writeString(field.name());
                json.writeString(field.value());
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeStringField(
                    "body", StandardCharsets.UTF_8.decode(response.body()).toString());
        });
    }

    @Override
    public void failed(String reason) {
        object("failed", () -> json.writeStringField("message", reason));
    }

    @Override
    public boolean isUnread() {
        return out.checkError();
    }

    private void write(Progress progress) throws IOException {
        json.writeObjectFieldStart("progress");
        json.writeStringField("phase", kebab(progress.phase()));
        json.writeStringField("message", progress.toString());
        if (progress.inFrame()) {
            json.writeNumberField("offset", progress.offset());
            json.writeStringField("header", progress.header());
            if (progress.declared() != Progress.UNKNOWN) {
                json.writeNumberField("declared", progress.declared());
                json.writeNumberField("received", progress.received());
                json.writeNumberField("missing", progress.missing());
            }
        }
        json.writeEndObject();
    }

    private void writeBytes(ByteBuffer data) throws IOException {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        json.writeBinaryField("data_base64", bytes);
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private void object(String type, Fields fields) {
        try {
            json.writeStartObject();
            json.writeStringField("type", type);
            json.writeStringField("time", Instant.now().toString());
            fields.write();
            json.writeEndObject();
            json.writeRaw('\n');
            json.flush();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
