package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.Severity;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The bytes of a stream that are not taken apart: where they begin, how many there are, why, and what they look like. */
final class UnreadBytes {
    private static final byte[] NONE = {};

    private final long connection;
    private final Role sender;
    private final FindingLog log;
    /** Made when the framing is lost; empty while nobody wants to know what the bytes look like. */
    private byte[] sample = NONE;

    private Rule reason = Rule.NO_HANDSHAKE;
    private String sentence = "";
    private long from;
    private long count;
    private int sampled;

    UnreadBytes(long connection, Role sender, FindingLog log) {
        this.connection = connection;
        this.sender = sender;
        this.log = log;
    }

    /** Begins where a frame may come again. */
    void beginSearch(Rule why, long offset, long alreadyRead) {
        reason = why;
        sentence = "no segment there begins with a frame";
        from = offset;
        count = alreadyRead;
        sample = NONE;
        sampled = 0;
    }

    /** Begins where frames stop making sense: perhaps these bytes are another protocol's. */
    void beginLoss(Rule why, long offset) {
        reason = why;
        sentence = "nothing tells where the next frame begins";
        from = offset;
        count = 0;
        sample = new byte[ForeignData.SAMPLE];
        sampled = 0;
    }

    void add(ByteBuffer bytes) {
        count += bytes.remaining();
        if (sampled < sample.length) {
            int length = Math.min(bytes.remaining(), sample.length - sampled);
            bytes.get(sample, sampled, length);
            sampled += length;
            if (sampled == sample.length) {
                recognise();
            }
        }
    }

    private void recognise() {
        String what = ForeignData.recognise(Arrays.copyOf(sample, sampled));
        sampled = sample.length;
        if (what != null) {
            report(Rule.FOREIGN_DATA, Severity.OPINION, "the bytes from offset " + from + " on look like " + what);
        }
    }

    long count() {
        return count;
    }

    Rule reason() {
        return reason;
    }

    /** Tells how many bytes there were, when there were any. */
    void end() {
        if (sampled < sample.length) {
            recognise();
        }
        if (count > 0) {
            String bytes = count == 1
                    ? "1 byte at offset " + from + " was"
                    : count + " bytes from offset " + from + " on were";
            report(reason, Severity.NOTE, bytes + " not taken apart: " + sentence);
            count = 0;
        }
    }

    private void report(Rule rule, Severity severity, String text) {
        log.report(new Finding(connection, sender, rule, severity, from, 0, text));
    }
}
