package io.sansocket.core.handshake;

import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpHeaders;
import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the rules of both heads share: it looks at one head's fields and collects what is wrong with them.
 *
 * <p>Of a list the first bad element is reported, so that a head of commas does not become thousands of violations.
 */
final class HeadCheck {
    static final String HOST = "Host";
    static final String UPGRADE = "Upgrade";
    static final String CONNECTION = "Connection";
    static final String KEY = "Sec-WebSocket-Key";
    static final String VERSION = "Sec-WebSocket-Version";
    static final String ACCEPT = "Sec-WebSocket-Accept";
    static final String PROTOCOL = "Sec-WebSocket-Protocol";
    static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    static final String CONTENT_LENGTH = "Content-Length";
    static final String TRANSFER_ENCODING = "Transfer-Encoding";
    static final String WEBSOCKET = "websocket";

    private final HttpHeaders headers;
    private final List<Violation> violations = new ArrayList<>();

    HeadCheck(HttpHeaders headers) {
        this.headers = headers;
    }

    List<Violation> violations() {
        return List.copyOf(violations);
    }

    void add(Rule rule, long offset, String message) {
        violations.add(new Violation(rule, offset, message));
    }

    void add(Rule rule, HttpField field, String expectation) {
        add(rule, field.offset(), field.name() + " is " + Excerpt.of(field.value()) + ", " + expectation);
    }

    /** Returns the only field of a name; null, and a violation, when there is none or more than one. */
    @Nullable
    HttpField single(Rule rule, String name) {
        HttpField field = atMostOne(rule, name);
        if (!headers.contains(name)) {
            add(rule, headers.endOffset(), "there is no " + name + " header");
        }
        return field;
    }

    /** Returns the only field of a name; null when there is none; null, and a violation, when there are more. */
    @Nullable
    HttpField atMostOne(Rule rule, String name) {
        List<HttpField> fields = headers.fields(name);
        if (fields.size() > 1) {
            add(rule, fields.get(1).offset(), "there are " + fields.size() + " " + name + " headers, the limit is 1");
        }
        return fields.size() == 1 ? fields.get(0) : null;
    }

    /** Upgrade must name websocket, alone or among others. */
    void upgradeNamesWebsocket() {
        List<HttpField> elements = listed(Rule.HANDSHAKE_UPGRADE, UPGRADE);
        elements.stream()
                .filter(element -> !isProtocol(element.value()))
                .findFirst()
                .ifPresent(bad -> add(Rule.HANDSHAKE_UPGRADE, bad, "which is not a protocol (RFC 9110 §7.8)"));
        names(Rule.HANDSHAKE_UPGRADE, elements, WEBSOCKET);
    }

    private static boolean isProtocol(String text) {
        // RFC 9110 §7.8: "protocol = protocol-name ["/" protocol-version]"
        int slash = text.indexOf('/');
        String name = slash < 0 ? text : text.substring(0, slash);
        return HttpTokens.isToken(name) && HttpTokens.isToken(text.substring(slash + 1));
    }

    /** Connection must name Upgrade. */
    void connectionNamesUpgrade() {
        List<HttpField> elements = listed(Rule.HANDSHAKE_CONNECTION, CONNECTION);
        elements.stream()
                .filter(element -> !HttpTokens.isToken(element.value()))
                .findFirst()
                .ifPresent(bad -> add(Rule.HANDSHAKE_CONNECTION, bad, "which is not a token (RFC 9110 §7.6.1)"));
        names(Rule.HANDSHAKE_CONNECTION, elements, UPGRADE);
    }

    /** Returns a list's elements; none, and a violation, when there is no such field or no element in it. */
    private List<HttpField> listed(Rule rule, String name) {
        List<HttpField> fields = headers.fields(name);
        List<HttpField> elements = headers.elements(name);
        if (fields.isEmpty()) {
            add(rule, headers.endOffset(), "there is no " + name + " header");
        } else if (elements.isEmpty()) {
            add(rule, fields.get(0).offset(), name + " is empty");
        }
        return elements;
    }

    private void names(Rule rule, List<HttpField> elements, String expected) {
        // Values are Latin-1, where String's idea of case and ASCII's agree on every ASCII letter.
        boolean found = elements.stream().anyMatch(element -> element.value().equalsIgnoreCase(expected));
        if (!found && !elements.isEmpty()) {
            add(rule, elements.get(0), "and \"" + expected + "\" is not in the list");
        }
    }

    /**
     * There must be no body: in a request it is what smuggled requests hide in, and a response with status 101 cannot have
     * one. A length of 0 says so itself, and servers do send it.
     */
    void noBody() {
        for (HttpField length : headers.fields(CONTENT_LENGTH)) {
            if (!length.value().equals("0")) {
                add(Rule.HANDSHAKE_BODY, length, "a handshake has no body");
            }
        }
        for (HttpField encoding : headers.fields(TRANSFER_ENCODING)) {
            add(Rule.HANDSHAKE_BODY, encoding, "a handshake has no body");
        }
    }

    /** Returns the subprotocols a client asks for. */
    List<String> subprotocols() {
        var names = new LinkedHashSet<String>();
        boolean reported = false;
        List<HttpField> elements = headers.elements(PROTOCOL);
        for (HttpField element : elements) {
            // RFC 6455 §4.1 item 10: "The elements that comprise this value MUST be non-empty strings with characters
            // in the range U+0021 to U+007E not including separator characters as defined in [RFC2616] and MUST all be
            // unique strings."
            boolean token = HttpTokens.isToken(element.value());
            boolean fresh = token && names.add(element.value());
            if (!fresh && !reported) {
                reported = true;
                add(Rule.HANDSHAKE_SUBPROTOCOL, element, token ? "which was asked for before" : "which is not a token");
            }
        }
        if (elements.isEmpty() && headers.contains(PROTOCOL)) {
            add(Rule.HANDSHAKE_SUBPROTOCOL, headers.fields(PROTOCOL).get(0).offset(), PROTOCOL + " is empty");
        }
        return List.copyOf(names);
    }

    /** Returns the extensions offered or agreed to; none where the header breaks the grammar. */
    List<ExtensionOffer> extensions() {
        List<HttpField> fields = headers.fields(EXTENSIONS);
        if (fields.isEmpty()) {
            return List.of();
        }
        ExtensionHeader header = ExtensionHeader.parse(headers.all(EXTENSIONS));
        if (header instanceof ExtensionHeader.Malformed malformed) {
            HttpField field = fields.get(malformed.value());
            add(
                    Rule.HANDSHAKE_EXTENSION,
                    field.offset() + malformed.position(),
                    EXTENSIONS + " is " + Excerpt.of(field.value()) + ": " + malformed.reason());
        }
        return header instanceof ExtensionHeader.Parsed parsed ? parsed.offers() : List.of();
    }
}
