package io.sansocket.core.handshake;

import io.sansocket.core.http.HttpTokens;
import io.sansocket.core.rule.Excerpt;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The key of a request and the answer to it (RFC 6455 §4.1, §4.2.2).
 *
 * @since 0.1
 */
public final class WebSocketKey {
    /** How many bytes a nonce has. */
    public static final int NONCE_LENGTH = 16;

    // RFC 6455 §1.3: the GUID "is unlikely to be used by network endpoints that do not understand the WebSocket
    // Protocol"
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final String PADDING = "==";
    private static final int DIGITS = 22; // 16 bytes are 128 bits, a digit has 6

    private WebSocketKey() {}

    /**
     * Returns the key for a nonce, which must be random for each connection and is not kept.
     *
     * @throws IllegalArgumentException when the nonce has not {@value #NONCE_LENGTH} bytes
     */
    public static String of(byte[] nonce) {
        // RFC 6455 §4.1: "a nonce consisting of a randomly selected 16-byte value that has been base64-encoded"
        if (nonce.length != NONCE_LENGTH) {
            throw new IllegalArgumentException("nonce has " + nonce.length + " bytes, it must have " + NONCE_LENGTH);
        }
        return Base64.getEncoder().encodeToString(nonce);
    }

    /** Tells whether a text is 16 bytes in base64: 22 digits and two equals signs. */
    public static boolean isValid(String key) {
        // RFC 6455 §4.2.1: "a base64-encoded ... value that, when decoded, is 16 bytes in length". The 4 bits that the
        // last digit has too many may be anything: RFC 4648 §3.5 leaves that to the decoder.
        if (key.length() != DIGITS + PADDING.length() || !key.endsWith(PADDING)) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            if (!isBase64Digit(key.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBase64Digit(char c) {
        return HttpTokens.isLetter(c) || HttpTokens.isDigit(c) || c == '+' || c == '/';
    }

    /**
     * Returns the value of {@code Sec-WebSocket-Accept} that answers a key.
     *
     * @throws IllegalArgumentException when the key is not {@linkplain #isValid valid}
     */
    public static String accept(String key) {
        if (!isValid(key)) {
            throw new IllegalArgumentException("key " + Excerpt.of(key) + " is not 16 bytes in base64");
        }
        // RFC 6455 §4.2.2: "concatenating this value with the string "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", taking the
        // SHA-1 hash of this concatenated value to obtain a 20-byte value, and base64-encoding"
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-1", e);
        }
    }
}
