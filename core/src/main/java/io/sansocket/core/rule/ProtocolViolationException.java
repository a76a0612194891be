package io.sansocket.core.rule;

/**
 * The peer broke a rule, where an exception is the way to say so.
 *
 * @since 0.1
 */
public class ProtocolViolationException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Violation violation;

    /** Wraps the violation. */
    public ProtocolViolationException(Violation violation) {
        super(violation.toString());
        this.violation = violation;
    }

    /** Returns which rule was broken, where, and how. */
    public Violation violation() {
        return violation;
    }
}
