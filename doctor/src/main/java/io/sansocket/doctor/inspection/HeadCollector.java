package io.sansocket.doctor.inspection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Tells at the first bytes whether a stream begins with an HTTP/1 head, and collects it up to its empty line.
 *
 * <p>Recognition is lenient, so that a head which breaks the grammar is still found; the core's strict parser judges it.
 */
final class HeadCollector {
    /** The most bytes of a head, as for a client that receives a response. */
    static final int LIMIT = 64 * 1024;

    private static final byte[] NO_BYTES = {};
    private static final int FIRST_CAPACITY = 512;
    private static final int LONGEST_METHOD = 24;
    private static final String RESPONSE_START = "HTTP/1.";
    /** A segment is never longer, so that a longer body need not be counted. */
    private static final long LARGEST_BODY = 1_000_000_000_000L;

    private static final String REQUEST_VERSION = " HTTP/";

    /** How far the recognition has come. */
    enum State {
        /** All bytes so far could be the beginning of a head. */
        OPEN,
        REQUEST,
        RESPONSE,
        /** It is a head, and longer than {@link #LIMIT}. */
        TOO_LONG,
        /** These bytes are no head. */
        NONE
    }

    private final Workspace workspace;
    private State state = State.OPEN;
    private boolean released;
    private byte[] bytes = NO_BYTES;
    private int length;
    private boolean startLineRead;

    HeadCollector(Workspace workspace) {
        this.workspace = workspace;
    }

    /** Consumes bytes until the state is no longer {@link State#OPEN}; what was consumed is kept. */
    State accept(ByteBuffer in) {
        while (state == State.OPEN && in.hasRemaining()) {
            if (length == LIMIT || !reserve()) {
                state = State.TOO_LONG;
                break;
            }
            bytes[length++] = in.get();
            if (!startLineRead) {
                judgeStartLine();
            } else if (endsWithEmptyLine()) {
                state = isResponse() ? State.RESPONSE : State.REQUEST;
            }
        }
        return state;
    }

    private boolean reserve() {
        if (length == bytes.length) {
            int wanted = Math.max(FIRST_CAPACITY, 2 * length);
            if (!workspace.heads.take(wanted - bytes.length)) {
                return false;
            }
            bytes = Arrays.copyOf(bytes, wanted);
        }
        return true;
    }

    /** Gives back what was taken of the budget; the bytes stay until the collector is gone. */
    void release() {
        workspace.heads.giveBack(charged());
        released = true;
    }

    private int charged() {
        return released ? 0 : bytes.length;
    }

    private void judgeStartLine() {
        int last = bytes[length - 1];
        if (last == '\n') {
            startLineRead = isResponse() || isRequestLine();
            state = startLineRead ? State.OPEN : State.NONE;
        } else if (!couldBeResponse() && !couldBeRequest(last)) {
            state = State.NONE;
        }
    }

    private boolean couldBeResponse() {
        int compared = Math.min(length, RESPONSE_START.length());
        for (int i = 0; i < compared; i++) {
            if (bytes[i] != RESPONSE_START.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A method of capital letters, a space, then text. */
    private boolean couldBeRequest(int last) {
        int method = 0;
        while (method < length && bytes[method] >= 'A' && bytes[method] <= 'Z') {
            method++;
        }
        boolean methodEnds = method < length;
        return method <= LONGEST_METHOD
                && (!methodEnds || (method > 0 && bytes[method] == ' ' && (last >= ' ' || last < 0 || last == '\r')));
    }

    /** Tells whether the first line is a response's. */
    boolean isResponse() {
        return length >= RESPONSE_START.length() && couldBeResponse();
    }

    private boolean isRequestLine() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains(REQUEST_VERSION);
    }

    private boolean endsWithEmptyLine() {
        if (bytes[length - 1] != '\n') {
            return false;
        }
        int before = bytes[length - 2] == '\r' ? length - 3 : length - 2;
        return bytes[before] == '\n';
    }

    State state() {
        return state;
    }

    /** Tells whether the first line of a head was read. */
    boolean isInHead() {
        return startLineRead;
    }

    int length() {
        return length;
    }

    /** Returns what was consumed. */
    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** Tells whether the head has to do with WebSocket, as far as it was read. */
    boolean asksForWebSocket() {
        return hasLine("sec-websocket-") || hasLine("upgrade: websocket") || hasLine("upgrade:websocket");
    }

    /** Tells whether what was consumed has a line that begins so, without regard to case. */
    private boolean hasLine(String start) {
        return endOfLineStart(start) >= 0;
    }

    /** Returns the index behind the first line that begins so, or -1. */
    private int endOfLineStart(String start) {
        int matched = -1;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                matched = 0;
            } else if (matched >= 0) {
                matched = Character.toLowerCase((char) bytes[i]) == start.charAt(matched) ? matched + 1 : -1;
                if (matched == start.length()) {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    /** Returns the value of the header Content-Length, or 0 when there is none. */
    long contentLength() {
        int i = endOfLineStart("content-length:");
        if (i < 0) {
            return 0;
        }
        while (i < length && (bytes[i] == ' ' || bytes[i] == '\t')) {
            i++;
        }
        long value = 0;
        while (i < length && bytes[i] >= '0' && bytes[i] <= '9' && value < LARGEST_BODY) {
            value = 10 * value + bytes[i] - '0';
            i++;
        }
        return value;
    }

    /** Returns the status code of a response, or 0 when there is none. */
    int status() {
        int start = RESPONSE_START.length() + 2;
        int status = 0;
        for (int i = start; i < start + 3; i++) {
            if (i >= length || bytes[i] < '0' || bytes[i] > '9') {
                return 0;
            }
            status = 10 * status + bytes[i] - '0';
        }
        return status;
    }
}
