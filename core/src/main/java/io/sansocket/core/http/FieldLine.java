package io.sansocket.core.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A field line: {@code field-name ":" OWS field-value OWS} (RFC 9112 §5). */
final class FieldLine implements HeadLine {
    // Invariant: the colon's index in the current line, 0 until it was read.
    private int colon;

    @Override
    public @Nullable Fault accept(int index, int b) {
        if (colon > 0) {
            // RFC 9110 §5.5: "Field values containing CR, LF, or NUL characters are invalid and dangerous"
            return HttpTokens.isText(b) ? null : Fault.syntax(Fault.named(b) + " in the value");
        }
        if (HttpTokens.isTokenCharacter(b)) {
            return null;
        }
        if (index > 0 && b == ':') {
            colon = index;
            return null;
        }
        if (HttpTokens.isOptionalWhitespace(b)) {
            // RFC 9112 §5.2: "A server that receives an obs-fold in a request message ... MUST either reject the
            // message by sending a 400 (Bad Request)"; §5.1: "No whitespace is allowed between the field name and
            // colon."
            return Fault.syntax(index == 0 ? "whitespace folds the line before" : "whitespace in the name");
        }
        return Fault.syntax(Fault.named(b) + " in the name");
    }

    @Override
    public @Nullable Fault end(int length) {
        return colon > 0 ? null : Fault.syntax("the line ends without a colon");
    }

    /** Returns the name of the line that is being read, once its colon was. */
    @Nullable
    String name(byte[] line) {
        return colon == 0 ? null : new String(line, 0, colon, StandardCharsets.US_ASCII);
    }

    /** Reads the line and gets ready for the next. */
    HttpField read(byte[] line, int length, long lineOffset) {
        var name = new String(line, 0, colon, StandardCharsets.US_ASCII);
        int from = colon + 1;
        int end = length;
        colon = 0;
        while (from < end && HttpTokens.isOptionalWhitespace(line[from])) {
            from++;
        }
        while (from < end && HttpTokens.isOptionalWhitespace(line[end - 1])) {
            end--;
        }
        var value = new String(line, from, end - from, StandardCharsets.ISO_8859_1);
        return new HttpField(name, value, lineOffset + from);
    }
}
