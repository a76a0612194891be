package io.sansocket;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words what went wrong when TLS did not come about, and what helps where that is clear. */
final class TlsFault {
    private static final int MAX_TEXT = 300;

    private TlsFault() {}

    /** Returns what a client's user is told. */
    static SSLException ofClient(String server, @Nullable Throwable failure, ConnectionClosedException how) {
        Throwable cause = failure == null ? how : failure;
        return new SSLException("TLS with " + server + " failed: " + client(cause), cause);
    }

    private static String client(Throwable cause) {
        String message = text(cause);
        if (cause instanceof ConnectionClosedException closed) {
            return "the handshake was not finished; " + text(closed);
        } else if (has(cause, CertificateExpiredException.class) || has(cause, CertificateNotYetValidException.class)) {
            return "the server's certificate is not valid now: " + text(root(cause));
        } else if (has(cause, CertPathBuilderException.class)) {
            return "the server's certificate is not trusted (" + text(root(cause))
                    + "); Tls.system().trusting(…) trusts the certificates of a file";
        } else if (has(cause, CertificateException.class)) {
            return "the server's certificate is refused: " + text(root(cause));
        } else if (message.contains("does not speak TLS")) {
            return message + "; is it a ws: URI?";
        }
        return byAlert(message);
    }

    /** What the peer's alert means (RFC 8446 §6.2), for those whose name does not say it. */
    private static String byAlert(String message) {
        String alert = message.substring(message.lastIndexOf(' ') + 1);
        return message
                + switch (alert) {
                    case "no_application_protocol" ->
                        "; the two have no application protocol in common (ALPN), " + "ours is http/1.1";
                    case "protocol_version" -> "; the two have no version of TLS in common, ours are 1.3 and 1.2";
                    case "handshake_failure" ->
                        "; the two have no cipher suite, group or kind of certificate in common";
                    case "certificate_required", "bad_certificate" ->
                        "; the peer wants another certificate of this end, " + "or any";
                    case "certificate_unknown", "unknown_ca" -> "; the peer does not trust this end's certificate";
                    case "unrecognized_name" -> "; the peer does not serve this host";
                    default -> "";
                };
    }

    /** Returns what a server's log is told, in a line. */
    static String ofServer(@Nullable Throwable failure, ConnectionClosedException how) {
        return failure == null ? "the handshake was not finished; " + text(how) : byAlert(text(failure));
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    /** Some of the words may be a stranger's certificate's, so they are made safe to print. */
    private static String text(Throwable thrown) {
        String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
        String line = message.codePoints()
                .limit(MAX_TEXT)
                .map(c -> c >= ' ' && c <= '~' ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return message.length() > MAX_TEXT ? line + "..." : line;
    }
}
