package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpField;
import io.sansocket.core.http.HttpRequest;
import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.rule.Violation;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Which web pages a server lets in (RFC 6455 §10.2): the defence against cross-site WebSocket hijacking.
 *
 * <p>Only browsers are bound to send a truthful Origin, so a request without one is let in by every policy. Immutable.
 *
 * @since 0.1
 */
public final class OriginPolicy {
    private static final String OPAQUE = "null";
    private static final String SCHEME_END = "://";
    private static final String SCHEME_MARKS = "+-.";

    private final BiPredicate<HttpRequest, String> allows;
    private final String expectation;

    private OriginPolicy(BiPredicate<HttpRequest, String> allows, String expectation) {
        this.allows = allows;
        this.expectation = expectation;
    }

    /**
     * Returns the policy that lets in the pages of the same host and port, and the default.
     *
     * <p>The Origin's host and port must be those of the Host header. The scheme is not compared: a server behind a
     * proxy cannot know it. A port that the Origin leaves out is its scheme's (80 for http, 443 for https), and so is
     * one that the Host leaves out; so {@code https://a.example} fits {@code a.example} and {@code a.example:443}, but
     * not {@code a.example:80}. Other schemes and {@code null} do not fit. Behind a proxy that changes the Host, list
     * the origins instead.
     */
    public static OriginPolicy sameOrigin() {
        return new OriginPolicy(OriginPolicy::isSameOrigin, "which is not the origin of the requested host");
    }

    /** Returns the policy that lets in every page. */
    public static OriginPolicy any() {
        return new OriginPolicy((request, origin) -> true, "");
    }

    /**
     * Returns the policy that lets in the pages of these origins, scheme included, each as a browser sends it:
     * {@code https://app.example}, {@code http://localhost:3000}, or {@code null} for pages without an origin. Case and
     * default ports do not matter.
     *
     * @throws IllegalArgumentException when one is not an origin
     */
    public static OriginPolicy of(String... origins) {
        var allowed = new TreeSet<String>();
        for (String origin : origins) {
            String normal = normalize(origin);
            if (normal == null) {
                throw new IllegalArgumentException(
                        "origin " + Excerpt.of(origin) + " is not of the form scheme://host[:port]");
            }
            allowed.add(normal);
        }
        return ofNormalized(Set.copyOf(allowed));
    }

    private static OriginPolicy ofNormalized(Set<String> allowed) {
        return new OriginPolicy(
                (request, origin) -> {
                    String normal = normalize(origin);
                    return normal != null && allowed.contains(normal);
                },
                "which is not among the " + allowed.size() + " allowed");
    }

    /** Returns the violation when the request comes from a page that is not let in; empty otherwise. */
    public List<Violation> check(HttpRequest request) {
        // RFC 6455 §10.2: "If the origin indicated is unacceptable to the server, then it SHOULD respond to the
        // WebSocket handshake with a reply containing HTTP 403 Forbidden status code."
        // Every Origin must be allowed where several are sent, so that none can hide behind another.
        for (HttpField origin : request.headers().fields("Origin")) {
            if (!allows.test(request, origin.value())) {
                String message = "Origin is " + Excerpt.of(origin.value()) + ", " + expectation;
                return List.of(new Violation(Rule.HANDSHAKE_ORIGIN, origin.offset(), message));
            }
        }
        return List.of();
    }

    private static boolean isSameOrigin(HttpRequest request, String origin) {
        List<String> hosts = request.headers().all(HeadCheck.HOST);
        Authority host = hosts.size() == 1 ? Authority.parse(hosts.get(0)) : null;
        Authority page = authority(origin);
        int defaultPort = defaultPort(origin);
        return host != null
                && page != null
                && defaultPort != Authority.NO_PORT
                && host.host().equals(page.host())
                && host.portOr(defaultPort) == page.portOr(defaultPort);
    }

    private static @Nullable String normalize(String origin) {
        if (origin.equals(OPAQUE)) {
            return origin;
        }
        Authority authority = authority(origin);
        if (authority == null) {
            return null;
        }
        return scheme(origin) + SCHEME_END + authority.host() + ":" + authority.portOr(defaultPort(origin));
    }

    private static @Nullable Authority authority(String origin) {
        String scheme = scheme(origin);
        return scheme.isEmpty() ? null : Authority.parse(origin.substring(scheme.length() + SCHEME_END.length()));
    }

    /** Returns the scheme in lower case, or an empty text where there is none. */
    private static String scheme(String origin) {
        String scheme = origin.substring(0, Math.max(0, origin.indexOf(SCHEME_END)));
        boolean valid = scheme.chars()
                .allMatch(c -> HttpTokens.isLetter(c) || HttpTokens.isDigit(c) || SCHEME_MARKS.indexOf(c) >= 0);
        return valid ? scheme.toLowerCase(Locale.ROOT) : "";
    }

    private static int defaultPort(String origin) {
        return switch (scheme(origin)) {
            case "http" -> 80;
            case "https" -> 443;
            default -> Authority.NO_PORT;
        };
    }
}
