package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.frame.Role;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Compressed messages and the handshakes that agree on them, for tests. */
final class Deflated {
    static final int RSV1 = 0x40;
    static final int WHOLE_TEXT = Frames.FIN | RSV1 | Frames.TEXT;

    private Deflated() {}

    /** A request that offers the extension. */
    static String request() {
        return CaptureStory.REQUEST.replace(
                "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n");
    }

    /** A response that agrees to the extension with parameters, as {@code "; server_no_context_takeover"}. */
    static String response(String parameters) {
        return CaptureStory.RESPONSE.replace(
                "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate" + parameters + "\r\n\r\n");
    }

    static CaptureStory agreed(String parameters) {
        return CaptureStory.connect().client(request()).server(response(parameters));
    }

    /** The server's bare stream, its head included. */
    static Doctor ofServer(String parameters, byte[]... frames) {
        byte[] head = response(parameters).getBytes(StandardCharsets.US_ASCII);
        return Doctor.ofStream(Role.SERVER, Frames.join(head, Frames.join(frames)));
    }

    static String parameters(DeflateContext client, DeflateContext server) {
        return (client.takeover() ? "" : "; client_no_context_takeover")
                + (server.takeover() ? "" : "; server_no_context_takeover")
                + "; client_max_window_bits=" + client.maxWindowBits()
                + "; server_max_window_bits=" + server.maxWindowBits();
    }

    /** A sender that compresses with the platform's deflater, in a window of 15 bits. */
    static final class Zip {
        private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        private final boolean takeover;

        Zip(boolean takeover) {
            this.takeover = takeover;
        }

        byte[] message(byte[] message) {
            deflater.setInput(message);
            byte[] out = new byte[message.length + 1000];
            int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
            if (!takeover) {
                deflater.reset();
            }
            // Behind a flush an empty message gives nothing: RFC 7692 §7.2.3.6 has it sent as 00.
            return length == 0 ? new byte[] {0} : Arrays.copyOf(out, length - 4);
        }

        byte[] message(String text) {
            return message(text.getBytes(StandardCharsets.UTF_8));
        }

        /** A server's frame with a whole text. */
        byte[] text(String text) {
            return Frames.server(WHOLE_TEXT, message(text));
        }
    }

    /** A sender that compresses with the core, in any window. */
    static final class Core {
        private final Extension extension;

        Core(DeflateContext context) {
            var options = DeflateOptions.DEFAULT.withClient(context).withMinLength(0);
            try {
                extension = PermessageDeflate.with(options).accept(ExtensionOffer.of(PermessageDeflate.NAME));
            } catch (ExtensionRefusedException e) {
                throw new AssertionError(e);
            }
        }

        byte[] message(String text) {
            var out = new ByteArrayOutputStream();
            extension.encode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true, bytes -> {
                byte[] part = new byte[bytes.remaining()];
                bytes.get(part);
                out.writeBytes(part);
                return true;
            });
            return out.toByteArray();
        }
    }
}
