package io.sansocket.core.protocol;

import static io.sansocket.core.testing.Hex.hex;

import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Bytes on the wire, made by hand: nothing here uses the code under test. */
final class Wire {
    /** The masking key of all frames made here, as in RFC 6455 §5.7. */
    static final byte[] KEY = hex("37 fa 21 3d");

    /** A lawful request; RFC 6455 §1.3's nonce. */
    static final String REQUEST = """
            GET /chat HTTP/1.1
            Host: server.example.com
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;

    /** The response that accepts it. */
    static final String RESPONSE = """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """;

    private static final int MASKED = 0x80;

    private Wire() {}

    /** Returns a head's bytes: ISO-8859-1, with the line ends of HTTP. */
    static byte[] head(String text) {
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns a frame; {@code first} is its first byte. */
    static byte[] frame(Role sender, int first, byte[] payload) {
        var out = new ByteArrayOutputStream();
        int mask = sender == Role.CLIENT ? MASKED : 0;
        int length = payload.length;
        out.write(first);
        if (length < 126) {
            out.write(mask | length);
        } else if (length < 65_536) {
            out.write(mask | 126);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(mask | 127);
            out.writeBytes(new byte[4]);
            out.writeBytes(
                    new byte[] {(byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length});
        }
        if (mask != 0) {
            out.writeBytes(KEY);
        }
        for (int i = 0; i < length; i++) {
            out.write(mask == 0 ? payload[i] : payload[i] ^ KEY[i % 4]);
        }
        return out.toByteArray();
    }

    /** Returns a frame whose payload is a text. */
    static byte[] frame(Role sender, int first, String payload) {
        return frame(sender, first, utf8(payload));
    }

    /** Returns a Close frame. */
    static byte[] close(Role sender, int code, String reason) {
        return frame(sender, 0x88, join(new byte[] {(byte) (code >> 8), (byte) code}, utf8(reason)));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] join(byte[]... parts) {
        var out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static String show(byte[] bytes) {
        return HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
}
