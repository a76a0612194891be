package io.sansocket.core.frame;

import static io.sansocket.core.testing.Hex.hex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.testing.Feed;
import io.sansocket.core.testing.FrameRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgressTest {
    private static Progress after(String bytes, Role sender, Feed feed) {
        var decoder = new FrameDecoder(sender, FrameRecorder.strict());
        feed.give(hex(bytes), sender, decoder::decode);
        return Progress.of(decoder, 0, 0, 7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                          | between frames at offset 0: waiting for a frame
        8a 00                       | between frames at offset 2: waiting for a frame
        8a 00 81                    | in the header of a text frame at offset 2: 1 of at least 2 bytes received, header 81
        81 7e                       | in the header of a text frame at offset 0: 2 of 4 bytes received, header 81 7e
        81 7e 00                    | in the header of a text frame at offset 0: 3 of 4 bytes received, header 81 7e 00
        82 7f 01 02 03 04           | in the header of a binary frame at offset 0: 6 of 10 bytes received, header 82 7f 01 02 03 04
        82 01                       | in the payload of a binary frame at offset 0: 0 of 1 bytes received, 1 missing, header 82 01
        01 00 80 02 61              | in the payload of a continuation frame at offset 2: 1 of 2 bytes received, 1 missing, header 80 02
        """)
    void saysWhatAStreamFromAServerWaitsFor(String bytes, String sentence) {
        assertThat(after(bytes, Role.SERVER, Feed.WHOLE)).hasToString(sentence);
        assertThat(after(bytes, Role.SERVER, Feed.BYTE_BY_BYTE)).hasToString(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        81 80                       | in the header of a text frame at offset 0: 2 of 6 bytes received, header 81 80
        81 85 01 02                 | in the header of a text frame at offset 0: 4 of 6 bytes received, header 81 85 01 02
        81 fe 00 ca 01 02 03        | in the header of a text frame at offset 0: 7 of 8 bytes received, header 81 fe 00 ca 01 02 03
        82 ff 00 00 00 01 00 00 00  | in the header of a binary frame at offset 0: 9 of 14 bytes received, header 82 ff 00 00 00 01 00 00 00
        89 81 01 02 03 04           | in the payload of a ping frame at offset 0: 0 of 1 bytes received, 1 missing, header 89 81 01 02 03 04
        """)
    void saysWhatAStreamFromAClientWaitsFor(String bytes, String sentence) {
        assertThat(after(bytes, Role.CLIENT, Feed.WHOLE)).hasToString(sentence);
        assertThat(after(bytes, Role.CLIENT, Feed.BYTE_BY_BYTE)).hasToString(sentence);
    }

    /** The shorter road for whole headers once left the phase of a refused header at "between frames". */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        8a 00 83                             | in the header of a frame at offset 2: 1 of at least 2 bytes received, header 83
        8a 00 c1                             | in the header of a text frame at offset 2: 1 of at least 2 bytes received, header c1
        89 7e                                | in the header of a ping frame at offset 0: 2 of 4 bytes received, header 89 7e
        82 fe                                | in the header of a binary frame at offset 0: 2 of 8 bytes received, header 82 fe
        82 7e 00 01                          | in the header of a binary frame at offset 0: 4 of 4 bytes received, header 82 7e 00 01
        82 7f ff ff ff ff ff ff ff ff        | in the header of a binary frame at offset 0: 10 of 10 bytes received, header 82 7f ff ff ff ff ff ff ff ff
        """)
    void refusedHeaderIsToldAlikeHoweverItCame(String bytes, String sentence) {
        for (Feed feed : Feed.values()) {
            Progress progress = after(bytes, Role.SERVER, feed);
            assertThat(progress).as(feed.name()).hasToString(sentence);
            assertThat(progress.phase()).as(feed.name()).isEqualTo(Phase.IN_HEADER);
        }
    }

    @Test
    void fieldsOfAFrameAreToldAsFarAsTheyCame() {
        Progress first = after("41", Role.SERVER, Feed.WHOLE); // RSV1, text, refused
        assertThat(first.opcode()).isEqualTo(Opcode.TEXT);
        assertThat(first.fin()).isFalse();
        assertThat(first.rsv()).isEqualTo(4);
        assertThat(first.headerLength()).isZero();
        assertThat(first.headerReceived()).isEqualTo(1);
        assertThat(first.declared()).isEqualTo(Progress.UNKNOWN);
        assertThat(first.missing()).isEqualTo(Progress.UNKNOWN);
        assertThat(first.inFrame()).isTrue();

        Progress second = after("82 7e", Role.SERVER, Feed.WHOLE);
        assertThat(second.fin()).isTrue();
        assertThat(second.headerLength()).isEqualTo(4);
        assertThat(second.headerReceived()).isEqualTo(2);
        assertThat(second.declared()).isEqualTo(Progress.UNKNOWN);

        Progress whole = after("82 7e 00 7e 01", Role.SERVER, Feed.WHOLE);
        assertThat(whole.declared()).isEqualTo(126);
        assertThat(whole.received()).isEqualTo(1);
        assertThat(whole.missing()).isEqualTo(125);
    }

    @Test
    void bitsOfTheFrameBeforeAreNotTold() {
        var decoder = new FrameDecoder(Role.SERVER, FrameRecorder.strict());
        decoder.allowReservedBits(4);
        Feed.WHOLE.give(hex("c1 00"), Role.SERVER, decoder::decode); // fin, RSV1, text, length 0
        assertThat(Progress.of(decoder, 0, 0, 0).rsv()).isZero();
        assertThat(Progress.of(decoder, 0, 0, 0).fin()).isFalse();
    }

    @Test
    void betweenFramesThereIsNoFrameToTellOf() {
        Progress progress = after("81 00", Role.SERVER, Feed.WHOLE); // fin, text, length 0
        assertThat(progress)
                .isEqualTo(
                        new Progress(Phase.BETWEEN_FRAMES, 2, "", 0, null, false, 0, Progress.UNKNOWN, 0, 0, 0, 7, ""));
        assertThat(progress.inFrame()).isFalse();
        assertThat(progress.headerReceived()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 1 frame", "2, 2 frames"})
    void betweenFragmentsTellsWhatTheMessageHas(int fragments, String counted) {
        var decoder = new FrameDecoder(Role.SERVER, FrameRecorder.strict());
        Feed.WHOLE.give(hex("01 00"), Role.SERVER, decoder::decode);
        assertThat(Progress.of(decoder, fragments, 17, 0))
                .hasToString(
                        "between the fragments of a message at offset 2: waiting for a continuation frame, 17 bytes"
                                + " in " + counted + " so far");
    }

    @Test
    void noteStandsAloneBetweenFrames() {
        Progress progress = after("8a 00", Role.SERVER, Feed.WHOLE).with(Phase.CLOSED, "the connection is closed");
        assertThat(progress).hasToString("the connection is closed");
        assertThat(progress.phase()).isEqualTo(Phase.CLOSED);
        assertThat(progress.offset()).isEqualTo(2);
        assertThat(progress.lastByteAt()).isEqualTo(7);
    }

    @Test
    void noteStandsBeforeTheFrame() {
        Progress progress = after("82 01", Role.SERVER, Feed.WHOLE).with(Phase.CLOSING, "waiting for a Close frame");
        assertThat(progress)
                .hasToString("waiting for a Close frame; in the payload of a binary frame at offset 0: 0 of 1 bytes"
                        + " received, 1 missing, header 82 01");
    }

    @Test
    void anOpeningHandshakeIsToldInItsOwnWords() {
        Progress progress = Progress.ofHandshake(3, 7, "in the request head");
        assertThat(progress).hasToString("in the request head");
        assertThat(progress.phase()).isEqualTo(Phase.HANDSHAKE);
        assertThat(progress.received()).isEqualTo(3);
        assertThat(progress.missing()).isEqualTo(Progress.UNKNOWN);
    }

    @Test
    void aClosedConnectionWaitsForNothing() {
        Progress progress = after("8a 00", Role.SERVER, Feed.WHOLE).with(Phase.CLOSED, "");
        assertThat(progress).hasToString("between frames at offset 2");
    }

    @Test
    void anotherCountOfReceivedBytesLeavesTheRest() {
        Progress progress = after("82 05 61 62 63", Role.SERVER, Feed.WHOLE).withReceived(1);
        assertThat(progress)
                .hasToString("in the payload of a binary frame at offset 0: 1 of 5 bytes received, 4 missing,"
                        + " header 82 05");
    }
}
