package io.sansocket.core.deflate;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionParameter;
import io.sansocket.core.extension.ExtensionRefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Inflating as a tool that looks on does it: one direction alone, past lost messages. */
class MessageInflaterTest {
    private static final String HELLO = "f2 48 cd c9 c9 07 00";
    private static final String HELLO_AGAIN = "f2 00 11 00 00"; // refers to the message before
    private static final DeflateContext ALONE = new DeflateContext(15, false);

    private final PermessageDeflate provider = PermessageDeflate.create();

    private static String decode(MessageInflater inflater, String data) throws ExtensionDataException {
        var text = new StringBuilder();
        inflater.decode(ByteBuffer.wrap(hex(data)), true, out -> {
            text.append(StandardCharsets.UTF_8.decode(out));
            return true;
        });
        return text.toString();
    }

    @Test
    void messagesOfOneDirectionAreInflated() throws Exception {
        MessageInflater inflater = provider.inflater(DeflateContext.LARGEST);
        assertThat(decode(inflater, HELLO)).isEqualTo("Hello");
        assertThat(decode(inflater, HELLO_AGAIN)).isEqualTo("Hello");
    }

    @Test
    void withoutContextTakeoverTheMessageBehindALostOneIsInflated() throws Exception {
        MessageInflater inflater = provider.inflater(ALONE);
        assertThatThrownBy(() -> decode(inflater, HELLO_AGAIN)).isInstanceOf(ExtensionDataException.class);
        inflater.release();
        assertThat(decode(inflater, HELLO)).isEqualTo("Hello");
    }

    @Test
    void partIsReadToTheByteThatShowsTheFaultHoweverItCame() {
        byte[] data = hex("f2 48 cd c9 c9 07 00 00 00 ff ff 06 00 01 02"); // 06: block type 3
        for (int size = 1; size <= data.length; size++) {
            MessageInflater inflater = provider.inflater(ALONE);
            int piece = size;
            int[] read = {0};
            assertThatThrownBy(() -> {
                        for (int at = 0; at < data.length; at += piece) {
                            var part = ByteBuffer.wrap(data, at, Math.min(piece, data.length - at));
                            try {
                                inflater.decode(part, false, out -> true);
                            } finally {
                                read[0] = part.position();
                            }
                        }
                    })
                    .isInstanceOf(ExtensionDataException.class);
            assertThat(read[0]).as("pieces of %d", piece).isEqualTo(12);
            inflater.release();
        }
    }

    @Test
    void whatIsHeldIsTold() throws Exception {
        MessageInflater inflater = provider.inflater(DeflateContext.LARGEST);
        assertThat(inflater.retained()).isZero();
        inflater.decode(ByteBuffer.wrap(hex("f2 48")), false, out -> true);
        assertThat(inflater.retained()).isGreaterThanOrEqualTo(InflateCoder.RETAINED);
        inflater.decode(ByteBuffer.wrap(hex("cd c9 c9 07 00")), true, out -> true);
        assertThat(inflater.retained()).isBetween("Hello".length(), 4 * "Hello".length());
        MessageInflater alone = provider.inflater(ALONE);
        decode(alone, HELLO);
        assertThat(alone.retained()).isZero();
    }

    @Test
    void contextsAreReadFromTheResponse() throws Exception {
        var all = ExtensionOffer.of(
                PermessageDeflate.NAME,
                new ExtensionParameter("server_no_context_takeover", null),
                new ExtensionParameter("client_no_context_takeover", null),
                new ExtensionParameter("server_max_window_bits", "10"),
                new ExtensionParameter("client_max_window_bits", "9"));
        assertThat(DeflateContext.ofServer(all)).isEqualTo(new DeflateContext(10, false));
        assertThat(DeflateContext.ofClient(all)).isEqualTo(new DeflateContext(9, false));
        var none = ExtensionOffer.of(PermessageDeflate.NAME);
        assertThat(DeflateContext.ofServer(none)).isEqualTo(DeflateContext.LARGEST);
        assertThat(DeflateContext.ofClient(none)).isEqualTo(DeflateContext.LARGEST);
    }

    @Test
    void contextsAreReadStrictly() {
        var wrong = ExtensionOffer.of(PermessageDeflate.NAME, new ExtensionParameter("client_max_window_bits", null));
        assertThatThrownBy(() -> DeflateContext.ofServer(wrong)).isInstanceOf(ExtensionRefusedException.class);
        assertThatThrownBy(() -> DeflateContext.ofClient(wrong)).isInstanceOf(ExtensionRefusedException.class);
    }
}
