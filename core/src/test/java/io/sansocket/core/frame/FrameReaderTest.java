package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.sansocket.core.rule.ProtocolViolationException;
import io.sansocket.core.rule.Rule;
import io.sansocket.core.testing.Feed;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameReaderTest {
    private FrameReader reader = new FrameReader(Role.SERVER);

    private static Frame pong(long offset) {
        return new Frame(true, 0, Opcode.PONG, false, new byte[0], offset);
    }

    private ProtocolViolationException failure() {
        return catchThrowableOfType(ProtocolViolationException.class, reader::next);
    }

    private IncompleteFrameException incomplete() {
        return catchThrowableOfType(IncompleteFrameException.class, reader::next);
    }

    @ParameterizedTest
    @EnumSource
    void framesComeOutInOrder(Feed feed) throws ProtocolViolationException {
        byte[] bytes = hex(
                "01 01 61", // text, length 1
                "8a 00", // fin, pong, length 0
                "80 7e 00 7e" + "62".repeat(126), // fin, continuation, 16 bits: 126
                "82 03 01 02 03"); // fin, binary, length 3
        feed.give(bytes, Role.SERVER, reader::feed);
        assertThat(reader.next())
                .isEqualTo(new Frame(false, 0, Opcode.TEXT, false, "a".getBytes(StandardCharsets.UTF_8), 0));
        assertThat(reader.next()).isEqualTo(pong(3));
        byte[] long126 = "b".repeat(126).getBytes(StandardCharsets.UTF_8);
        assertThat(reader.next()).isEqualTo(new Frame(true, 0, Opcode.CONTINUATION, false, long126, 5));
        assertThat(reader.next()).isEqualTo(new Frame(true, 0, Opcode.BINARY, false, hex("01 02 03"), 135));
        assertThat(reader.next()).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void maskedPayloadsComeOutUnmasked(Feed feed) throws ProtocolViolationException {
        reader = new FrameReader(Role.CLIENT);
        feed.give(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58"), Role.CLIENT, reader::feed); // fin, text, masked: Hello
        assertThat(reader.next())
                .isEqualTo(new Frame(true, 0, Opcode.TEXT, true, "Hello".getBytes(StandardCharsets.UTF_8), 0));
    }

    @ParameterizedTest
    @EnumSource
    void reservedBitsOfAnExtensionAreKept(Feed feed) throws ProtocolViolationException {
        reader.allowReservedBits(4);
        feed.give(hex("c2 00"), Role.SERVER, reader::feed); // fin, RSV1, binary, length 0
        assertThat(reader.next()).isEqualTo(new Frame(true, 4, Opcode.BINARY, false, new byte[0], 0));
    }

    @Nested
    @DisplayName("7.1.7 Fail the WebSocket Connection: violations")
    class Violations {
        @ParameterizedTest
        @EnumSource
        void violationComesAfterTheFramesBeforeIt(Feed feed) throws ProtocolViolationException {
            feed.give(hex("8a 00", "8a 00", "83 00", "8a 00"), Role.SERVER, reader::feed); // pongs around opcode 3
            assertThat(reader.next()).isEqualTo(pong(0));
            assertThat(reader.next()).isEqualTo(pong(2));
            assertThat(failure().violation())
                    .hasToString("reserved-opcode at offset 4: opcode 0x3 is reserved (RFC 6455 §5.2)");
            assertThat(failure()).hasMessage(failure().violation().toString());
        }

        @Test
        void violationStays() {
            reader.feed(ByteBuffer.wrap(hex("83")));
            var first = failure();
            reader.feed(ByteBuffer.wrap(hex("8a 00")));
            reader.feedEof();
            assertThat(failure()).isSameAs(first);
        }

        @Test
        void firstRuleOfTheCatalogueIsNamed() {
            reader.feed(ByteBuffer.wrap(hex("7b"))); // RSV1, RSV2, RSV3, opcode b, not final
            assertThat(failure().violation().rule()).isEqualTo(Rule.RESERVED_BITS);
        }

        @ParameterizedTest
        @CsvSource({"10, 10", "1048576, 0"})
        void payloadOfTheLimitPasses(int length, int limit) throws ProtocolViolationException {
            reader = limit == 0 ? new FrameReader(Role.SERVER) : new FrameReader(Role.SERVER, limit);
            byte[] header = new byte[FrameEncoder.headerLength(length, false)];
            FrameEncoder.encodeHeader(header, 0, true, 0, Opcode.BINARY, length);
            reader.feed(ByteBuffer.wrap(header));
            reader.feed(ByteBuffer.wrap(new byte[length]));
            assertThat(payloadOf(reader.next())).hasSize(length);
        }

        @ParameterizedTest
        @EnumSource
        void payloadBeyondTheLimitIsRefusedAtTheHeader(Feed feed) {
            reader = new FrameReader(Role.SERVER, 9);
            feed.give(hex("8a 00", "82 0a"), Role.SERVER, reader::feed); // pong; fin, binary, length 10
            assertThat(reader.progress().offset()).isEqualTo(2);
            assertThat(catchNextAfterOne().violation())
                    .hasToString("message-too-big at offset 2: a binary frame declares 10 payload bytes, the limit is 9"
                            + " (RFC 6455 §7.4.1)");
        }

        private ProtocolViolationException catchNextAfterOne() {
            return catchThrowableOfType(ProtocolViolationException.class, () -> {
                assertThat(reader.next()).isEqualTo(pong(0));
                reader.next();
            });
        }

        private static byte[] payloadOf(@Nullable Frame frame) {
            assertThat(frame).isNotNull();
            return frame == null ? new byte[0] : frame.payload();
        }
    }

    @Nested
    @DisplayName("7.1.7 Fail the WebSocket Connection: end of the stream")
    class EndOfStream {
        private static final String STORY = "in the payload of a text frame at offset 129: 199 of 202 bytes received,"
                + " 3 missing, header 81 7e 00 ca";

        private byte[] story() {
            // fin, binary, length 125; fin, pong, length 0; fin, text, 16 bits: 202; 199 of them
            return hex("82 7d" + "00".repeat(125), "8a 00", "81 7e 00 ca", "61".repeat(199));
        }

        @ParameterizedTest
        @EnumSource(names = {"WHOLE", "BYTE_BY_BYTE"})
        void truncatedFrameIsToldInNumbers(Feed feed) throws ProtocolViolationException {
            feed.give(story(), Role.SERVER, reader::feed);
            assertThat(reader.progress()).hasToString(STORY);
            reader.feedEof();
            assertThat(reader.next()).isNotNull();
            assertThat(reader.next()).isEqualTo(pong(127));
            var thrown = incomplete();
            assertThat(thrown.declared()).isEqualTo(202);
            assertThat(thrown.received()).isEqualTo(199);
            assertThat(thrown.missing()).isEqualTo(3);
            assertThat(thrown.progress().offset()).isEqualTo(129);
            assertThat(thrown.progress().header()).isEqualTo("81 7e 00 ca");
            assertThat(thrown.progress().opcode()).isEqualTo(Opcode.TEXT);
            assertThat(thrown.progress().phase()).isEqualTo(Phase.IN_PAYLOAD);
            assertThat(thrown.violation().rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
            assertThat(thrown.violation().offset()).isEqualTo(129);
            assertThat(thrown)
                    .hasMessage("incomplete-frame at offset 129: the stream ended " + STORY + " (RFC 6455 §7.1.7)");
            assertThat(incomplete()).isSameAs(thrown);
        }

        @Test
        void threeBytesMoreMakeTheFrameWhole() throws ProtocolViolationException {
            reader.feed(ByteBuffer.wrap(story()));
            reader.feed(ByteBuffer.wrap(hex("61 61 61")));
            reader.feedEof();
            assertThat(List.of(read(), read(), read()))
                    .extracting(Frame::opcode)
                    .containsExactly(Opcode.BINARY, Opcode.PONG, Opcode.TEXT);
            assertThat(reader.next()).isNull();
        }

        private Frame read() throws ProtocolViolationException {
            Frame frame = reader.next();
            if (frame == null) {
                throw new AssertionError("no frame");
            }
            return frame;
        }

        @Test
        void headerCutOffIsAnIncompleteFrameOfUnknownLength() {
            reader.feed(ByteBuffer.wrap(hex("81 7e 00"))); // fin, text, 16 bits: half of them
            reader.feedEof();
            var thrown = incomplete();
            assertThat(thrown.violation().rule()).isEqualTo(Rule.INCOMPLETE_FRAME);
            assertThat(thrown.declared()).isEqualTo(Progress.UNKNOWN);
            assertThat(thrown.missing()).isEqualTo(Progress.UNKNOWN);
            assertThat(thrown.received()).isZero();
            assertThat(thrown.progress().phase()).isEqualTo(Phase.IN_HEADER);
            assertThat(thrown)
                    .hasMessageContaining("the stream ended in the header of a text frame at offset 0: 3 of 4");
        }

        @Test
        void messageCutOffBetweenItsFragmentsIsAnIncompleteMessage() throws ProtocolViolationException {
            reader.feed(ByteBuffer.wrap(hex("01 03 48 65 6c"))); // text: Hel
            reader.feedEof();
            assertThat(reader.next()).isNotNull();
            var thrown = incomplete();
            assertThat(thrown.violation().rule()).isEqualTo(Rule.INCOMPLETE_MESSAGE);
            assertThat(thrown.progress().phase()).isEqualTo(Phase.BETWEEN_FRAGMENTS);
            assertThat(thrown)
                    .hasMessage(
                            "incomplete-message at offset 5: the stream ended between the fragments of a message at"
                                    + " offset 5: waiting for a continuation frame, 3 bytes in 1 frame so far (RFC 6455 §7.1.7)");
        }

        @ParameterizedTest
        @CsvSource({"''", "8a 00", "01 00 80 00"})
        void betweenMessagesTheEndIsNoFault(String bytes) throws ProtocolViolationException {
            reader.feed(ByteBuffer.wrap(hex(bytes)));
            reader.feedEof();
            while (reader.next() != null) {
                // only the end matters
            }
            assertThat(reader.next()).isNull();
        }
    }

    @Nested
    @DisplayName("5.4 Fragmentation: what a message has so far")
    class Fragments {
        @Test
        void controlFramesDoNotCount() {
            reader.feed(ByteBuffer.wrap(hex("01 03 48 65 6c", "89 02 00 00", "00 01 6c"))); // text; ping; continuation
            assertThat(reader.progress().fragments()).isEqualTo(2);
            assertThat(reader.progress().messageBytes()).isEqualTo(4);
        }

        @Test
        void lastFragmentEndsTheCount() {
            reader.feed(ByteBuffer.wrap(hex("01 03 48 65 6c", "80 02 6c 6f"))); // text: Hel; fin, continuation: lo
            assertThat(reader.progress().fragments()).isZero();
            assertThat(reader.progress().messageBytes()).isZero();
            assertThat(reader.progress().phase()).isEqualTo(Phase.BETWEEN_FRAMES);
        }
    }

    /** THREATS, section 1: no allocation from a declared length. */
    @Nested
    @DisplayName("10.4 Implementation-Specific Limits: memory")
    class Memory {
        private static final long MOST = 64 * 1024;

        private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        @Test
        void hugeDeclaredLengthsAllocateNothingButTheirRefusal() {
            for (int bit = 16; bit < Long.SIZE; bit++) {
                byte[] header = hex("82 7f", "%016x".formatted(1L << bit)); // fin, binary, 64 bits: 2^16 to 2^63
                new FrameReader(Role.SERVER, 1).feed(ByteBuffer.wrap(header)); // loads the classes of the message
                reader = new FrameReader(Role.SERVER, 1);
                var in = ByteBuffer.wrap(header);
                long allocated = allocatedBy(() -> reader.feed(in));
                assertThat(allocated).as("2^%d", bit).isLessThanOrEqualTo(MOST);
                assertThatThrownBy(reader::next).isInstanceOf(ProtocolViolationException.class);
            }
        }

        @Test
        void declaredLengthWithinTheLimitIsAllocatedAsItComes() {
            reader = new FrameReader(Role.SERVER, Integer.MAX_VALUE);
            var header = ByteBuffer.wrap(hex("82 7f 00 00 00 00 7f ff ff ff")); // fin, binary, 64 bits: 2^31-1
            var payload = ByteBuffer.wrap(new byte[1000]);
            long allocated = allocatedBy(() -> {
                reader.feed(header);
                reader.feed(payload);
            });
            assertThat(allocated).isLessThanOrEqualTo(MOST);
            assertThat(reader.progress().received()).isEqualTo(1000);
        }

        @Test
        void payloadOfTinyPartsIsCopiedRarely() {
            int length = 65_536;
            reader.feed(ByteBuffer.wrap(hex("82 7f", "%016x".formatted(length))));
            var part = ByteBuffer.allocate(1);
            long allocated = allocatedBy(() -> {
                for (int i = 0; i < length; i++) {
                    reader.feed(part.rewind());
                }
            });
            assertThat(allocated).isLessThanOrEqualTo(4L * length);
            assertThat(reader.progress().phase()).isEqualTo(Phase.BETWEEN_FRAMES);
        }

        private long allocatedBy(Runnable work) {
            assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
            long id = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(id);
            work.run();
            return threads.getThreadAllocatedBytes(id) - before;
        }
    }
}
