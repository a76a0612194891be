package io.sansocket;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Makes the platform's TLS engines, with what we insist on. */
final class TlsEngines {
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");
    // RFC 7301 §6: "Protocol: HTTP/1.1 Identification Sequence: 0x68 0x74 0x74 0x70 0x2f 0x31 0x2e 0x31 ("http/1.1")"
    private static final String[] APPLICATION_PROTOCOLS = {"http/1.1"};

    private TlsEngines() {}

    /** Returns an engine for a connection to a host, whose name the certificate must have. */
    static SSLEngine client(Tls tls, String host, int port) {
        String name = bare(host);
        SSLEngine engine = tls.context.createSSLEngine(name, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = parameters(engine);
        parameters.setServerNames(serverNames(name));
        // RFC 9110 §4.3.4: the client "MUST verify that the service's identity is an acceptable match for the URI's
        // origin server".
        parameters.setEndpointIdentificationAlgorithm(tls.checksHostName ? "HTTPS" : "");
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Returns an engine for a connection that was accepted. */
    static SSLEngine server(Tls tls) {
        SSLEngine engine = tls.context.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = parameters(engine);
        switch (tls.clientCertificate) {
            case NONE -> parameters.setNeedClientAuth(false);
            case WANTED -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Checks that a context has what we speak.
     *
     * @throws IllegalArgumentException if it has not
     */
    static void check(SSLContext context) {
        SSLParameters parameters = context.getDefaultSSLParameters();
        if (protocols(parameters).length == 0) {
            throw new IllegalArgumentException(
                    "the SSLContext has neither TLS 1.3 nor TLS 1.2, only " + List.of(parameters.getProtocols()));
        }
    }

    private static String[] protocols(SSLParameters parameters) {
        return Arrays.stream(parameters.getProtocols())
                .filter(PROTOCOLS::contains)
                .toArray(String[]::new);
    }

    private static SSLParameters parameters(SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols(parameters));
        parameters.setApplicationProtocols(APPLICATION_PROTOCOLS);
        return parameters;
    }

    /**
     * A URI has an IPv6 address in brackets, perhaps with a zone, which is this end's alone, and may have a name with the
     * root's dot, which no certificate has.
     */
    private static String bare(String host) {
        if (host.startsWith("[")) {
            int zone = host.indexOf('%');
            return host.substring(1, zone < 0 ? host.length() - 1 : zone);
        }
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    // RFC 6066 §3: "Literal IPv4 and IPv6 addresses are not permitted in "HostName"."
    private static List<SNIServerName> serverNames(String host) {
        boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        try {
            return literal ? List.of() : List.of(new SNIHostName(host));
        } catch (IllegalArgumentException e) {
            // A name that only a private name service has, as one with an underscore: the server does without.
            return List.of();
        }
    }
}
