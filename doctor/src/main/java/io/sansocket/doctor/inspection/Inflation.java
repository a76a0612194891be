package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.MessageInflater;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.rule.Rule;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the compressed messages of one direction (RFC 7692), as far as that can be done, and knows why it cannot.
 *
 * <p><b>Theory of operation.</b> What is shown is inflated as generously as the RFC allows: with 15 bits and with context
 * takeover, whatever was agreed. Where less was agreed, a second inflater goes along that keeps to it; what it refuses and
 * the first one takes is a breach, and the message can be shown all the same.
 *
 * <p>What cannot be inflated, or was not captured, is a loss. With context takeover all messages behind a loss may refer
 * to what is lost, so it is the end of inflating; without, the next message is a new beginning.
 *
 * <p>A bomb costs what it inflates to: what goes beyond {@value #FREE_RATIO} times the size of its message is taken from
 * an allowance of the run, and when that is spent the message is lost.
 */
final class Inflation {
    /** No message of texts that people or programs write shrinks this far. */
    static final int FREE_RATIO = 128;
    /** From here on a message is remarkable: larger than what Sansocket's own default takes, and mostly air. */
    private static final long REMARKABLE_LENGTH = 1024 * 1024;

    private static final int REMARKABLE_RATIO = 100;

    /** Hears what comes of the parts of a message. */
    interface Listener {
        /** Takes inflated bytes, borrowed for the call. */
        void inflated(byte[] bytes, int length);

        /**
         * Hears that the data breaks a rule.
         *
         * @param at the index in the part of the byte that shows it; the part's length when its end does
         */
        void breach(Rule rule, int at, String sentence);
    }

    /** Why messages cannot be inflated, under the rule that is the reason. */
    record Loss(Rule rule, String why) {}

    private record Fault(Rule rule, int at, String words) {}

    private final DeflateContext agreed;
    private final Workspace workspace;
    private MessageInflater generous;
    /** Keeps to what was agreed; null where that is all there is, and after a breach of it. */
    private @Nullable MessageInflater strict;
    /** What both retain, as accounted. */
    private int retained;

    // The message. Invariant: inflating is true from its beginning to its end or its loss.
    private boolean inflating;
    private long message;
    private long read;
    private long written;
    /** How much of the run's allowance it took. */
    private long granted;

    private boolean exploded;
    private boolean remarked;

    private @Nullable Loss loss;
    private boolean lossTold;

    Inflation(DeflateContext agreed, Workspace workspace) {
        this.agreed = agreed;
        this.workspace = workspace;
        generous = generous();
        strict = strict();
    }

    private MessageInflater generous() {
        return workspace.inflaters.provider.inflater(DeflateContext.LARGEST);
    }

    private @Nullable MessageInflater strict() {
        return agreed.equals(DeflateContext.LARGEST) ? null : workspace.inflaters.provider.inflater(agreed);
    }

    /** Begins the message of that number, unless it cannot be inflated; {@link #isInflating} tells. */
    void beginMessage(long number) {
        if (inflating) {
            lose(Rule.EXPECTED_CONTINUATION, "message " + message + " was not finished");
        }
        message = number;
        read = 0;
        written = 0;
        granted = 0;
        exploded = false;
        remarked = false;
        if (!agreed.takeover()) {
            loss = null;
            strict = strict == null ? strict() : strict;
        }
        inflating = loss == null;
    }

    /** Tells whether the current message is being inflated. */
    boolean isInflating() {
        return inflating;
    }

    /** Inflates a part of the current message, and tells whether nothing of it is lost so far. */
    boolean add(byte[] part, int length, boolean last, Listener listener) {
        read += length;
        Fault refused = strict == null ? null : decode(strict, part, length, last, bytes -> true);
        Fault fault = decode(generous, part, length, last, bytes -> handOn(bytes, listener));
        if (refused != null && (fault == null || fault.at() != refused.at())) {
            listener.breach(
                    Rule.COMPRESSED_DATA_INVALID,
                    refused.at(),
                    "message " + message + " refers further back than " + bounds() + ": " + refused.words());
            drop(strict);
            strict = null;
        }
        if (fault != null) {
            listener.breach(fault.rule(), fault.at(), "message " + message + " does not inflate: " + fault.words());
            lose(fault.rule(), "message " + message + " does not inflate");
        } else if (exploded) {
            lose(Rule.MESSAGE_TOO_BIG, "message " + message + " was not inflated to its end");
        }
        boolean whole = inflating;
        inflating &= !last;
        account();
        return whole;
    }

    private String bounds() {
        int bytes = 1 << agreed.maxWindowBits();
        return agreed.takeover()
                ? "the window of " + agreed.maxWindowBits() + " bits, " + bytes + " bytes, that was agreed"
                : "its own beginning, though no context takeover was agreed";
    }

    private @Nullable Fault decode(
            MessageInflater inflater, byte[] part, int length, boolean last, Extension.Sink out) {
        var in = ByteBuffer.wrap(part, 0, length);
        try {
            inflater.decode(in, last, out);
            return null;
        } catch (ExtensionDataException e) {
            boolean ends = e.rule() == Rule.COMPRESSED_DATA_TRUNCATED;
            return new Fault(e.rule(), ends ? length : Math.max(0, in.position() - 1), String.valueOf(e.getMessage()));
        }
    }

    private boolean handOn(ByteBuffer bytes, Listener listener) {
        byte[] inflated = workspace.inflated;
        while (bytes.hasRemaining()) {
            int length = Math.min(inflated.length, bytes.remaining());
            bytes.get(inflated, 0, length);
            written += length;
            listener.inflated(inflated, length);
        }
        long more = written - FREE_RATIO * read - granted;
        if (more > 0) {
            exploded = !workspace.expansion.take(more);
            granted += more;
        }
        return !exploded;
    }

    /** Says that what comes cannot be inflated, or only from the next message on. */
    void lose(Rule rule, String why) {
        if (loss == null && (inflating || agreed.takeover())) {
            loss = new Loss(rule, why);
            lossTold = false;
        }
        inflating = false;
        release();
    }

    /** Makes room for others. */
    void giveWay() {
        lose(
                Rule.MESSAGE_TOO_BIG,
                "all connections of the input together need more than the " + Inflaters.LIMIT
                        + " bytes there are to inflate in, and this one was idle longest");
    }

    /** Returns why the current message is not inflated, the first time it is asked; otherwise null. */
    @Nullable
    Loss untoldLoss() {
        Loss untold = lossTold ? null : loss;
        lossTold = true;
        return untold;
    }

    /** Tells whether the messages behind a loss are lost, too. */
    boolean losesAllLater() {
        return agreed.takeover();
    }

    /** Returns what is remarkable about how far the current message has inflated, once; otherwise null. */
    @Nullable
    String remark() {
        boolean airy = written > REMARKABLE_LENGTH && written > REMARKABLE_RATIO * read;
        if (remarked || !(airy || exploded)) {
            return null;
        }
        remarked = true;
        return "message " + message + " inflates to " + written + " bytes so far, " + written / read + " times the "
                + read + " that came"
                + (exploded
                        ? "; the doctor stops there, since messages that grow more than " + FREE_RATIO
                                + " times have added up to " + Workspace.MAX_EXPANSION + " bytes"
                        : "");
    }

    private void account() {
        int now = generous.retained() + (strict == null ? 0 : strict.retained());
        workspace.inflaters.account(this, retained, now);
        retained = now;
    }

    private static void drop(@Nullable MessageInflater inflater) {
        if (inflater != null) {
            inflater.release();
        }
    }

    /** Gives back what it holds, and begins anew. */
    void release() {
        generous.release();
        drop(strict);
        generous = generous();
        strict = strict();
        workspace.inflaters.account(this, retained, 0);
        retained = 0;
    }
}
