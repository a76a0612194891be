package io.sansocket.core.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The status line: {@code HTTP-version SP status-code SP [ reason-phrase ]} (RFC 9112 §4). */
final class StatusLine implements HeadLine {
    static final int STATUS_LENGTH = 3;

    private static final int STATUS_INDEX = HttpVersion.LENGTH + 1;
    private static final int STATUS_END = STATUS_INDEX + STATUS_LENGTH;
    private static final int REASON_INDEX = STATUS_END + 1;

    @Override
    public @Nullable Fault accept(int index, int b) {
        if (index < HttpVersion.LENGTH) {
            return index == 0 && HttpVersion.looksLikeTls(b)
                    ? Fault.syntax(Fault.named(b) + " where HTTP/1.1 is expected: this looks like TLS, not HTTP")
                    : HttpVersion.accept(index, b);
        }
        if (index == HttpVersion.LENGTH || index == STATUS_END) {
            return b == ' ' ? null : Fault.syntax(Fault.named(b) + " where a single space is expected");
        }
        if (index < STATUS_END) {
            // RFC 9112 §4: "status-code = 3DIGIT"; RFC 9110 §15: "Values outside the range 100..599 are invalid."
            boolean digit = HttpTokens.isDigit(b) && !(index == STATUS_INDEX && b == '0');
            return digit ? null : Fault.syntax(Fault.named(b) + " in the status code");
        }
        return HttpTokens.isText(b) ? null : Fault.syntax(Fault.named(b) + " in the reason phrase");
    }

    @Override
    public @Nullable Fault end(int length) {
        // RFC 9112 §4: "A server MUST send the space that separates the status-code from the reason-phrase even when
        // the reason-phrase is absent"
        return length >= REASON_INDEX ? null : Fault.syntax("the line ends before the space behind the status code");
    }

    static HttpResponse read(byte[] line, int length, HttpHeaders headers) {
        int status = Integer.parseInt(new String(line, STATUS_INDEX, STATUS_LENGTH, StandardCharsets.US_ASCII));
        var reason = new String(line, REASON_INDEX, length - REASON_INDEX, StandardCharsets.ISO_8859_1);
        return new HttpResponse(HttpVersion.read(line, 0), status, reason, headers, ByteBuffer.allocate(0));
    }
}
