package io.sansocket.core.rule;

import java.util.Objects;

/**
 * One breach of a rule by the peer.
 *
 * @param rule the rule that was broken
 * @param offset the offending byte's place in the peer's stream; frames count from the first byte behind the opening
 *     handshake's head, a head's bytes from the first byte of the stream
 * @param message what was found, in the words of the RFC, with the value and the limit
 * @since 0.1
 */
public record Violation(Rule rule, long offset, String message) {
    /** Checks that nothing is missing. */
    public Violation {
        Objects.requireNonNull(rule);
        Objects.requireNonNull(message);
    }

    @Override
    public String toString() {
        return rule.id() + " at offset " + offset + ": " + message + " (" + rule.source() + ")";
    }
}
