package io.sansocket.core.extension;

import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import java.util.List;

/**
 * An extension with its parameters, as a client offers it or a server agrees to it (RFC 6455 §9.1).
 *
 * @param name the name, a token
 * @param parameters the parameters in order; a name may come twice, which the extension judges
 * @since 0.1
 */
public record ExtensionOffer(String name, List<ExtensionParameter> parameters) {
    /**
     * Checks the grammar and copies the list.
     *
     * @throws IllegalArgumentException when the name is not a token
     */
    public ExtensionOffer {
        if (!HttpTokens.isToken(name)) {
            throw new IllegalArgumentException(
                    "extension name " + Excerpt.of(name) + " is not a token (RFC 6455 §9.1)");
        }
        parameters = List.copyOf(parameters);
    }

    /**
     * Returns an offer.
     *
     * @throws IllegalArgumentException when the name is not a token
     */
    public static ExtensionOffer of(String name, ExtensionParameter... parameters) {
        return new ExtensionOffer(name, List.of(parameters));
    }

    /** Returns the offer as in the header. */
    @Override
    public String toString() {
        var out = new StringBuilder(name);
        for (ExtensionParameter parameter : parameters) {
            out.append("; ").append(parameter);
        }
        return out.toString();
    }
}
