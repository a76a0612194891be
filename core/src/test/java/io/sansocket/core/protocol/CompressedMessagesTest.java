package io.sansocket.core.protocol;

import static io.sansocket.core.protocol.FragmentKind.FINAL;
import static io.sansocket.core.protocol.FragmentKind.MORE;
import static io.sansocket.core.protocol.Wire.frame;
import static io.sansocket.core.protocol.Wire.utf8;
import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.deflate.DeflateContext;
import io.sansocket.core.deflate.DeflateOptions;
import io.sansocket.core.deflate.PermessageDeflate;
import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionDataException;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.extension.ExtensionRefusedException;
import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.BufferKind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate over connections (RFC 7692). */
class CompressedMessagesTest {
    private static final DeflateOptions ALL = DeflateOptions.DEFAULT.withMinLength(0);

    private static Pair open(DeflateOptions options) {
        return Pair.open(PermessageDeflate.with(options));
    }

    private static Pair open(Settings server, DeflateOptions options) {
        return Pair.open(Settings.CLIENT, server, PermessageDeflate.with(options));
    }

    private static Limits limits(long maxMessage) {
        return Limits.SERVER.withMessageLimits(maxMessage, maxMessage);
    }

    @Test
    @DisplayName("7.2.3.1, 7.2.3.2 the RFC's examples on the wire")
    void theExamplesOfTheRfc() {
        Endpoint server = open(ALL).server();
        server.protocol.sendText("Hello");
        server.protocol.sendText("Hello");
        server.expectSent(hex("c1 07 f2 48 cd c9 c9 07 00"), hex("c1 05 f2 00 11 00 00"));
        Endpoint client = open(ALL).client();
        client.receive(hex("41 03 f2 48 cd 80 04 c9 c9 07 00")).expect(new Event.TextMessage("Hello"));
        client.receive(hex("c1 05 f2 00 11 00 00")).expect(new Event.TextMessage("Hello"));
        client.receive(hex("c1 01 00")).expect(new Event.TextMessage(""));
    }

    @Test
    void whatIsHeldOfAnUnfinishedMessageCountsBeforeAnythingIsInflated() {
        Endpoint client = open(ALL).client();
        client.receive(hex("c1 07 f2")); // one byte to inflate, and nothing comes of it yet
        assertThat(client.protocol.bufferedInput()).isEqualTo(1);
        client.receive(hex("48 cd c9 c9 07 00")).expect(new Event.TextMessage("Hello"));
        assertThat(client.protocol.bufferedInput()).isZero();
    }

    @Test
    void whatIsHeldOfAnUnfinishedMessageIsCountedAsInflated() {
        Endpoint sender = open(ALL).client();
        sender.protocol.sendBinary(ByteBuffer.allocate(100_000));
        byte[] wire = sender.takeSent();
        Endpoint server = open(ALL).server();
        server.receive(Arrays.copyOf(wire, wire.length - 1));
        assertThat(wire.length).isLessThan(1_000);
        assertThat(server.protocol.bufferedInput()).isBetween(90_000L, 120_000L);
        server.receive(Arrays.copyOfRange(wire, wire.length - 1, wire.length)).next(Event.BinaryMessage.class);
        assertThat(server.protocol.bufferedInput()).isZero();
    }

    @Test
    void largeMessagesThatComeTogetherAreKeptApart() {
        Pair pair = open(ALL);
        for (int length : new int[] {100_000, 50_000}) {
            pair.server().protocol.sendBinary(ByteBuffer.allocate(length));
        }
        pair.client().receive(pair.server().takeSent()).expect(binary(new byte[100_000]), binary(new byte[50_000]));
    }

    @ParameterizedTest
    @EnumSource(BufferKind.class)
    void messagesOfAllSizesWayAndBack(BufferKind kind) {
        Random random = new Random(1);
        for (int bits : new int[] {8, 12, 15}) {
            for (boolean takeover : new boolean[] {true, false}) {
                DeflateContext context = new DeflateContext(bits, takeover);
                Pair pair = open(DeflateOptions.DEFAULT.withServer(context).withClient(context))
                        .wire(1 + random.nextInt(3_000), kind);
                for (int size : new int[] {0, 1, 63, 64, 125, 126, 1_000, 70_000}) {
                    String text = "äh ".repeat(size);
                    byte[] noise = new byte[size];
                    random.nextBytes(noise);
                    pair.client().protocol.sendText(text);
                    pair.client().protocol.sendBinary(ByteBuffer.wrap(noise));
                    pair.server().protocol.sendBinary(ByteBuffer.wrap(noise));
                    pair.server().protocol.sendTextFragment(text, MORE);
                    pair.server().protocol.sendTextFragment("", MORE);
                    pair.server().protocol.sendTextFragment(text, FINAL);
                    pair.run();
                    pair.server().expect(new Event.TextMessage(text), binary(noise));
                    pair.client().expect(binary(noise), new Event.TextMessage(text + text));
                }
                pair.assertExhausted();
            }
        }
    }

    private static Event binary(byte[] data) {
        return new Event.BinaryMessage(ByteBuffer.wrap(data));
    }

    @Test
    void aShortMessageAndOneThatIsNotChosenGoAsTheyAre() {
        boolean[] on = {true};
        Pair pair = open(DeflateOptions.DEFAULT.withMinLength(6).withFilter((text, length) -> on[0]));
        Protocol server = pair.server().protocol;
        server.sendText("Hello");
        server.sendText("Hello!");
        on[0] = false;
        server.sendText("Hello!");
        byte[] sent = pair.server().takeSent();
        assertThat(sent).startsWith(frame(Role.SERVER, 0x81, "Hello")).endsWith(frame(Role.SERVER, 0x81, "Hello!"));
        assertThat(sent[7]).isEqualTo((byte) 0xC1);
        pair.client()
                .receive(sent)
                .expect(
                        new Event.TextMessage("Hello"),
                        new Event.TextMessage("Hello!"),
                        new Event.TextMessage("Hello!"));
    }

    @Test
    void aFragmentIsReadBeforeTheNextComes() {
        Pair pair = Pair.open(
                Settings.CLIENT.withDelivery(Delivery.STREAMED), Settings.SERVER, PermessageDeflate.with(ALL));
        pair.server().protocol.sendTextFragment("Hel", MORE);
        pair.run().client().expect(new Event.TextFragment("Hel", false));
        pair.server().protocol.sendTextFragment("lo", FINAL);
        pair.run().client().expect(new Event.TextFragment("lo", false), new Event.TextFragment("", true));
    }

    @Test
    void whereOneEndHasNoneMessagesGoAsTheyAre() {
        Pair pair = Pair.open();
        pair.server().protocol.sendText("Hello".repeat(100));
        pair.run().client().expect(new Event.TextMessage("Hello".repeat(100)));
        pair.client().receive(hex("c1 07 f2 48 cd c9 c9 07 00")).expectFailure(1002, "RSV1");
    }

    @Test
    @DisplayName("RFC 6455 9.1 what was offered and not agreed to is not used")
    void anOfferThatIsNotTakenIsNotUsed() {
        Endpoint client = Endpoint.unopened(Role.CLIENT, Settings.CLIENT, 0, PermessageDeflate.with(ALL));
        assertThat(client.takeSentText()).contains("Sec-WebSocket-Extensions: permessage-deflate");
        client.receive(Wire.head(Wire.RESPONSE));
        assertThat(client.next(Event.Opened.class).extensions()).isEmpty();
        client.protocol.sendText("Hello".repeat(20));
        client.expectSent(frame(Role.CLIENT, 0x81, "Hello".repeat(20)));
        client.receive(hex("c1 07 f2 48 cd c9 c9 07 00")).expectFailure(1002, "RSV1");
    }

    @Test
    @DisplayName("6.1 control frames and later fragments are sent without RSV1")
    void onlyTheFirstFrameOfAMessageHasTheBit() {
        Endpoint server = open(ALL).server();
        server.protocol.sendTextFragment("Hel", MORE);
        server.protocol.sendPing(ByteBuffer.wrap(utf8("p")), 0);
        server.protocol.sendPong(ByteBuffer.wrap(utf8("q")));
        server.protocol.sendTextFragment("lo", FINAL);
        server.protocol.close(io.sansocket.core.rule.CloseStatus.NONE, 0);
        byte[] sent = server.takeSent();
        List<Integer> firstBytes = new ArrayList<>();
        for (int at = 0; at < sent.length; at += 2 + sent[at + 1]) {
            firstBytes.add(sent[at] & 0xFF);
        }
        assertThat(firstBytes).containsExactly(0x41, 0x89, 0x8A, 0x80, 0x88);
    }

    @ParameterizedTest
    @ValueSource(strings = {"c8 00", "c9 00", "ca 00", "41 01 00 c0 00"})
    @DisplayName("6.1 a control frame or a later fragment with RSV1 fails")
    void theBitOnAnyOtherFrameFails(String frames) {
        open(ALL).client().receive(hex(frames)).expectFailure(1002, "reserved-bits");
    }

    @Test
    void anAnswerThatDoesNotFitFailsTheHandshake() {
        Endpoint client = Endpoint.unopened(Role.CLIENT, Settings.CLIENT, 0, PermessageDeflate.create());
        client.takeSent();
        client.receive(Wire.head(Wire.RESPONSE.stripTrailing()
                + "\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=7\n\n"));
        Closed closed = client.next(Closed.class);
        assertThat(closed.rule()).isEqualTo(Rule.HANDSHAKE_EXTENSION);
        assertThat(String.valueOf(closed.violation()))
                .contains("parameter \"server_max_window_bits\" has the value \"7\", allowed are 8 to 15");
    }

    @Test
    void aServerTakesTheFirstOfferThatIsSound() {
        Endpoint server = Endpoint.unopened(Role.SERVER, Settings.SERVER, 0, PermessageDeflate.create());
        server.receive(Wire.head(Wire.REQUEST.stripTrailing()
                + "\nSec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16, permessage-deflate; "
                + "server_max_window_bits=10, permessage-deflate\n\n"));
        server.next(Event.HandshakeRequest.class);
        server.accept();
        assertThat(server.takeSentText())
                .contains("Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10\r\n");
    }

    // ---- what a peer does wrong ----

    @Test
    void dataThatStopsInsideABlockFails() {
        open(ALL).client().receive(hex("c1 05 f2 48 cd c9 c9")).expectFailure(1007, "compressed-data-truncated");
        open(ALL).client().receive(hex("c1 00")).expectFailure(1007, "compressed-data-truncated");
    }

    @Test
    void dataThatIsNoDeflateFails() {
        open(ALL).client().receive(hex("c1 02 06 00")).expectFailure(1007, "compressed-data-invalid");
    }

    @Test
    void badUtf8IsFoundInTheInflatedTextAsItAppears() {
        byte[] data = deflated(new byte[] {'a', 'b', (byte) 0xFF, 'c'}, 6);
        Endpoint client = open(ALL).client();
        // The last byte is not there yet, but the bad one is.
        client.receive(Arrays.copyOf(frame(Role.SERVER, 0xC1, data), 1 + data.length))
                .expectFailure(1007, "byte 0xff at offset 2 of the decoded message cannot stand there");
        open(ALL)
                .client()
                .receive(frame(Role.SERVER, 0xC1, deflated(new byte[] {'a', (byte) 0xC3}, 6)))
                .expectFailure(1007, "the message ends inside a character after 2 bytes, 1 short");
        open(ALL)
                .client()
                .receive(frame(Role.SERVER, 0xC2, deflated(new byte[] {(byte) 0xFF}, 6)))
                .expect(binary(hex("ff")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 8_191, 8_192, 8_193, 100_000})
    void exactlyTheLimitPasses(int limit) {
        Settings settings = Settings.SERVER.withLimits(limits(limit));
        for (int size : new int[] {limit - 1, limit}) {
            for (byte[] message : List.of(new byte[size], IncompressibleMessagesTest.noise(size))) {
                Pair pair = open(settings, ALL);
                pair.client().protocol.sendBinary(ByteBuffer.wrap(message));
                pair.run().server().expect(binary(message));
            }
        }
        Pair pair = open(settings, ALL);
        pair.client().protocol.sendBinary(ByteBuffer.wrap(new byte[limit + 1]));
        pair.server()
                .receive(pair.client().takeSent())
                .expectFailure(1009, "a message of at least " + (limit + 1) + " decoded bytes, the limit is " + limit);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 10, 100, 1_000})
    void aBombCostsNoMoreThanTheLimit(int ratio) {
        int limit = 1 << 20;
        byte[] content = new byte[16 * limit];
        Random random = new Random(ratio);
        // Noise in so many bytes that the rest, which is nothing, makes the ratio.
        for (int at = 0; at < content.length && ratio < 1_000; at += ratio) {
            content[at] = (byte) random.nextInt();
        }
        byte[] data = deflated(content, 1);
        byte[] wire = frame(Role.CLIENT, 0x42, Arrays.copyOf(data, Math.min(data.length, limit)));
        // The first time counts what the JVM loads once, not what a bomb costs.
        explode(wire, limit);
        // All that is ever allocated: garbage, and the window that the connection keeps between messages, are in it.
        assertThat(explode(wire, limit)).isLessThan(limit + 64 * 1024);
    }

    /** Returns what is allocated until a bomb is refused. */
    private static long explode(byte[] wire, int limit) {
        Endpoint server = open(Settings.SERVER.withLimits(limits(limit)), ALL).server();
        var thread = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        int consumed = 14;
        for (int at = 0; at < consumed; at++) {
            server.receive(ByteBuffer.wrap(wire, at, 1));
        }
        ByteBuffer in = ByteBuffer.wrap(wire);
        long before = thread.getCurrentThreadAllocatedBytes();
        while (!server.protocol.hasOutput()) {
            int part = Math.min(4_096, wire.length - consumed);
            server.protocol.receive(in.limit(consumed + part).position(consumed), 0);
            consumed += part;
        }
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        server.expectFailure(1009, "a message of at least 1048577 decoded bytes, the limit is 1048576");
        return allocated;
    }

    @Test
    void dataThatIsBrokenEarlyIsNotReadToItsEnd() {
        byte[] data = new byte[100_000];
        data[0] = 0x07; // a block of the reserved type
        open(Settings.SERVER, ALL)
                .server()
                .receive(frame(Role.CLIENT, 0xC2, data))
                .expectFailure(1007, "compressed-data-invalid");
    }

    @Test
    void aByteThatIsNoTextComesBeforeTheLimitThatIsPassedBehindIt() {
        byte[] text = new byte[2_000];
        text[100] = (byte) 0xFF;
        open(Settings.SERVER.withLimits(limits(1_000)), ALL)
                .server()
                .receive(frame(Role.CLIENT, 0xC1, deflated(text, 1)))
                .expectFailure(1007, "byte 0xff at offset 100 of the decoded message cannot stand there");
    }

    /** Returns a message as another implementation would make it. */
    private static byte[] deflated(byte[] content, int level) {
        Deflater deflater = new Deflater(level, true);
        deflater.setInput(content);
        byte[] out = new byte[content.length + content.length / 100 + 100];
        int size = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(out, size - 4);
    }

    // ---- release ----

    private static final class Counting implements ExtensionProvider {
        private final PermessageDeflate real = PermessageDeflate.with(ALL);
        private int made;
        private int released;

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public List<ExtensionOffer> offers() {
            return real.offers();
        }

        @Override
        public Extension accept(ExtensionOffer agreed) throws ExtensionRefusedException {
            return counted(real.accept(agreed));
        }

        @Override
        public Optional<Extension> answer(ExtensionOffer offer) {
            return real.answer(offer).map(this::counted);
        }

        private Extension counted(Extension extension) {
            made++;
            return new Extension() {
                @Override
                public ExtensionOffer agreed() {
                    return extension.agreed();
                }

                @Override
                public int reservedBits() {
                    return extension.reservedBits();
                }

                @Override
                public boolean encodes(boolean text, long length) {
                    return extension.encodes(text, length);
                }

                @Override
                public void encode(ByteBuffer part, boolean last, Sink out) {
                    extension.encode(part, last, out);
                }

                @Override
                public void decode(ByteBuffer part, boolean last, Sink out) throws ExtensionDataException {
                    extension.decode(part, last, out);
                }

                @Override
                public void release() {
                    released++;
                    extension.release();
                }
            };
        }
    }

    @Test
    void itIsReleasedOnceWhateverTheEndAndWhereverTheMessage() {
        String[] states = {"", "c1 07 f2 48 cd c9 c9 07 00", "41 03 f2 48 cd", "c1 07 f2 48", "c1 02 06 00", "c1 01 f2"
        };
        for (String state : states) {
            for (int way = 0; way < 4; way++) {
                Counting counting = new Counting();
                Pair pair = Pair.open(counting);
                Endpoint client = pair.client();
                client.protocol.sendText("Hello");
                client.receive(hex(state));
                switch (way) {
                    case 0 -> client.eof().eof();
                    case 1 -> client.reset().reset();
                    case 2 -> client.advance(Duration.ofHours(1)).reset();
                    default -> {
                        client.protocol.close(io.sansocket.core.rule.CloseStatus.NONE, client.now);
                        client.advance(Duration.ofHours(1)).eof();
                    }
                }
                assertThat(client.takeEvents()).last().isInstanceOf(Closed.class);
                assertThat(counting.released).isEqualTo(1);
                pair.server().reset();
                assertThat(counting.released).isEqualTo(counting.made).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1 02 06 00", "41 03 f2 48 cd 83 00", "41 03 f2 48 cd 88 00"})
    void aConnectionThatTakesNoMoreMessagesReleasesItBeforeThePeerCloses(String last) {
        Counting counting = new Counting();
        Endpoint client = Pair.open(counting).client();
        client.receive(hex(last));
        assertThat(counting.released).isEqualTo(1);
        client.eof();
        assertThat(client.takeEvents()).last().isInstanceOf(Closed.class);
        assertThat(counting.released).isEqualTo(1);
    }

    @Test
    void textInUtf8ThatIsCutByPiecesIsWhole() {
        Pair pair = open(ALL);
        String text = "x" + "😀".repeat(5_000);
        pair.client().protocol.sendText(text);
        pair.run().server().expect(new Event.TextMessage(text));
        assertThat(utf8(text)).hasSize(20_001);
    }
}
