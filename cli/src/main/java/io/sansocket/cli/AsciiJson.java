package io.sansocket.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.Writer;

/** Writes JSON in ASCII alone, so that no locale and no terminal can misread it. */
final class AsciiJson {
    private AsciiJson() {}

    /** Returns a generator of lines, one object each; it neither flushes nor closes the writer. */
    static JsonGenerator lines(Writer writer) throws IOException {
        JsonGenerator json = JsonFactory.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
                .build()
                .createGenerator(writer);
        json.setPrettyPrinter(new MinimalPrettyPrinter(""));
        return json;
    }
}
