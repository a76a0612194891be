package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.FrameDecoder;
import io.sansocket.core.frame.HeaderFault;
import io.sansocket.core.frame.Opcode;
import io.sansocket.core.frame.RuleSet;
import io.sansocket.core.rule.Rule;

/** The rules that a header breaks, gathered while it arrives, by the byte that shows each: first, second, length. */
final class HeaderFaults {
    private static final int JUDGED_BYTES = 3;
    private static final int MAX_CONTROL_PAYLOAD = 125;
    /** What other protocols' bytes break at once; senders of frames seldom do. */
    private static final long STRANGE = RuleSet.of(Rule.RESERVED_BITS) | RuleSet.of(Rule.RESERVED_OPCODE);

    private static final long STRUCTURAL = STRANGE
            | RuleSet.of(Rule.CONTROL_FRAME_FRAGMENTED)
            | RuleSet.of(Rule.CONTROL_FRAME_TOO_LONG)
            | RuleSet.of(Rule.UNMASKED_CLIENT_FRAME)
            | RuleSet.of(Rule.MASKED_SERVER_FRAME);

    /** Hears each fault with the sentence for it and the byte of the header. */
    interface Listener {
        void fault(Rule rule, int at, String sentence);
    }

    private final long[] brokenAt = new long[JUDGED_BYTES];
    private boolean any;

    void add(long rules, int at) {
        brokenAt[at] |= rules;
        any |= rules != RuleSet.NONE;
    }

    /** Takes back what the whole header shows to be no fault. */
    void reviseWhole(FrameDecoder frame) {
        if (any && frame.payloadLength() <= MAX_CONTROL_PAYLOAD) {
            // A strict receiver need not wait for the length; here it is, and only its form is wrong.
            brokenAt[1] &= ~RuleSet.of(Rule.CONTROL_FRAME_TOO_LONG);
        }
    }

    /**
     * Tells whether these bytes can be no header: reserved bits or a reserved opcode come with another breach of its
     * structure.
     */
    boolean areHopeless(FrameDecoder frame) {
        long broken = all();
        boolean twoAtLeast = RuleSet.rest(broken & STRUCTURAL) != RuleSet.NONE;
        boolean strange = (broken & STRANGE) != RuleSet.NONE && !isUnagreedDeflate(frame);
        return twoAtLeast && strange;
    }

    /** A whole compressed message is known by its first byte, c1 or c2, however wrong its mask bit: no text has it. */
    private static boolean isUnagreedDeflate(FrameDecoder frame) {
        Opcode opcode = Opcode.of(frame.opcode());
        boolean isMessage = frame.fin() && (opcode == Opcode.TEXT || opcode == Opcode.BINARY);
        return isMessage && frame.rsv() == FrameChain.RSV1;
    }

    private long all() {
        long broken = RuleSet.NONE;
        for (long rules : brokenAt) {
            broken |= rules;
        }
        return broken;
    }

    /** Returns the first rule in the order of the bytes; there must be one. */
    Rule first() {
        int at = 0;
        while (brokenAt[at] == RuleSet.NONE) {
            at++;
        }
        return RuleSet.first(brokenAt[at]);
    }

    /** Tells all faults, in the order of the bytes, and forgets them. */
    void tell(FrameDecoder frame, Listener listener) {
        if (!any) {
            return;
        }
        any = false;
        for (int at = 0; at < JUDGED_BYTES; at++) {
            for (long rest = brokenAt[at]; rest != RuleSet.NONE; rest = RuleSet.rest(rest)) {
                Rule rule = RuleSet.first(rest);
                listener.fault(rule, at, HeaderFault.describe(frame, rule));
            }
            brokenAt[at] = RuleSet.NONE;
        }
    }
}
