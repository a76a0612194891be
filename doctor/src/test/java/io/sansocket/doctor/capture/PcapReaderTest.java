package io.sansocket.doctor.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PcapReaderTest {
    private static final byte[] THREE = {1, 2, 3};

    private static CaptureException refused(CaptureWriter file) {
        return refused(file.toByteArray());
    }

    private static CaptureException refused(byte[] file) {
        return assertThatExceptionOfType(CaptureException.class)
                .isThrownBy(() -> CaptureWriter.tell(CaptureReader.open(new ByteArrayInputStream(file))))
                .actual();
    }

    @ParameterizedTest
    @CsvSource({
        "BIG_ENDIAN, 0xa1b2c3d4, 2024-02-03T04:05:06.123456Z",
        "LITTLE_ENDIAN, 0xa1b2c3d4, 2024-02-03T04:05:06.123456Z",
        "BIG_ENDIAN, 0xa1b23c4d, 2024-02-03T04:05:06.123456789Z",
        "LITTLE_ENDIAN, 0xa1b23c4d, 2024-02-03T04:05:06.123456789Z",
        "BIG_ENDIAN, 0xa1b2cd34, 2024-02-03T04:05:06.123456Z",
        "LITTLE_ENDIAN, 0xa1b2cd34, 2024-02-03T04:05:06.123456Z"
    })
    void readsBothByteOrdersAndAllResolutions(String order, String magic, String time) throws IOException {
        var byteOrder = order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        int number = Integer.parseUnsignedInt(magic.substring(2), 16);
        var at = Instant.parse("2024-02-03T04:05:06.123456789Z");
        var file = CaptureWriter.pcap(byteOrder, number, 101)
                .record(number, at, 3, THREE)
                .record(number, at, 70_000, new byte[0]);

        var reader = file.open();

        assertThat(reader.format()).isEqualTo(CaptureFormat.PCAP);
        assertThat(CaptureWriter.tell(reader))
                .containsExactly("1 " + time + " link 101 010203 of 3", "2 " + time + " link 101  of 70000");
        assertThat(reader.consumed()).isEqualTo(file.toByteArray().length);
    }

    @Test
    void readsGzippedFilesOfSeveralMembers() throws IOException {
        byte[] file = CaptureWriter.pcap(1).record(THREE).record(THREE).toByteArray();
        byte[] head = CaptureWriter.gzip(Arrays.copyOf(file, 50));
        byte[] tail = CaptureWriter.gzip(Arrays.copyOfRange(file, 50, file.length));
        byte[] both = ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();

        var reader = CaptureReader.open(new ByteArrayInputStream(both));

        assertThat(CaptureWriter.tell(reader)).hasSize(2);
        assertThat(reader.consumed()).isEqualTo(both.length);
    }

    @Test
    void readsSwappedLengthsOfOldFiles() throws IOException {
        var file = CaptureWriter.empty(ByteOrder.BIG_ENDIAN)
                .int32(CaptureWriter.MICROSECONDS)
                .int16(2)
                .int16(2)
                .bytes(new byte[12])
                .int32(1)
                .int32(0)
                .int32(0)
                .int32(9)
                .int32(3)
                .bytes(THREE);

        assertThat(CaptureWriter.tell(file.open())).containsExactly("1 1970-01-01T00:00:00Z link 1 010203 of 9");
    }

    @Test
    void deliversTheLongestPacketAndRefusesOneByteMore() throws IOException {
        byte[] longest = new byte[262_144];
        var file = CaptureWriter.pcap(1).record(longest).record(longest).record(longest);
        assertThat(CaptureWriter.tell(file.open())).hasSize(3);

        assertThat(refused(CaptureWriter.pcap(1).record(new byte[262_145])))
                .hasMessage("the record of packet 1 at offset 24 says 262145 bytes were captured, the limit is 262144")
                .extracting(CaptureException::offset)
                .isEqualTo(24L);
    }

    @Test
    void neverAllocatesWhatARecordDeclares() {
        var file = CaptureWriter.pcap(1).int32(0).int32(0).int32(-1).int32(-1);

        assertThat(refused(file))
                .hasMessage(
                        "the record of packet 1 at offset 24 says 4294967295 bytes were captured, the limit is 262144");
    }

    @Test
    void saysWhereAFileIsCutOff() {
        byte[] file = CaptureWriter.pcap(1).record(THREE).record(THREE).toByteArray();

        assertThat(refused(Arrays.copyOf(file, 61)))
                .hasMessage("the file ends inside packet 2: 18 of 19 bytes at offset 43");
        assertThat(refused(Arrays.copyOf(file, 50)))
                .hasMessage("the file ends inside the header of packet 2: 7 of 16 bytes at offset 43");
        assertThat(refused(Arrays.copyOf(file, 10)))
                .hasMessage("the file ends inside the file header: 10 of 24 bytes at offset 0");
    }

    @Test
    void saysWhatAFileStartsWithThatIsNoCapture() {
        assertThat(refused("GET / HTTP/1.1".getBytes(US_ASCII)))
                .hasMessage("the file starts with 47 45 54 20 at offset 0, which is neither pcap nor pcapng");
        assertThat(refused(new byte[0])).hasMessage("the file is empty, a pcap or pcapng file is due");
        assertThat(refused(new byte[] {0x0a}))
                .hasMessage("the file starts with 0a at offset 0, which is neither pcap nor pcapng");
    }

    @Test
    void refusesOtherVersions() {
        var file = CaptureWriter.empty(ByteOrder.BIG_ENDIAN)
                .int32(CaptureWriter.MICROSECONDS)
                .int16(543)
                .int16(0)
                .bytes(new byte[16]);

        assertThat(refused(file)).hasMessage("the file header at offset 0 says pcap version 543.0, only 2.x is known");
    }

    @Test
    void saysWhereGzippedDataAreDamaged() {
        byte[] zipped = CaptureWriter.gzip(
                CaptureWriter.pcap(1).record(THREE).record(THREE).toByteArray());

        assertThat(refused(Arrays.copyOf(zipped, zipped.length - 5)))
                .hasMessageStartingWith("the gzip data are cut off or damaged behind 62 decompressed bytes: ");
        assertThat(refused(Arrays.copyOf(zipped, 7)))
                .hasMessageStartingWith("the gzip header at offset 0 is damaged: ");
        zipped[zipped.length - 6] ^= 1;
        assertThat(refused(zipped)).hasMessageStartingWith("the gzip data are cut off or damaged behind 62 decomp");
    }

    @Test
    void detectsTheFormatWithoutTakingBytes() throws IOException {
        for (var expected :
                List.of(CaptureFormat.PCAP, CaptureFormat.PCAPNG, CaptureFormat.GZIP, CaptureFormat.UNKNOWN)) {
            byte[] file =
                    switch (expected) {
                        case PCAP -> CaptureWriter.pcap(1).toByteArray();
                        case PCAPNG ->
                            CaptureWriter.pcapng(ByteOrder.BIG_ENDIAN).toByteArray();
                        case GZIP -> CaptureWriter.gzip(THREE);
                        case UNKNOWN -> THREE;
                    };
            var in = new ByteArrayInputStream(file);
            assertThat(CaptureFormat.detect(in)).isEqualTo(expected);
            assertThat(in.readAllBytes()).isEqualTo(file);
        }
        var inner = CaptureFormat.decompress(new ByteArrayInputStream(CaptureWriter.gzip(THREE)));
        assertThat(CaptureFormat.detect(inner)).isEqualTo(CaptureFormat.UNKNOWN);
        assertThat(inner.readAllBytes()).isEqualTo(THREE);
    }
}
