package io.sansocket.core.extension;

import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scanner of one {@code Sec-WebSocket-Extensions} value (RFC 6455 §9.1), linear and without recursion.
 *
 * <p>RFC 6455 §9.1 uses the list rule of RFC 2616, whose implied whitespace is allowed around every separator, "=" too.
 */
final class ExtensionScanner {
    private final String text;
    private int position;
    private @Nullable String fault;

    ExtensionScanner(String text) {
        this.text = text;
    }

    /** Returns the extensions up to the first fault. */
    List<ExtensionOffer> offers() {
        var offers = new ArrayList<ExtensionOffer>();
        while (fault == null && skipEmptyElements()) {
            ExtensionOffer offer = offer();
            if (offer != null) {
                offers.add(offer);
            }
        }
        return offers;
    }

    @Nullable
    String fault() {
        return fault;
    }

    int position() {
        return position;
    }

    /** Skips whitespace and commas; tells whether anything is left. */
    private boolean skipEmptyElements() {
        do {
            skipWhitespace();
        } while (take(','));
        return position < text.length();
    }

    private @Nullable ExtensionOffer offer() {
        // RFC 6455 §9.1: "extension = extension-token *( ";" extension-param )"
        String name = token("an extension's name");
        var parameters = new ArrayList<ExtensionParameter>();
        while (fault == null && take(';')) {
            ExtensionParameter parameter = parameter();
            if (parameter != null) {
                parameters.add(parameter);
            }
        }
        if (fault == null && position < text.length() && text.charAt(position) != ',') {
            fail(position, "where \",\" or \";\" is expected");
        }
        return name == null || fault != null ? null : new ExtensionOffer(name, parameters);
    }

    private @Nullable ExtensionParameter parameter() {
        // RFC 6455 §9.1: "extension-param = token [ "=" (token | quoted-string) ]"
        skipWhitespace();
        String name = token("a parameter's name");
        if (name == null || !take('=')) {
            return name == null ? null : new ExtensionParameter(name, null);
        }
        skipWhitespace();
        // Where the value is at fault there is none here, and the whole offer is dropped.
        return new ExtensionParameter(name, take('"') ? quoted() : token("a parameter's value"));
    }

    /** Reads a token and the whitespace behind it. */
    private @Nullable String token(String what) {
        int from = position;
        while (position < text.length() && HttpTokens.isTokenCharacter(text.charAt(position))) {
            position++;
        }
        if (position == from) {
            fail(position, "where " + what + " is expected");
            return null;
        }
        String token = text.substring(from, position);
        skipWhitespace();
        return token;
    }

    /** Reads the rest of a quoted string and the whitespace behind it. */
    private @Nullable String quoted() {
        var value = new StringBuilder();
        for (; position < text.length() && text.charAt(position) != '"'; position++) {
            if (text.charAt(position) == '\\' && position + 1 < text.length()) {
                position++;
            }
            // RFC 6455 §9.1: "the value after quoted-string unescaping MUST conform to the 'token' ABNF"
            if (!HttpTokens.isTokenCharacter(text.charAt(position))) {
                fail(position, "in a quoted value, which must be a token");
                return null;
            }
            value.append(text.charAt(position));
        }
        if (position == text.length() || value.isEmpty()) {
            fail(position, position == text.length() ? "where a quoted value must end" : "in place of a quoted value");
            return null;
        }
        position++;
        skipWhitespace();
        return value.toString();
    }

    private void skipWhitespace() {
        while (position < text.length() && HttpTokens.isOptionalWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private boolean take(char c) {
        boolean found = position < text.length() && text.charAt(position) == c;
        if (found) {
            position++;
        }
        return found;
    }

    private void fail(int at, String expectation) {
        String found = at < text.length() ? Excerpt.of(text.substring(at, at + 1)) : "the end";
        fault = found + " " + expectation;
    }
}
