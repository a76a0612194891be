package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.FragmentKind.FINAL;
import static io.sansocket.core.protocol.FragmentKind.MORE;
import static io.sansocket.core.protocol.Wire.frame;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.frame.Role;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that permessage-deflate makes larger: what is sent of them, and how the limits count them. */
class IncompressibleMessagesTest {
    private static final int WINDOW = 32 * 1024;
    private static final String TEXT = "{\"user\":\"u1\",\"token\":\"t1\"}".repeat(10);

    static byte[] noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return noise;
    }

    private static Pair open(int bits, boolean takeover, Settings server) {
        DeflateContext context = new DeflateContext(bits, takeover);
        DeflateOptions options =
                DeflateOptions.DEFAULT.withServer(context).withClient(context).withMinLength(0);
        return Pair.open(Settings.CLIENT, server, PermessageDeflate.with(options));
    }

    private static Settings limits(long maxFramePayload, long maxMessage) {
        return Settings.SERVER.withLimits(Limits.SERVER.withMessageLimits(maxFramePayload, maxMessage));
    }

    private static Event binary(byte[] data) {
        return new Event.BinaryMessage(ByteBuffer.wrap(data));
    }

    @ParameterizedTest
    @CsvSource({"15, true, 32768", "8, true, 256", "15, false, 1000", "15, true, 1048576"})
    @DisplayName("7692 6.1 one that nothing is lost with goes as it is, and the next is compressed on its own")
    void goesAsItIs(int bits, boolean takeover, int length) {
        Pair pair = open(bits, takeover, Settings.SERVER);
        pair.server().protocol.sendText(TEXT);
        byte[] compressed = pair.server().takeSent();
        assertThat(compressed.length).isLessThan(TEXT.length());
        pair.client().receive(compressed).expect(new Event.TextMessage(TEXT));
        for (int round = 0; round < 2; round++) {
            pair.server().protocol.sendBinary(ByteBuffer.wrap(noise(length)));
            byte[] sent = pair.server().takeSent();
            assertThat(sent).isEqualTo(frame(Role.SERVER, 0x82, noise(length)));
            pair.client().receive(sent).expect(binary(noise(length)));
            pair.server().protocol.sendText(TEXT);
            // As the first one was: nothing of it is remembered.
            pair.server().expectSent(compressed);
            pair.client().receive(compressed).expect(new Event.TextMessage(TEXT));
        }
        pair.assertExhausted();
    }

    @Test
    void aShorterOneGoesEncodedForTheSakeOfWhatCameBefore() {
        Pair pair = open(15, true, Settings.SERVER);
        pair.server().protocol.sendText(TEXT);
        pair.server().protocol.sendBinary(ByteBuffer.wrap(noise(WINDOW - 1)));
        pair.run().client().expect(new Event.TextMessage(TEXT), binary(noise(WINDOW - 1)));
        pair.server().protocol.sendBinary(ByteBuffer.wrap(noise(1_000)));
        byte[] first = pair.server().takeSent();
        assertThat(first[0]).isEqualTo((byte) 0xC2);
        pair.server().protocol.sendBinary(ByteBuffer.wrap(noise(1_000)));
        byte[] again = pair.server().takeSent();
        assertThat(again.length).isLessThan(50);
        pair.client().receive(first).receive(again).expect(binary(noise(1_000)), binary(noise(1_000)));
    }

    @Test
    void aFragmentGoesEncodedForItsMessageHasBegun() {
        Pair pair = open(15, true, Settings.SERVER);
        pair.server().protocol.sendBinaryFragment(ByteBuffer.wrap(noise(40_000)), MORE);
        pair.server().protocol.sendBinaryFragment(ByteBuffer.wrap(noise(50_000)), FINAL);
        byte[] sent = pair.server().takeSent();
        assertThat(sent[0]).isEqualTo((byte) 0x42);
        byte[] message = Arrays.copyOf(noise(40_000), 90_000);
        System.arraycopy(noise(50_000), 0, message, 40_000, 50_000);
        pair.client().receive(sent).expect(binary(message));
    }

    @Test
    void aMessageInOneFragmentIsAWholeOne() {
        Pair pair = open(15, true, Settings.SERVER);
        pair.server().protocol.sendBinaryFragment(ByteBuffer.wrap(noise(40_000)), FINAL);
        pair.server().expectSent(frame(Role.SERVER, 0x82, noise(40_000)));
    }

    @ParameterizedTest
    @CsvSource({"15, 1", "15, 100", "15, 65536", "8, 1", "8, 255", "8, 4096"})
    void aMessageOfTheLimitPassesInAnyFragments(int bits, int fragment) {
        int limit = fragment * (fragment == 1 ? 16_384 : 16);
        Pair pair = open(bits, true, limits(fragment, limit));
        byte[] message = noise(limit);
        for (int at = 0; at < limit; at += fragment) {
            FragmentKind kind = at + fragment == limit ? FINAL : MORE;
            pair.client().protocol.sendBinaryFragment(ByteBuffer.wrap(message, at, fragment), kind);
        }
        pair.run().server().expect(binary(message));
    }

    @Test
    void aMessageThatIsEncodedMayBeAnEighthLargerAndNoMore() {
        Settings server = limits(800, 2_000);
        open(15, true, server).server().receive(header(0x42, 916)).expectNothing();
        open(15, true, server)
                .server()
                .receive(header(0x42, 917))
                .expectFailure(1009, "a frame of 917 payload bytes, the limit is 916 as it is encoded, for 800");
        open(15, true, server)
                .server()
                .receive(header(0x02, 801))
                .expectFailure(1009, "a frame of 801 payload bytes, the limit is 800");
    }

    @ParameterizedTest
    @ValueSource(ints = {698, 699})
    void soMayAllItsFragmentsTogether(int third) {
        Endpoint server = open(15, true, limits(800, 2_000)).server();
        // An empty block that is not compressed, again and again: nothing comes of it.
        byte[] blocks = new byte[800];
        for (int at = 0; at < blocks.length; at += 5) {
            blocks[at + 3] = (byte) 0xFF;
            blocks[at + 4] = (byte) 0xFF;
        }
        server.receive(frame(Role.CLIENT, 0x42, blocks), frame(Role.CLIENT, 0x00, blocks), header(0x00, third));
        if (third == 698) {
            server.expectNothing();
        } else {
            server.expectFailure(
                    1009, "a message of at least 2299 bytes, the limit is 2298 as it is encoded, for 2000");
        }
    }

    @Test
    void withoutALimitThereIsNone() {
        Settings server = limits(Limits.UNLIMITED, Limits.UNLIMITED).withDelivery(Delivery.STREAMED);
        Endpoint end = open(15, true, server).server();
        end.receive(header(0x42, Long.MAX_VALUE)).expectNothing();
    }

    /** Returns the header of a client's frame. */
    private static byte[] header(int firstByte, long length) {
        ByteBuffer header = ByteBuffer.allocate(14).put((byte) firstByte);
        if (length > 0xFFFF) {
            header.put((byte) 0xFF).putLong(length);
        } else {
            header.put((byte) 0xFE).putShort((short) length);
        }
        return Arrays.copyOf(header.putInt(0).array(), header.position());
    }
}
