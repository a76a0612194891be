package io.sansocket.core.http;

import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An incremental, strict parser of one HTTP/1.1 head (RFC 9112 §2–§5).
 *
 * <p>Theory of operation: each byte is judged by the limits, then by the grammar of the line it stands in, and only
 * then consumed. A byte that breaks a rule stays in the buffer: everything before it was in order, and the violation's
 * offset is its place. One line is retained as bytes, finished fields as strings, so memory grows with what was
 * received and is bounded by the limits; the cost is linear whatever the chunks.
 *
 * <p>Stricter than a recipient may be: a line ends with CR LF alone, folded lines, whitespace around a name, and empty
 * lines before the head are refused, since two readings of one head are how requests are smuggled.
 *
 * <p>Not thread-safe. Create one for each head.
 *
 * @since 0.1
 */
public final class HttpHeadParser {
    private static final int CR = '\r';
    private static final int LF = '\n';
    private static final byte[] NO_BYTES = {};
    private static final int FIRST_LINE_CAPACITY = 128;

    private final HttpLimits limits;
    private final long offset;
    private final HeadLine startLine;
    private final FieldLine fieldLine = new FieldLine();
    private final List<HttpField> fields = new ArrayList<>();

    // The current line. Invariant: line[0..length) was accepted by its grammar; afterCr: then came a CR.
    private byte[] line = NO_BYTES;
    private int length;
    private boolean afterCr;
    // The finished lines. Invariant: startBytes is empty until the start line ended.
    private byte[] startBytes = NO_BYTES;
    private int parsed;
    private boolean complete;
    private @Nullable Violation violation;

    private HttpHeadParser(HttpLimits limits, long offset, HeadLine startLine) {
        this.limits = Objects.requireNonNull(limits);
        this.offset = offset;
        this.startLine = startLine;
    }

    /** Returns a parser of a request that begins at offset 0 of the peer's stream. */
    public static HttpHeadParser forRequests(HttpLimits limits) {
        return new HttpHeadParser(limits, 0, new RequestLine());
    }

    /** Returns a parser of a response that begins at offset 0 of the peer's stream. */
    public static HttpHeadParser forResponses(HttpLimits limits) {
        return forResponses(limits, 0);
    }

    /** Returns a parser of a response that begins at an offset of the peer's stream, behind an interim response. */
    public static HttpHeadParser forResponses(HttpLimits limits, long offset) {
        return new HttpHeadParser(limits, offset, new StatusLine());
    }

    /**
     * Consumes bytes up to the head's end, and not one behind it.
     *
     * <p>Never throws for the peer's faults. The buffer stays the caller's; nothing of it is kept. After the end of the
     * head, and after a violation, nothing more is consumed.
     *
     * @return true when the head is complete; false when it needs more bytes or {@link #violation()} is set
     */
    public boolean parse(ByteBuffer in) {
        while (!complete && violation == null && in.hasRemaining()) {
            Fault fault = judge(in.get(in.position()) & 0xFF);
            if (fault != null) {
                violation = new Violation(fault.rule(), offset + parsed, where() + ": " + fault.message());
            } else {
                in.get();
                parsed++;
            }
        }
        return complete;
    }

    private @Nullable Fault judge(int b) {
        if (parsed == limits.maxHead()) {
            return tooLarge("the head has ", parsed + 1, " bytes", limits.maxHead());
        }
        if (afterCr) {
            // RFC 9112 §2.2: "A recipient of such a bare CR MUST consider that element to be invalid or replace each
            // bare CR with SP"; we refuse it.
            return b == LF ? endLine() : Fault.syntax(Fault.named(b) + " behind a CR, where only LF may stand");
        }
        return switch (b) {
            case CR -> judgeLineEnd();
            // RFC 9112 §2.2 allows to "recognize a single LF as a line terminator"; we refuse it because another
            // recipient in the chain may not.
            case LF -> Fault.syntax("LF without CR");
            default -> judgeInLine(b);
        };
    }

    private @Nullable Fault judgeLineEnd() {
        afterCr = true;
        if (length > 0) {
            return currentLine().end(length);
        }
        // RFC 9112 §2.2: a server "SHOULD ignore at least one empty line (CRLF) received prior to the request-line";
        // that is for requests behind a body. A handshake is the first on its connection; we refuse it.
        return inStartLine() ? Fault.syntax("an empty line comes first") : null;
    }

    private @Nullable Fault judgeInLine(int b) {
        if (length == 0 && !inStartLine() && fields.size() == limits.maxHeaders()) {
            return tooLarge("the head has ", fields.size() + 1, " headers", limits.maxHeaders());
        }
        if (length == limits.maxLine()) {
            return tooLarge("the line has ", length + 1, " bytes", limits.maxLine());
        }
        Fault fault = currentLine().accept(length, b);
        if (fault == null) {
            if (length == line.length) {
                line = Arrays.copyOf(line, Math.min(Math.max(FIRST_LINE_CAPACITY, 2 * length), limits.maxLine()));
            }
            line[length++] = (byte) b;
        }
        return fault;
    }

    private static Fault tooLarge(String what, int value, String unit, int limit) {
        return new Fault(Rule.HANDSHAKE_TOO_LARGE, what + value + unit + " or more, the limit is " + limit);
    }

    private @Nullable Fault endLine() {
        if (inStartLine()) {
            startBytes = Arrays.copyOf(line, length);
        } else if (length > 0) {
            fields.add(fieldLine.read(line, length, offset + parsed - 1 - length));
        } else {
            complete = true;
            line = NO_BYTES;
        }
        length = 0;
        afterCr = false;
        return null;
    }

    private boolean inStartLine() {
        return startBytes.length == 0;
    }

    private HeadLine currentLine() {
        return inStartLine() ? startLine : fieldLine;
    }

    /** Tells whether the head is complete. */
    public boolean isComplete() {
        return complete;
    }

    /** Returns the rule that the peer broke, or null. */
    public @Nullable Violation violation() {
        return violation;
    }

    /** Returns how many bytes were in order and consumed. */
    public int bytesParsed() {
        return parsed;
    }

    /**
     * Returns the request.
     *
     * @throws IllegalStateException when it is not complete, or the parser is one of responses
     */
    public HttpRequest request() {
        if (complete && startLine instanceof RequestLine request) {
            return request.read(startBytes, headers());
        }
        throw new IllegalStateException("no complete request: " + progress());
    }

    /**
     * Returns the response, without a body.
     *
     * @throws IllegalStateException when it is not complete, or the parser is one of requests
     */
    public HttpResponse response() {
        if (complete && startLine instanceof StatusLine) {
            return StatusLine.read(startBytes, startBytes.length, headers());
        }
        throw new IllegalStateException("no complete response: " + progress());
    }

    private HttpHeaders headers() {
        long start = offset + startBytes.length + "\r\n".length();
        return new HttpHeaders(fields, start, offset + parsed - "\r\n".length());
    }

    /**
     * Returns what the parser is waiting for, for people:
     * {@code in the request head: 312 bytes received, in header line 7 ("Origin")}.
     */
    public String progress() {
        String state = complete ? "complete" : violation != null ? "refused in " + where() : "in " + where();
        return "in the " + kind() + " head: " + parsed + " bytes received, " + state;
    }

    private String where() {
        if (inStartLine()) {
            return startLine instanceof RequestLine ? "the request line" : "the status line";
        }
        if (length == 0 && afterCr) {
            return "the empty line at the end";
        }
        String name = fieldLine.name(line);
        return "header line " + (fields.size() + 1) + (name == null ? "" : " (" + Excerpt.of(name) + ")");
    }

    private String kind() {
        return startLine instanceof RequestLine ? "request" : "response";
    }
}
