package io.sansocket.core.deflate;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionHeader;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionRefusedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Two ends that agreed on permessage-deflate, without a connection. */
record Ends(Extension client, Extension server) {
    static Ends agree(DeflateOptions forClient, DeflateOptions forServer) {
        PermessageDeflate client = PermessageDeflate.with(forClient);
        PermessageDeflate server = PermessageDeflate.with(forServer);
        Extension answered = server.answer(client.offers().get(0)).orElseThrow();
        try {
            return new Ends(client.accept(answered.agreed()), answered);
        } catch (ExtensionRefusedException e) {
            throw new AssertionError(e);
        }
    }

    static Ends agree(DeflateOptions both) {
        return agree(both, both);
    }

    /** Returns an end that takes what any peer sends, with context takeover. */
    static Extension receiver() {
        return agree(DeflateOptions.DEFAULT).server();
    }

    static DeflateOptions both(DeflateContext context) {
        return DeflateOptions.DEFAULT.withServer(context).withClient(context);
    }

    static ExtensionOffer offer(String text) {
        ExtensionHeader parsed = ExtensionHeader.parse(List.of(text));
        return ((ExtensionHeader.Parsed) parsed).offers().get(0);
    }

    static byte[] encode(Extension end, byte[] message) {
        var out = new ByteArrayOutputStream();
        end.encode(ByteBuffer.wrap(message), true, sink(out));
        return out.toByteArray();
    }

    static byte[] encode(Extension end, String message) {
        return encode(end, message.getBytes(StandardCharsets.UTF_8));
    }

    /** Encodes a message in parts, and returns them joined. */
    static byte[] encode(Extension end, List<byte[]> parts) {
        var out = new ByteArrayOutputStream();
        parts.forEach(part -> end.encode(ByteBuffer.wrap(part), false, sink(out)));
        end.encode(ByteBuffer.allocate(0), true, sink(out));
        return out.toByteArray();
    }

    private static Extension.Sink sink(ByteArrayOutputStream out) {
        return bytes -> {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            out.writeBytes(copy);
            return true;
        };
    }

    /** Decodes a message given in pieces of a size, its end apart as a connection does. */
    static byte[] decode(Extension end, byte[] data, int piece) throws ExtensionDataException {
        var out = new ByteArrayOutputStream();
        for (int at = 0; at < data.length; at += piece) {
            end.decode(ByteBuffer.wrap(data, at, Math.min(piece, data.length - at)), false, sink(out));
        }
        end.decode(ByteBuffer.allocate(0), true, sink(out));
        return out.toByteArray();
    }

    static byte[] decode(Extension end, byte[] data) throws ExtensionDataException {
        return decode(end, data, Integer.MAX_VALUE / 2);
    }

    /** Returns text like that of an application: it repeats itself, near and far. */
    static byte[] json(Random random, int length) {
        var text = new StringBuilder();
        while (text.length() < length) {
            text.append("{\"id\":")
                    .append(random.nextInt(100_000))
                    .append(",\"user\":\"u")
                    .append(Integer.toString(random.nextInt(5_000), 36))
                    .append("\",\"token\":\"")
                    .append(Long.toString(random.nextLong(), 36))
                    .append("\"},");
        }
        return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
    }
}
