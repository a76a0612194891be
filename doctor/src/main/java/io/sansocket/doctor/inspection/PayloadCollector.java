package io.sansocket.doctor.inspection;

import io.sansocket.doctor.report.PayloadExcerpt;
import java.util.Arrays;

/** Keeps the beginning of a payload and its last bytes, however long it is; grows with what comes, not by what is declared. */
final class PayloadCollector {
    private static final byte[] EMPTY = {};
    private static final int FIRST_CAPACITY = 256;
    /** A head of up to this size may be kept between frames, outside of the budget. */
    private static final int KEPT_CAPACITY = 512;

    private final InspectionOptions options;
    private final Workspace workspace;
    private final byte[] tail;
    private byte[] head = EMPTY;
    // Invariant: head[0..headLength) came first; tail[0..tailLength) came last; omitted bytes, those that never came
    // included, lie between. The head takes nothing more once it is closed.
    private int headLength;
    private boolean headClosed;
    private int tailLength;
    private long omitted;

    PayloadCollector(InspectionOptions options, Workspace workspace) {
        this.options = options;
        this.workspace = workspace;
        tail = new byte[options.payloadTail()];
    }

    void begin() {
        headLength = 0;
        headClosed = false;
        tailLength = 0;
        omitted = 0;
    }

    /** Tells whether only the last {@link InspectionOptions#payloadTail} bytes of what comes are of interest. */
    boolean isHeadFull() {
        return headClosed;
    }

    void add(byte[] bytes, int offset, int length) {
        int toHead = headClosed ? 0 : Math.min(length, options.payloadHead() - headLength);
        if (toHead > 0 && !reserve(headLength + toHead)) {
            toHead = 0;
        }
        if (toHead > 0) {
            System.arraycopy(bytes, offset, head, headLength, toHead);
            headLength += toHead;
        }
        if (toHead < length) {
            headClosed = true;
            addTail(bytes, offset + toHead, length - toHead);
        }
    }

    private boolean reserve(int capacity) {
        if (capacity <= head.length) {
            return true;
        }
        int wanted = Math.min(Math.max(FIRST_CAPACITY, Math.max(capacity, 2 * head.length)), options.payloadHead());
        if (wanted > KEPT_CAPACITY && !workspace.payloads.take(wanted - charge())) {
            return false;
        }
        head = Arrays.copyOf(head, wanted);
        return true;
    }

    /** What the head takes of the budget. */
    private int charge() {
        return head.length > KEPT_CAPACITY ? head.length : 0;
    }

    /** Gives a large head back, once the payload was reported. */
    void release() {
        if (charge() > 0) {
            workspace.payloads.giveBack(charge());
            head = EMPTY;
            headLength = 0;
        }
    }

    private void addTail(byte[] bytes, int offset, int length) {
        if (length >= tail.length) {
            omitted += tailLength + length - tail.length;
            System.arraycopy(bytes, offset + length - tail.length, tail, 0, tail.length);
            tailLength = tail.length;
            return;
        }
        int drop = Math.max(0, tailLength + length - tail.length);
        System.arraycopy(tail, drop, tail, 0, tailLength - drop);
        System.arraycopy(bytes, offset, tail, tailLength - drop, length);
        tailLength += length - drop;
        omitted += drop;
    }

    /** Passes over bytes that are not at hand; the head ends before them. */
    void skip(long length) {
        headClosed = true;
        omitted += tailLength + length;
        tailLength = 0;
    }

    int length() {
        return headLength;
    }

    byte byteAt(int index) {
        return head[index];
    }

    PayloadExcerpt excerpt() {
        return new PayloadExcerpt(
                Arrays.copyOf(head, headLength), omitted, tailLength == 0 ? EMPTY : Arrays.copyOf(tail, tailLength));
    }
}
