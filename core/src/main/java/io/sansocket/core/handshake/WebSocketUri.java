package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpResponse;
import io.sansocket.core.rule.Excerpt;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A ws or wss URI, taken apart: where to connect to, and what to ask for there (RFC 6455 §3). It reads hosts that {@link
 * URI#getHost} does not know, as names with an underscore.
 *
 * @param secure whether TLS is spoken: it is a wss URI
 * @param host where to connect to: a name or an IPv4 address, in lower case, or an IPv6 address in brackets, with its zone
 * @param port the port, the scheme's when it names none
 * @param target the request target: the path and the query
 * @since 0.1
 */
public record WebSocketUri(boolean secure, String host, int port, String target) {
    private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
    private static final String CODED_PERCENT = "%25";
    private static final int WS_PORT = 80;
    private static final int WSS_PORT = 443;

    /**
     * Takes a URI apart.
     *
     * @throws IllegalArgumentException when it is not a ws or wss URI with a host, or has a user or a fragment
     */
    public static WebSocketUri of(URI uri) {
        // RFC 6455 §3: "ws-URI = "ws:" "//" host [ ":" port ] path [ "?" query ]": no user
        String authority = uri.getRawAuthority();
        if (defaultPort(uri) == Authority.NO_PORT || authority == null) {
            throw new IllegalArgumentException("not a ws or wss URI: " + shown(uri));
        }
        if (authority.indexOf('@') >= 0) {
            throw new IllegalArgumentException("a WebSocket URI has no user: " + shown(uri));
        }
        if (uri.getRawFragment() != null) {
            // RFC 6455 §3: "Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used
            // on these URIs."
            throw new IllegalArgumentException("a WebSocket URI has no fragment: " + shown(uri));
        }
        String zone = zone(authority);
        Authority parsed = Authority.parse(authority.replace(zone, ""));
        if (parsed == null) {
            throw new IllegalArgumentException(
                    "not an ASCII host with an optional port: " + Excerpt.of(authority) + " (RFC 3986 §3.2)");
        }
        // RFC 6874 §2: a zone follows "%25", the percent sign's own code; addresses have the sign.
        boolean coded = zone.startsWith(CODED_PERCENT) && zone.length() > CODED_PERCENT.length();
        String scope = coded ? "%" + zone.substring(CODED_PERCENT.length()) : zone;
        String host = parsed.host().replace("]", scope + "]");
        boolean secure = defaultPort(uri) == WSS_PORT;
        return new WebSocketUri(secure, host, parsed.portOr(defaultPort(uri)), target(uri));
    }

    /** Returns the value of the Host header: without the port where it is the scheme's. */
    String hostHeader() {
        // RFC 6874 §4: "An HTTP client ... MUST remove any ZoneID"
        String name = host.replace(zone(host), "");
        return port == (secure ? WSS_PORT : WS_PORT) ? name : name + ":" + port;
    }

    /** Returns an IPv6 address's zone with its percent sign; else nothing. */
    private static String zone(String authority) {
        int zone = authority.indexOf('%');
        int end = authority.indexOf(']');
        return zone < 0 || end < zone ? "" : authority.substring(zone, end);
    }

    private static String target(URI uri) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath();
        String query = ascii.getRawQuery();
        // RFC 6455 §3: the resource name is made of a slash where the path is empty, the path, a question mark where
        // the
        // query is not empty, and the query.
        return (path.isEmpty() ? "/" : path) + (query == null || query.isEmpty() ? "" : "?" + query);
    }

    private static int defaultPort(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        return switch (scheme) {
            case "ws" -> WS_PORT;
            case "wss" -> WSS_PORT;
            default -> Authority.NO_PORT;
        };
    }

    /** Shows what cannot be secret of a URI: its scheme and its path. */
    private static String shown(URI uri) {
        return Excerpt.of(uri.getScheme() + "://..." + (uri.getRawPath() == null ? "" : uri.getRawPath()));
    }

    static Optional<URI> redirect(HttpResponse response, URI from) {
        List<String> locations = response.headers().all("Location");
        if (!REDIRECTS.contains(response.status()) || locations.size() != 1) {
            return Optional.empty();
        }
        return Optional.ofNullable(resolve(locations.get(0), from));
    }

    private static @Nullable URI resolve(String location, URI from) {
        try {
            // A fragment in a Location is the page's business, and must not be in the URI we ask for.
            URI to = follow(from, beforeFirst('#', location));
            String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
            if (scheme.equals("http") || scheme.equals("https")) {
                to = URI.create("ws" + to.toString().substring("http".length()));
            }
            of(to);
            return to;
        } catch (IllegalArgumentException e) {
            // The server's fault, not ours: a Location that is no URI leads nowhere.
            return null;
        }
    }

    private static URI follow(URI from, String reference) {
        // RFC 3986 §5.2.2: "if (R.path == "") then T.path = Base.path"; URI.resolve takes the folder of that path.
        if (reference.isEmpty()) {
            return from;
        }
        return reference.startsWith("?")
                ? URI.create(beforeFirst('?', from.toString()) + reference)
                : from.resolve(reference);
    }

    private static String beforeFirst(char mark, String text) {
        int index = text.indexOf(mark);
        return index < 0 ? text : text.substring(0, index);
    }
}
