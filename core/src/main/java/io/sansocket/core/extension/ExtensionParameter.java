package io.sansocket.core.extension;

import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * A parameter of an extension (RFC 6455 §9.1).
 *
 * @param name the name, a token
 * @param value the value, a token, or null where there is none
 * @since 0.1
 */
public record ExtensionParameter(String name, @Nullable String value) {
    /**
     * Checks the grammar.
     *
     * @throws IllegalArgumentException when the name or the value is not a token
     */
    public ExtensionParameter {
        if (!HttpTokens.isToken(name)) {
            throw new IllegalArgumentException(
                    "extension parameter name " + Excerpt.of(name) + " is not a token (RFC 6455 §9.1)");
        }
        if (value != null && !HttpTokens.isToken(value)) {
            throw new IllegalArgumentException("value " + Excerpt.of(value) + " of extension parameter "
                    + Excerpt.of(name) + " is not a token (RFC 6455 §9.1)");
        }
    }

    /** Returns the parameter as in the header. */
    @Override
    public String toString() {
        return value == null ? name : name + "=" + value;
    }
}
