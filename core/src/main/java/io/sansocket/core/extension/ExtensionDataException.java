package io.sansocket.core.extension;

import io.sansocket.core.rule.CloseCode;
import io.sansocket.core.rule.Rule;
import java.util.Objects;

/**
 * An extension cannot decode what the peer sent: the peer's fault. The connection fails with the rule's close code.
 *
 * @since 0.1
 */
public final class ExtensionDataException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /**
     * Creates one with the rule that was broken, and what was found.
     *
     * @throws IllegalArgumentException when the rule has no close code that may be sent
     */
    public ExtensionDataException(Rule rule, String message) {
        super(message);
        if (!CloseCode.isAllowedOnWire(rule.closeCode())) {
            throw new IllegalArgumentException(rule + " is no rule that a Close frame can name");
        }
        this.rule = Objects.requireNonNull(rule);
    }

    /** Returns the rule that was broken. */
    public Rule rule() {
        return rule;
    }
}
