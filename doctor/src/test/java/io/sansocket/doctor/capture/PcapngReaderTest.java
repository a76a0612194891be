package io.sansocket.doctor.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PcapngReaderTest {
    private static final byte[] THREE = {1, 2, 3};

    private static CaptureException refused(CaptureWriter file) {
        return assertThatExceptionOfType(CaptureException.class)
                .isThrownBy(() -> CaptureWriter.tell(file.open()))
                .actual();
    }

    private static CaptureWriter file() {
        return CaptureWriter.pcapng(ByteOrder.LITTLE_ENDIAN).description(1, 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEveryKindOfPacketBlockInBothByteOrders(boolean big) throws IOException {
        var order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        var file = CaptureWriter.pcapng(order)
                .description(1, 2)
                .description(101, 0)
                .enhanced(1, 5_000_000_000_000_001L, 9, THREE)
                .simple(9, new byte[] {7, 8})
                .obsolete(0, 2_500_000, 3, THREE);

        var reader = file.open();

        assertThat(reader.format()).isEqualTo(CaptureFormat.PCAPNG);
        assertThat(CaptureWriter.tell(reader))
                .containsExactly(
                        "1 2128-06-11T08:53:20.000001Z link 101 010203 of 9",
                        "2 1970-01-01T00:00:00Z link 1 0708 of 9",
                        "3 1970-01-01T00:00:02.500Z link 1 010203 of 3");
    }

    @Test
    void readsSectionsOfDifferentByteOrdersWithTheirOwnInterfaces() throws IOException {
        var second =
                CaptureWriter.pcapng(ByteOrder.BIG_ENDIAN).description(113, 0).enhanced(0, 0, 3, THREE);
        var file = file().enhanced(0, 0, 3, THREE).then(second);

        assertThat(CaptureWriter.tell(file.open()))
                .containsExactly(
                        "1 1970-01-01T00:00:00Z link 1 010203 of 3", "2 1970-01-01T00:00:00Z link 113 010203 of 3");
        assertThat(refused(file().section().enhanced(0, 0, 3, THREE)))
                .hasMessage("the block of packet 1 at offset 76 names interface 0, its section describes 0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, 1970-01-01T00:00:03Z",
        "3, 1500, 1970-01-01T00:00:01.500Z",
        "6, 1000001, 1970-01-01T00:00:01.000001Z",
        "9, 1000000001, 1970-01-01T00:00:01.000000001Z",
        "12, 1000000001999, 1970-01-01T00:00:01.000000001Z",
        "19, 12345678901234567890, 1970-01-01T00:00:01.234567890Z",
        "20, 12345678901234567890, 1970-01-01T00:00:00.123456789Z",
        "28, 12345678901234567890, 1970-01-01T00:00:00.000000001Z",
        "29, 12345678901234567890, 1970-01-01T00:00:00Z",
        "127, 12345678901234567890, 1970-01-01T00:00:00Z",
        "128, 3, 1970-01-01T00:00:03Z",
        "138, 1536, 1970-01-01T00:00:01.500Z",
        "160, 6442450944, 1970-01-01T00:00:01.500Z",
        "190, 6917529027641081856, 1970-01-01T00:00:01.500Z",
        "191, 13835058055282163712, 1970-01-01T00:00:01.500Z",
        "192, 13835058055282163712, 1970-01-01T00:00:00.750Z",
        "193, 13835058055282163712, 1970-01-01T00:00:00.375Z",
        "255, 13835058055282163712, 1970-01-01T00:00:00Z"
    })
    void convertsEveryResolution(int resolution, String timestamp, String time) throws IOException {
        var empty = CaptureWriter.pcapng(ByteOrder.LITTLE_ENDIAN);
        byte[] option = empty.option(9, (byte) resolution);
        empty.description(1, 0, option, empty.option(0)).enhanced(0, Long.parseUnsignedLong(timestamp), 0, new byte[0]);

        assertThat(CaptureWriter.tell(empty.open())).containsExactly("1 " + time + " link 1  of 0");
    }

    @Test
    void addsTheInterfacesOffsetToItsTimes() throws IOException {
        var file = CaptureWriter.pcapng(ByteOrder.BIG_ENDIAN);
        file.description(1, 0, file.option(2, (byte) 'e', (byte) 't', (byte) 'h'), file.option64(14, -60))
                .enhanced(0, 60_000_001, 0, new byte[0], file.option(1, (byte) 'c'));

        assertThat(CaptureWriter.tell(file.open())).containsExactly("1 1970-01-01T00:00:00.000001Z link 1  of 0");
    }

    @Test
    void skipsUnknownBlocksOfAnySizeAndCountsLikeWireshark() throws IOException {
        var file = file().block(0x0bad, w -> w.bytes(new byte[1_000_000]))
                .enhanced(0, 0, 3, THREE)
                .block(9, w -> w.bytes(new byte[8]))
                .enhanced(0, 0, 3, THREE);

        assertThat(CaptureWriter.tell(file.open()))
                .extracting(s -> s.substring(0, 2))
                .containsExactly("1 ", "3 ");
    }

    @Test
    void deliversWhatComesBeforeTheCut() throws IOException {
        byte[] whole = file().enhanced(0, 0, 3, THREE).enhanced(0, 0, 3, THREE).toByteArray();
        var cut = CaptureWriter.empty(ByteOrder.BIG_ENDIAN).bytes(Arrays.copyOf(whole, whole.length - 1));

        var reader = cut.open();

        assertThat(reader.next()).isNotNull();
        assertThatExceptionOfType(CaptureException.class)
                .isThrownBy(reader::next)
                .withMessage("the file ends inside the block of packet 2: 35 of 36 bytes at offset 84");
    }

    @Nested
    @DisplayName("refuses, with offset, value and limit,")
    class Refuses {
        @Test
        void lengthsThatDiffer() {
            assertThat(refused(file().int32(0x0bad).int32(12).int32(16)))
                    .hasMessage("a block has the length 12 at its start and 16 at its end (offset 56)");
            assertThat(refused(file().int32(1).int32(20).int64(0).int32(24)))
                    .hasMessage("a block has the length 20 at its start and 24 at its end (offset 48)");
        }

        @Test
        void lengthsOutOfRange() {
            assertThat(refused(file().int32(0x0bad).int32(8)))
                    .hasMessage("a block of type 0xbad at offset 48 says it has 8 bytes, the least is 12");
            assertThat(refused(file().int32(0x0bad).int32(13)))
                    .hasMessage(
                            "a block of type 0xbad at offset 48 says it has 13 bytes, which is not a multiple of 4");
            assertThat(refused(file().int32(0x0bad).int32(-4)))
                    .hasMessage(
                            "a block of type 0xbad at offset 48 says it has 4294967292 bytes, the limit is 16777216");
            assertThat(refused(file().int32(6).int32(1_000_000)))
                    .hasMessage("the block of packet 1 at offset 48 says it has 1000000 bytes, the limit is 524288");
        }

        @Test
        void packetsLongerThanTheirBlock() {
            assertThat(refused(file().block(
                                    6,
                                    w -> w.int32(0).int64(0).int32(5).int32(5).bytes(new byte[4]))))
                    .hasMessage("the block of packet 1 at offset 48 says 5 bytes were captured, it has room for 4");
            assertThat(refused(
                            file().block(6, w -> w.int32(0).int64(0).int32(-1).int32(5))))
                    .hasMessage(
                            "the block of packet 1 at offset 48 says 4294967295 bytes were captured, the limit is 262144");
        }

        @Test
        void optionsLongerThanTheirBlock() {
            var options = CaptureWriter.empty(ByteOrder.LITTLE_ENDIAN)
                    .int16(9)
                    .int16(5)
                    .toByteArray();

            assertThat(refused(CaptureWriter.pcapng(ByteOrder.LITTLE_ENDIAN).description(1, 0, options)))
                    .hasMessage(
                            "the description of interface 0 at offset 28 has option 9 of 5 bytes, the block has 0 left");
        }

        @Test
        void wrongByteOrderMagicsAndVersions() {
            var magic = CaptureWriter.empty(ByteOrder.BIG_ENDIAN)
                    .block(0x0a0d_0d0a, w -> w.int32(7).bytes(new byte[12]));
            assertThat(refused(magic))
                    .hasMessage(
                            "the section header at offset 0 has the byte-order magic 0x07000000, 0x1a2b3c4d is due");
            var version = CaptureWriter.empty(ByteOrder.BIG_ENDIAN)
                    .block(
                            0x0a0d_0d0a,
                            w -> w.int32(0x1a2b_3c4d).int16(2).int16(0).int64(-1));
            assertThat(refused(version))
                    .hasMessage("the section header at offset 0 says pcapng version 2.0, only 1.x is known");
        }

        @Test
        void timesNobodyCanTell() {
            var file = CaptureWriter.pcapng(ByteOrder.BIG_ENDIAN);
            file.description(1, 0, file.option(9, (byte) 0)).enhanced(0, -1, 0, new byte[0]);

            assertThat(refused(file))
                    .hasMessage("the block of packet 1 at offset 56 has a time that cannot be told: "
                            + "18446744073709551615 seconds");
        }
    }
}
