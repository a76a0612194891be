package io.sansocket.doctor.inspection;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recognises bytes that are another protocol's, by how they begin. */
final class ForeignData {
    /** As many bytes as it takes to recognise and to quote. */
    static final int SAMPLE = 32;

    private static final List<String> HTTP_STARTS =
            List.of("HTTP/1.", "GET /", "POST /", "PUT /", "HEAD /", "DELETE /", "OPTIONS ", "PATCH /", "CONNECT ");
    private static final int TLS_HEADER = 5;
    private static final int TLS_CHANGE_CIPHER_SPEC = 0x14;
    private static final int TLS_APPLICATION_DATA = 0x17;
    private static final int TLS_MAJOR = 3;
    private static final int TLS_LAST_MINOR = 4;
    /** RFC 8446 §5.2: a record has at most 2^14 + 256 bytes; RFC 5246 §6.2.3 allows 2^14 + 2048. */
    private static final int TLS_MAX_RECORD = (1 << 14) + 2048;

    private ForeignData() {}

    /** Returns what the bytes look like, with the evidence, or null when they look like nothing known. */
    static @Nullable String recognise(byte[] sample) {
        String text = new String(sample, StandardCharsets.ISO_8859_1);
        for (String start : HTTP_STARTS) {
            if (text.startsWith(start)) {
                return "HTTP/1: they begin with \"" + firstLine(text) + "\"";
            }
        }
        if (isTls(sample)) {
            return "a TLS record: they begin with " + HexFormat.ofDelimiter(" ").formatHex(sample, 0, TLS_HEADER);
        }
        return null;
    }

    private static String firstLine(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= ' ' && text.charAt(end) <= '~') {
            end++;
        }
        return text.substring(0, end);
    }

    private static boolean isTls(byte[] b) {
        if (b.length < TLS_HEADER) {
            return false;
        }
        int length = ((b[3] & 0xFF) << Byte.SIZE) | (b[4] & 0xFF);
        return b[0] >= TLS_CHANGE_CIPHER_SPEC
                && b[0] <= TLS_APPLICATION_DATA
                && b[1] == TLS_MAJOR
                && b[2] >= 0
                && b[2] <= TLS_LAST_MINOR
                && length > 0
                && length <= TLS_MAX_RECORD;
    }
}
