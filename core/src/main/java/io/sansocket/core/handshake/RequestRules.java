package io.sansocket.core.handshake;

import static io.sansocket.core.handshake.HeadCheck.HOST;
import static io.sansocket.core.handshake.HeadCheck.KEY;
import static io.sansocket.core.handshake.HeadCheck.VERSION;

import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a client's opening handshake (RFC 6455 §4.1, §4.2.1).
 *
 * @since 0.1
 */
public final class RequestRules {
    private static final String EXPECTED_VERSION = "13";
    private static final List<String> SCHEMES = List.of("http://", "https://");

    private final HttpRequest request;
    private final HeadCheck check;

    private RequestRules(HttpRequest request) {
        this.request = request;
        this.check = new HeadCheck(request.headers());
    }

    /**
     * Returns every rule the request breaks, in the order of the RFC; empty when it may be accepted. The Origin is
     * judged by {@link OriginPolicy}, for it is the server's choice.
     */
    public static List<Violation> check(HttpRequest request) {
        var rules = new RequestRules(request);
        rules.checkStartLine();
        rules.checkHost();
        rules.check.upgradeNamesWebsocket();
        rules.check.connectionNamesUpgrade();
        rules.checkKey();
        rules.checkVersion();
        rules.check.subprotocols();
        rules.check.extensions();
        rules.check.noBody();
        return rules.check.violations();
    }

    private void checkStartLine() {
        long offset = request.offset();
        // RFC 6455 §4.1: "The method of the request MUST be GET, and the HTTP version MUST be at least 1.1."
        if (!request.method().equals("GET")) {
            check.add(Rule.HANDSHAKE_METHOD, offset, "the method is " + Excerpt.of(request.method()) + ", not GET");
        }
        if (request.version().isBefore(HttpVersion.HTTP_1_1)) {
            check.add(
                    Rule.HANDSHAKE_HTTP_VERSION,
                    offset,
                    "the HTTP version is " + request.version() + ", at least " + HttpVersion.HTTP_1_1 + " is required");
        }
        checkTarget(offset + request.method().length() + 1);
    }

    private void checkTarget(long offset) {
        String target = request.target();
        // RFC 6455 §3: "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used on
        // these URIs." Other characters that a URI must not have are let through: browsers send them ("|" for one).
        int fragment = target.indexOf('#');
        if (fragment >= 0) {
            check.add(Rule.HANDSHAKE_HEADER_SYNTAX, offset + fragment, "the request target has a fragment");
        }
        if (!target.startsWith("/") && absoluteAuthority() == null) {
            check.add(
                    Rule.HANDSHAKE_HEADER_SYNTAX,
                    offset,
                    "the request target is " + Excerpt.of(target) + ", it must be a path or an http URI");
        }
    }

    /** Returns the authority of a target in absolute form, or null. */
    private @Nullable String absoluteAuthority() {
        String target = request.target();
        for (String scheme : SCHEMES) {
            if (target.toLowerCase(Locale.ROOT).startsWith(scheme)) {
                int end = scheme.length();
                while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
                    end++;
                }
                return target.substring(scheme.length(), end);
            }
        }
        return null;
    }

    private void checkHost() {
        // RFC 9112 §3.2: "A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message
        // that lacks a Host header field and to any request message that contains more than one Host header field line
        // or a Host header field with an invalid field value."
        HttpField host = check.single(Rule.HANDSHAKE_HOST, HOST);
        if (host == null) {
            return;
        }
        if (Authority.parse(host.value()) == null) {
            check.add(Rule.HANDSHAKE_HOST, host, "which is not a host with an optional port");
        }
        // RFC 6455 §4.1 wants an absolute URI that matches; RFC 9112 §3.2.2 lets it win over Host. One of two hosts is
        // a forgery, so we refuse both.
        String authority = absoluteAuthority();
        if (authority != null && !authority.equalsIgnoreCase(host.value())) {
            check.add(Rule.HANDSHAKE_HOST, host, "the request target says " + Excerpt.of(authority));
        }
    }

    private void checkKey() {
        // RFC 6455 §4.2.1 item 5: "A |Sec-WebSocket-Key| header field with a base64-encoded (see Section 4 of
        // [RFC4648]) value that, when decoded, is 16 bytes in length."
        HttpField key = check.single(Rule.HANDSHAKE_KEY, KEY);
        if (key != null && !WebSocketKey.isValid(key.value())) {
            check.add(Rule.HANDSHAKE_KEY, key, "which is not 16 bytes in base64");
        }
    }

    private void checkVersion() {
        // RFC 6455 §4.2.1 item 6: "A |Sec-WebSocket-Version| header field, with a value of 13."
        HttpField version = check.single(Rule.HANDSHAKE_VERSION, VERSION);
        if (version != null && !version.value().equals(EXPECTED_VERSION)) {
            check.add(Rule.HANDSHAKE_VERSION, version, "not " + EXPECTED_VERSION);
        }
    }
}
