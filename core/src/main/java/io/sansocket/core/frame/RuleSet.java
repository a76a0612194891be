package io.sansocket.core.frame;

import io.sansocket.core.rule.Rule;

/**
 * A set of rules in a {@code long}, one bit each, so that the hot path allocates nothing.
 *
 * <p>The catalogue's order is the order of precedence: {@link #first} is the rule a strict receiver names.
 *
 * @since 0.1
 */
public final class RuleSet {
    /** No rule broken. */
    public static final long NONE = 0;

    private static final Rule[] RULES = Rule.values();

    private RuleSet() {}

    /** Returns the set that holds one rule. */
    @SuppressWarnings("EnumOrdinal") // a set lives in memory only, so the order may change between versions
    public static long of(Rule rule) {
        return 1L << rule.ordinal();
    }

    /** Tells whether the set holds the rule. */
    public static boolean contains(long set, Rule rule) {
        return (set & of(rule)) != NONE;
    }

    /** Returns the first rule of a set that is not empty. */
    public static Rule first(long set) {
        return RULES[Long.numberOfTrailingZeros(set)];
    }

    /** Returns the set without its first rule. */
    public static long rest(long set) {
        return set & (set - 1);
    }
}
