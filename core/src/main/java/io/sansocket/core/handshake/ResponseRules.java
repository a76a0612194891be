package io.sansocket.core.handshake;

import static io.sansocket.core.handshake.HeadCheck.ACCEPT;
import static io.sansocket.core.handshake.HeadCheck.EXTENSIONS;
import static io.sansocket.core.handshake.HeadCheck.PROTOCOL;
import static io.sansocket.core.handshake.HeadCheck.UPGRADE;
import static io.sansocket.core.handshake.HeadCheck.WEBSOCKET;

import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.http.HttpVersion;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a server's opening handshake (RFC 6455 §4.1, "the client MUST validate the server's response").
 *
 * @since 0.1
 */
public final class ResponseRules {
    /** The status of a response that accepts: 101 Switching Protocols. */
    public static final int SWITCHING_PROTOCOLS = 101;

    private final @Nullable RequestFacts facts;
    private final HttpResponse response;
    private final HeadCheck check;

    private ResponseRules(@Nullable RequestFacts facts, HttpResponse response) {
        this.facts = facts;
        this.response = response;
        this.check = new HeadCheck(response.headers());
    }

    /**
     * Returns every rule the response breaks, in the order of the RFC; empty when it accepts the request. A status
     * other than 101 is the only violation reported, for then the response is plain HTTP.
     */
    public static List<Violation> check(RequestFacts facts, HttpResponse response) {
        return new ResponseRules(facts, response).check();
    }

    /** Returns what can be told without the request, which a capture may lack. */
    public static List<Violation> checkAlone(HttpResponse response) {
        return new ResponseRules(null, response).check();
    }

    private List<Violation> check() {
        if (response.status() != SWITCHING_PROTOCOLS) {
            check.add(
                    Rule.HANDSHAKE_STATUS,
                    response.offset(),
                    "the status is " + response.status() + " " + Excerpt.of(response.reason()) + ", not 101");
            return check.violations();
        }
        if (response.version().isBefore(HttpVersion.HTTP_1_1)) {
            // RFC 9110 §15.2: "Since HTTP/1.0 did not define any 1xx status codes"
            check.add(
                    Rule.HANDSHAKE_HTTP_VERSION,
                    response.offset(),
                    "status 101 does not exist in " + response.version());
        }
        checkUpgrade();
        check.connectionNamesUpgrade();
        checkAccept();
        checkExtensions();
        checkSubprotocol();
        check.noBody();
        return check.violations();
    }

    private void checkUpgrade() {
        // RFC 6455 §4.1: "If the response lacks an |Upgrade| header field or the |Upgrade| header field contains a
        // value that is not an ASCII case-insensitive match for the value "websocket", the client MUST _Fail the
        // WebSocket Connection_."
        HttpField upgrade = check.single(Rule.HANDSHAKE_UPGRADE, UPGRADE);
        if (upgrade != null && !upgrade.value().equalsIgnoreCase(WEBSOCKET)) {
            check.add(Rule.HANDSHAKE_UPGRADE, upgrade, "not \"" + WEBSOCKET + "\"");
        }
    }

    private void checkAccept() {
        HttpField accept = check.single(Rule.HANDSHAKE_ACCEPT, ACCEPT);
        if (accept == null || facts == null || facts.key() == null) {
            return;
        }
        // RFC 6455 §4.1 allows to ignore "any leading and trailing whitespace", which the parser took off.
        String expected = WebSocketKey.accept(facts.key());
        if (!accept.value().equals(expected)) {
            check.add(Rule.HANDSHAKE_ACCEPT, accept, "expected " + Excerpt.of(expected));
        }
    }

    private void checkExtensions() {
        // RFC 6455 §11.3.2: "the |Sec-WebSocket-Extensions| header field MUST NOT appear more than once in an HTTP
        // response"
        check.atMostOne(Rule.HANDSHAKE_EXTENSION, EXTENSIONS);
        for (ExtensionOffer agreed : check.extensions()) {
            // RFC 6455 §4.1: "indicates the use of an extension that was not present in the client's handshake"
            if (facts != null
                    && facts.extensions().stream()
                            .noneMatch(offer -> offer.name().equals(agreed.name()))) {
                check.add(
                        Rule.HANDSHAKE_EXTENSION,
                        response.headers().fields(EXTENSIONS).get(0).offset(),
                        "extension " + Excerpt.of(agreed.name()) + " was not offered");
                return;
            }
        }
    }

    private void checkSubprotocol() {
        // RFC 6455 §11.3.4: "The |Sec-WebSocket-Protocol| header field MUST NOT appear more than once in an HTTP
        // response."
        HttpField subprotocol = check.atMostOne(Rule.HANDSHAKE_SUBPROTOCOL, PROTOCOL);
        // RFC 6455 §4.1: "indicates the use of a subprotocol that was not present in the client's handshake"
        if (subprotocol != null && facts != null && !facts.subprotocols().contains(subprotocol.value())) {
            check.add(Rule.HANDSHAKE_SUBPROTOCOL, subprotocol, "which was not asked for");
        }
    }
}
