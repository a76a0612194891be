package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static io.sansocket.core.testing.Hex.toHex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.testing.BufferKind;
import io.sansocket.core.testing.FrameRecorder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FrameEncoderTest {
    private static final int KEY = 0x37_fa_21_3d;

    private static String header(boolean fin, int rsv, Opcode opcode, long length) {
        byte[] target = new byte[FrameEncoder.headerLength(length, false)];
        assertThat(FrameEncoder.encodeHeader(target, 0, fin, rsv, opcode, length))
                .isEqualTo(target.length);
        return toHex(target);
    }

    private static String maskedHeader(boolean fin, int rsv, Opcode opcode, long length) {
        byte[] target = new byte[FrameEncoder.headerLength(length, true)];
        assertThat(FrameEncoder.encodeMaskedHeader(target, 0, fin, rsv, opcode, length, KEY))
                .isEqualTo(target.length);
        return toHex(target);
    }

    @Nested
    @DisplayName("5.2 Base Framing Protocol")
    class BaseFraming {
        @ParameterizedTest
        @CsvSource({
            "0, 82 00",
            "125, 82 7d",
            "126, 82 7e 00 7e",
            "127, 82 7e 00 7f",
            "65535, 82 7e ff ff",
            "65536, 82 7f 00 00 00 00 00 01 00 00",
            "9223372036854775807, 82 7f 7f ff ff ff ff ff ff ff",
        })
        void lengthTakesTheFewestBytes(long length, String expected) {
            assertThat(header(true, 0, Opcode.BINARY, length)).isEqualTo(expected);
        }

        @Test
        void headerBeginsAtTheOffsetGiven() {
            byte[] target = hex("ff ff ff ff ff ff ff ff ff ff ff");
            assertThat(FrameEncoder.encodeMaskedHeader(target, 2, false, 0, Opcode.TEXT, 126, KEY))
                    .isEqualTo(10);
            assertThat(toHex(target)).isEqualTo("ff ff 01 fe 00 7e 37 fa 21 3d ff");
            assertThat(FrameEncoder.encodeHeader(target, 1, true, 0, Opcode.PING, 0))
                    .isEqualTo(3);
            assertThat(toHex(target)).isEqualTo("ff 89 00 fe 00 7e 37 fa 21 3d ff");
        }

        @ParameterizedTest
        @EnumSource(value = BufferKind.class, names = "READ_ONLY", mode = EnumSource.Mode.EXCLUDE)
        void aBufferOfAnyKindGetsTheSameHeaderAtItsPosition(BufferKind kind) {
            for (long length : new long[] {0, 125, 126, 65_535, 65_536, Long.MAX_VALUE}) {
                for (int bits = 0; bits < 16; bits++) {
                    boolean fin = bits >= 8;
                    int rsv = bits % 8;
                    ByteBuffer plain = kind.of(new byte[14]);
                    int from = plain.position();
                    FrameEncoder.putHeader(plain, fin, rsv, Opcode.PONG, length);
                    assertPut(plain, from, header(fin, rsv, Opcode.PONG, length));
                    ByteBuffer masked = kind.of(new byte[14]);
                    FrameEncoder.putMaskedHeader(masked, fin, rsv, Opcode.PONG, length, KEY);
                    assertPut(masked, from, maskedHeader(fin, rsv, Opcode.PONG, length));
                }
            }
        }

        /** Expects a header and nothing else, with the position behind it. */
        private void assertPut(ByteBuffer target, int from, String expected) {
            int behind = target.position();
            byte[] put = new byte[target.limit()];
            target.get(0, put);
            assertThat(toHex(Arrays.copyOfRange(put, from, behind))).isEqualTo(expected);
            Arrays.fill(put, from, behind, (byte) 0);
            assertThat(put).containsOnly(0);
        }

        @ParameterizedTest
        @EnumSource
        void headerThatIsEncodedDecodesToTheSame(Opcode opcode) {
            for (int bits = 0; bits < 16; bits++) {
                boolean fin = bits >= 8;
                int rsv = bits % 8;
                for (long length : new long[] {1, 125, 126, 65_535, 65_536, Long.MAX_VALUE}) {
                    var decoder = decoded(Role.SERVER, header(fin, rsv, opcode, length));
                    assertFields(decoder, fin, rsv, opcode, length);
                    assertThat(decoder.masked()).isFalse();
                    var masked = decoded(Role.CLIENT, maskedHeader(fin, rsv, opcode, length));
                    assertFields(masked, fin, rsv, opcode, length);
                    assertThat(masked.masked()).isTrue();
                    assertThat(masked.maskingKey()).isEqualTo(KEY);
                }
            }
        }

        private FrameDecoder decoded(Role sender, String header) {
            var decoder = new FrameDecoder(sender, FrameRecorder.tolerant());
            decoder.decode(ByteBuffer.wrap(hex(header)));
            assertThat(toHex(decoder.headerBytes())).isEqualTo(header);
            assertThat(decoder.declaredHeaderLength()).isEqualTo(decoder.headerReceived());
            return decoder;
        }

        private void assertFields(FrameDecoder decoder, boolean fin, int rsv, Opcode opcode, long length) {
            assertThat(decoder.inPayload()).isTrue();
            assertThat(decoder.fin()).isEqualTo(fin);
            assertThat(decoder.rsv()).isEqualTo(rsv);
            assertThat(decoder.opcode()).isEqualTo(opcode.code());
            assertThat(decoder.payloadLength()).isEqualTo(length);
        }
    }

    @Nested
    @DisplayName("5.7 Examples")
    class Examples {
        @Test
        void singleFrameUnmaskedTextMessage() {
            assertThat(header(true, 0, Opcode.TEXT, 5)).isEqualTo("81 05");
        }

        @Test
        void singleFrameMaskedTextMessage() {
            assertThat(maskedHeader(true, 0, Opcode.TEXT, 5)).isEqualTo("81 85 37 fa 21 3d");
        }

        @Test
        void fragmentedUnmaskedTextMessage() {
            assertThat(header(false, 0, Opcode.TEXT, 3)).isEqualTo("01 03");
            assertThat(header(true, 0, Opcode.CONTINUATION, 2)).isEqualTo("80 02");
        }

        @Test
        void unmaskedPingAndMaskedPong() {
            assertThat(header(true, 0, Opcode.PING, 5)).isEqualTo("89 05");
            assertThat(maskedHeader(true, 0, Opcode.PONG, 5)).isEqualTo("8a 85 37 fa 21 3d");
        }

        @Test
        void binaryOf256BytesAndOf64KiB() {
            assertThat(header(true, 0, Opcode.BINARY, 256)).isEqualTo("82 7e 01 00");
            assertThat(header(true, 0, Opcode.BINARY, 65_536)).isEqualTo("82 7f 00 00 00 00 00 01 00 00");
        }
    }
}
