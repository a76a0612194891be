package io.sansocket.core.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The request line: {@code method SP request-target SP HTTP-version} (RFC 9112 §3). */
final class RequestLine implements HeadLine {
    // Invariant: an index is 0 until the part it ends was read; both point at a space.
    private int methodEnd;
    private int targetEnd;

    @Override
    public @Nullable Fault accept(int index, int b) {
        if (methodEnd == 0) {
            return acceptMethod(index, b);
        }
        if (targetEnd == 0) {
            return acceptTarget(index, b);
        }
        int versionIndex = index - targetEnd - 1;
        return versionIndex < HttpVersion.LENGTH
                ? HttpVersion.accept(versionIndex, b)
                : Fault.syntax(Fault.named(b) + " behind the HTTP version");
    }

    private @Nullable Fault acceptMethod(int index, int b) {
        // RFC 9112 §3.1: "The request method is case-sensitive." and a token.
        if (HttpTokens.isTokenCharacter(b)) {
            return null;
        }
        if (index > 0 && b == ' ') {
            methodEnd = index;
            return null;
        }
        String hint = index == 0 && HttpVersion.looksLikeTls(b) ? ": this looks like TLS, not HTTP" : "";
        return Fault.syntax(Fault.named(b) + " in the method" + hint);
    }

    private @Nullable Fault acceptTarget(int index, int b) {
        if (HttpTokens.isVisible(b)) {
            return null;
        }
        if (b == ' ' && index > methodEnd + 1) {
            targetEnd = index;
            return null;
        }
        // RFC 9112 §3: "method SP request-target SP HTTP-version": one space, where some recipients split at any
        // whitespace; we refuse that because two readings of one line are how requests are smuggled.
        return Fault.syntax(Fault.named(b) + " in the request target");
    }

    @Override
    public @Nullable Fault end(int length) {
        if (targetEnd > 0 && length == targetEnd + 1 + HttpVersion.LENGTH) {
            return null;
        }
        return Fault.syntax("the line ends " + (targetEnd > 0 ? "inside" : "without") + " the HTTP version");
    }

    HttpRequest read(byte[] line, HttpHeaders headers) {
        var method = new String(line, 0, methodEnd, StandardCharsets.US_ASCII);
        var target = new String(line, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.US_ASCII);
        return new HttpRequest(method, target, HttpVersion.read(line, targetEnd + 1), headers);
    }
}
