package io.sansocket.fuzz.differential;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the core must make of a stream, and what the stream has that explains what others make of it.
 *
 * @param verdict its {@code why} is what the core's begins with: the rule and the offset
 * @param rule the id of the broken rule; empty when a Close frame ended it
 * @param itemEnds for each item the offset behind the frame that ended it
 * @param frame the frame in which it ended
 * @param facts what the stream has up to there, each with where it has it first
 */
record Expected(Verdict verdict, String rule, List<Integer> itemEnds, Frame frame, Map<Fact, Onset> facts) {
    Expected {
        itemEnds = List.copyOf(itemEnds);
        facts = Map.copyOf(facts);
    }

    /**
     * A frame as its bytes have it.
     *
     * @param start its offset
     * @param end the offset behind it as it declares, or -1 while the length is not known
     * @param breaches the ids of all rules it breaks
     */
    record Frame(int start, long end, int streamEnd, int opcode, Set<String> breaches) {
        static final long UNKNOWN = -1;

        Frame {
            breaches = Set.copyOf(breaches);
        }

        /** Tells whether the stream has all of it. */
        boolean isWhole() {
            return end != UNKNOWN && end <= streamEnd;
        }

        /** Returns how many of its bytes the stream has. */
        int received() {
            return (int) (end == UNKNOWN ? streamEnd - start : Math.min(streamEnd, end) - start);
        }
    }

    /**
     * Where a fact begins.
     *
     * @param items how many items were handed on before
     * @param offset of its frame
     */
    record Onset(int items, int offset) {}

    @Nullable
    Onset onset(Fact fact) {
        return facts.get(fact);
    }
}
