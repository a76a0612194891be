package io.sansocket.cli;

import io.sansocket.Tls;
import io.sansocket.WebSocket;
import io.sansocket.WebSocketBuilder;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.handshake.WebSocketUri;
import io.sansocket.core.protocol.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** How to reach a server: the URL, and the options that curl and wscat have for it, under their names. */
final class DialOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @Parameters(
            paramLabel = "URL",
            description = "Where to connect to: ws://HOST[:PORT][/PATH][?QUERY] or wss://…; ws:// may be left out.")
    @SuppressWarnings("NullAway.Init")
    private String url;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "Send one more header with the request.")
    private List<String> headers = List.of();

    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER:PASSWORD",
            description = "Send an Authorization header (Basic).")
    private @Nullable String user;

    @Option(
            names = {"-s", "--subprotocol"},
            paramLabel = "NAME",
            split = ",",
            description = "Offer a subprotocol; several in order of preference.")
    private List<String> subprotocols = List.of();

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "Send an Origin, as a browser does.")
    private @Nullable String origin;

    @Option(
            names = "--resolve",
            paramLabel = "HOST:PORT:ADDRESS",
            description = "Connect to this address when the URL says HOST and PORT.")
    private List<String> resolve = List.of();

    @Option(
            names = "--connect-timeout",
            paramLabel = "SECONDS",
            converter = Seconds.class,
            description = "How long connecting may take: 10 by default, and if this is 0.")
    private @Nullable Duration connectTimeout;

    @Option(
            names = {"-z", "--compress"},
            description = "Offer permessage-deflate (RFC 7692).")
    private boolean compress;

    @Option(
            names = {"-k", "--insecure"},
            description = "Trust any certificate of the server.")
    private boolean insecure;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "Trust these certificates (PEM) and those they issued, and no others.")
    private @Nullable Path authority;

    @Option(names = "--cert", paramLabel = "FILE", description = "Show this certificate (PEM) if the server asks.")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key (PEM, PKCS #8).")
    private @Nullable Path key;

    /** Returns a builder for what the user asked for; what cannot be is a usage error. */
    WebSocketBuilder builder() throws UnknownHostException {
        try {
            String uri = url.contains("://") ? url : "ws://" + url;
            WebSocketBuilder builder = WebSocket.builder(uri)
                    .subprotocols(subprotocols.toArray(String[]::new))
                    .limits(Limits.CLIENT.withMessageLimits(ConnectCommand.MAX_MESSAGE, ConnectCommand.MAX_MESSAGE));
            addHeaders(builder);
            if (insecure || authority != null || certificate != null || key != null) {
                builder.tls(tls());
            }
            if (origin != null) {
                builder.origin(origin);
            }
            if (connectTimeout != null && !connectTimeout.isZero()) {
                builder.connectTimeout(connectTimeout);
            }
            if (compress) {
                builder.compression(PermessageDeflate.create());
            }
            WebSocketUri place = WebSocketUri.of(URI.create(uri));
            for (String each : resolve) {
                resolve(builder, place, each);
            }
            return builder;
        } catch (IllegalArgumentException | IllegalStateException | TypeConversionException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private Tls tls() {
        if ((certificate == null) != (key == null)) {
            throw usage("--cert and --key go together");
        }
        try {
            Tls tls = Tls.system();
            if (authority != null) {
                tls = tls.trusting(authority);
            }
            if (certificate != null && key != null) {
                tls = tls.withClientCertificate(certificate, key);
            }
            return insecure ? tls.insecureTrustingAnyCertificate() : tls;
        } catch (IOException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void addHeaders(WebSocketBuilder builder) {
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 0) {
                throw usage("'" + header + "' is not 'NAME: VALUE'");
            }
            builder.header(
                    header.substring(0, colon), header.substring(colon + 1).strip());
        }
        if (user != null) {
            if (user.indexOf(':') < 0) {
                throw usage("the user is not USER:PASSWORD: there is no colon");
            }
            // RFC 7617 §2: "user-id and password" joined by a colon, in base64; we encode them in UTF-8.
            byte[] credentials = user.getBytes(StandardCharsets.UTF_8);
            builder.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        }
    }

    private void resolve(WebSocketBuilder builder, WebSocketUri place, String rule) throws UnknownHostException {
        int portAt = rule.indexOf(':', rule.startsWith("[") ? rule.indexOf(']') + 1 : 0);
        int addressAt = rule.indexOf(':', portAt + 1);
        if (portAt <= 0 || addressAt < 0 || addressAt + 1 == rule.length()) {
            throw usage("'" + rule + "' is not HOST:PORT:ADDRESS");
        }
        int port = ListenAddress.port(rule, rule.substring(portAt + 1, addressAt));
        if (rule.substring(0, portAt).equalsIgnoreCase(place.host()) && port == place.port()) {
            builder.address(new InetSocketAddress(InetAddress.getByName(rule.substring(addressAt + 1)), port));
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
