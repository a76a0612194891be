package io.sansocket.doctor.tcp;

import static io.sansocket.doctor.network.PacketBytes.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sansocket.doctor.capture.CaptureException;
import io.sansocket.doctor.capture.CaptureWriter;
import java.io.ByteArrayInputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class TcpCaptureTest {
    private static Wire wire() {
        return new Wire();
    }

    @Nested
    @DisplayName("a stream's bytes")
    class Bytes {
        @Test
        void comeInOrder() {
            assertThat(wire().open()
                            .client(0, "abc")
                            .server(0, "xy")
                            .client(3, "de")
                            .heard())
                    .containsExactly(
                            "open 10.0.0.1:4000 10.0.0.2:80 handshake", "I0 abc #4", "R0 xy #5", "I3 de #6", "end");
        }

        @Test
        void areReordered() {
            assertThat(wire().open()
                            .client(4, "ef")
                            .client(2, "cd")
                            .client(0, "ab")
                            .events())
                    .containsExactly("I0 ab #6", "I2 cd #5", "I4 ef #4");
        }

        @Test
        void comeOnceWhenRetransmitted() {
            assertThat(wire().open()
                            .client(0, "abc")
                            .client(0, "abc")
                            .client(1, "bcd")
                            .client(0, "ab")
                            .events())
                    .containsExactly("I0 abc #4", "I3 d #6");
        }

        @Test
        void comeOnceWhenPiecesThatWaitOverlap() {
            assertThat(wire().open()
                            .client(2, "cd")
                            .client(6, "gh")
                            .client(1, "bcdefghi")
                            .client(0, "abc")
                            .events())
                    .containsExactly("I0 a #7", "I1 b #6", "I2 cd #4", "I4 ef #6", "I6 gh #5", "I8 i #6");
        }

        @Test
        void onTheSynAreDelivered() {
            assertThat(wire().raw(true, 1000, 0, SYN, "early", 0)
                            .synAck()
                            .client(5, "late")
                            .events())
                    .containsExactly("I0 early #1", "I5 late #3");
        }

        @Test
        void goOnAcrossTheEndOfTheSequenceNumbers() {
            assertThat(wire().isns(-4, -1)
                            .open()
                            .client(0, "abc")
                            .client(5, "fg")
                            .client(3, "de")
                            .client(3, "dX")
                            .server(0, "xyz")
                            .events())
                    .containsExactly("I0 abc #4", "I3 de #6", "I5 fg #5", "I4 CONFLICT 1 #7", "R0 xyz #8");
        }

        @Test
        void startWithTheFirstSeenWhenTheCaptureStartsLater() {
            assertThat(wire().server(700, "xy")
                            .client(90, "ab")
                            .server(702, "z")
                            .heard())
                    .containsExactly("open 10.0.0.2:80 10.0.0.1:4000", "I0 xy #1", "R0 ab #2", "I2 z #3", "end");
        }

        @Test
        void ofAnUnwantedSideAreDropped() {
            assertThat(wire().without(Side.INITIATOR)
                            .open()
                            .client(0, "ab")
                            .client(2, "cd")
                            .client(9, "x")
                            .server(0, "yz")
                            .clientFin(10, "")
                            .events())
                    .containsExactly("I0 ab #4", "R0 yz #7", "I2 FIN #8");
        }
    }

    @Nested
    @DisplayName("a conflict")
    class Conflicts {
        @Test
        void withDeliveredBytesIsReported() {
            assertThat(wire().open().client(0, "abcdef").client(1, "bXdYfgh").events())
                    .containsExactly("I0 abcdef #4", "I2 CONFLICT 3 #5", "I6 gh #5");
        }

        @Test
        void withBytesThatWaitIsReportedAndTheFirstWin() {
            assertThat(wire().open().client(2, "cd").client(0, "abXd").events())
                    .containsExactly("I2 CONFLICT 1 #5", "I0 ab #5", "I2 cd #4");
        }

        @Test
        void isNoneWithBytesForgotten() {
            String much = "m".repeat(60_000);
            assertThat(wire().open()
                            .client(0, "a")
                            .client(1, much)
                            .client(60_001, much)
                            .client(0, "X" + much)
                            .events())
                    .hasSize(3);
        }

        @Test
        void isNoneForAKeepalive() {
            assertThat(wire().open()
                            .client(0, "abc")
                            .client(2, "X")
                            .client(2, "")
                            .client(3, "d")
                            .events())
                    .containsExactly("I0 abc #4", "I3 d #7");
        }
    }

    @Nested
    @DisplayName("a hole")
    class Holes {
        @Test
        void isDeclaredAtTheEndOfTheCapture() {
            assertThat(wire().open()
                            .client(0, "ab")
                            .client(7, "hi")
                            .client(12, "m")
                            .events())
                    .containsExactly("I0 ab #4", "I2 MISSING 5 #5", "I7 hi #5", "I9 MISSING 3 #6", "I12 m #6");
        }

        @Test
        void isDeclaredWhenThePeerHasTheBytesAndPatienceEnds() {
            int patience = HalfConnection.PATIENCE;
            assertThat(wire().open()
                            .client(2, "cd")
                            .serverAcks(4, patience)
                            .client(0, "ab")
                            .events())
                    .containsExactly("I0 ab #37", "I2 cd #4");
            assertThat(wire().open()
                            .client(2, "cd")
                            .serverAcks(4, patience + 1)
                            .client(0, "ab")
                            .events())
                    .containsExactly("I0 MISSING 2 #4", "I2 cd #4");
        }

        @Test
        void isNotDeclaredWhileThePeerLacksTheBytes() {
            assertThat(wire().open()
                            .client(2, "cd")
                            .serverAcks(1, 500)
                            .client(0, "ab")
                            .events())
                    .containsExactly("I0 ab #505", "I2 cd #4");
        }

        @Test
        void isDeclaredWhenTooMuchWaits() {
            var wire = wire().open();
            String much = "m".repeat(60_000);
            long offset = 1;
            for (int i = 0; i <= HalfConnection.MAX_WAITING / 60_000; i++) {
                wire.client(offset, much);
                offset += much.length();
            }
            var events = wire.client(0, "a").events();
            assertThat(events.get(0)).isEqualTo("I0 MISSING 1 #4");
            assertThat(events).hasSize(2 + HalfConnection.MAX_WAITING / 60_000).noneMatch(e -> e.contains(" a "));
        }

        @Test
        void atTheEndOfASideIsToldByAcknowledgments() {
            assertThat(wire().open().client(0, "ab").serverAcks(7).events())
                    .containsExactly("I0 ab #4", "I2 MISSING 5 #5");
            assertThat(wire().open().client(0, "ab").serverAcks(3).events()).containsExactly("I0 ab #4");
            assertThat(wire().open().clientFin(0, "ab").serverAcks(3).events())
                    .containsExactly("I0 ab #4", "I2 FIN #4");
        }

        @Test
        void isNotBelievedOfAnAcknowledgmentBeyondAnyWindow() {
            assertThat(wire().open()
                            .client(0, "ab")
                            .serverAcks(1 << 30)
                            .serverAcks(1_200_000_000)
                            .events())
                    .containsExactly("I0 ab #4", "I2 MISSING 1073741822 #5");
        }

        @Test
        void isNoneBehindAKeepaliveThatStartsTheCapture() {
            assertThat(wire().client(9, "").server(4, "").client(10, "ab").events())
                    .containsExactly("I0 ab #3");
        }

        @Test
        void isToldWhereThePacketWasCut() {
            assertThat(wire().open().clientCut(0, "ab", 3).client(5, "fg").events())
                    .containsExactly("I0 ab #4", "I2 SNAPLEN 3 #4", "I5 fg #5");
            assertThat(wire().open().clientCut(0, "", 3).client(3, "d").events())
                    .containsExactly("I0 SNAPLEN 3 #4", "I3 d #5");
        }

        @Test
        void ofACutPacketThatWaitedIsFilledByOthers() {
            assertThat(wire().open()
                            .clientCut(2, "cd", 4)
                            .client(5, "f")
                            .client(0, "ab")
                            .client(8, "i")
                            .events())
                    .containsExactly(
                            "I0 ab #6", "I2 cd #4", "I4 SNAPLEN 1 #4", "I5 f #5", "I6 SNAPLEN 2 #4", "I8 i #7");
        }

        @Test
        void ofNearlyTwoGibibytesHasItsExactLength() {
            assertThat(wire().open().client(0, "a").client(2_147_483_000L, "z").events())
                    .containsExactly("I0 a #4", "I1 MISSING 2147482999 #5", "I2147483000 z #5");
        }
    }

    @Nested
    @DisplayName("the end of a connection")
    class Ends {
        @Test
        void isAFinBehindTheLastByte() {
            assertThat(wire().open()
                            .clientFin(2, "cd")
                            .client(0, "ab")
                            .serverFin(0, 5)
                            .events())
                    .containsExactly("I0 ab #5", "I2 cd #4", "I4 FIN #4", "R0 FIN #6");
        }

        @Test
        void isAFinBehindAHole() {
            assertThat(wire().open()
                            .clientFin(2, "")
                            .serverAcks(3, 33)
                            .serverAcks(9)
                            .events())
                    .containsExactly("I0 MISSING 2 #4", "I2 FIN #4");
        }

        @Test
        void dropsBytesBehindTheFin() {
            assertThat(wire().open()
                            .client(4, "later")
                            .clientFin(0, "ab")
                            .client(2, "more")
                            .clientFin(0, "ab")
                            .events())
                    .containsExactly("I0 ab #5", "I2 FIN #5");
        }

        @Test
        void isAResetBehindWhatWaited() {
            assertThat(wire().open()
                            .client(2, "cd")
                            .server(1, "y")
                            .serverReset()
                            .serverReset()
                            .clientReset(4)
                            .events())
                    .containsExactly(
                            "I0 MISSING 2 #4", "I2 cd #4", "R0 MISSING 1 #5", "R1 y #5", "R2 RST #6", "I4 RST #8");
        }
    }

    @Nested
    @DisplayName("a new connection")
    class Reuse {
        private static final String OPEN = "open 10.0.0.1:4000 10.0.0.2:80 handshake";

        @Test
        void beginsWithASynAfterTheClose() {
            assertThat(wire().open()
                            .clientFin(0, "a")
                            .serverFin(0, 2)
                            .isns(1005, 9)
                            .open()
                            .client(0, "b")
                            .heard())
                    .containsExactly(OPEN, "I0 a #4", "I1 FIN #4", "R0 FIN #5", "end", OPEN, "I0 b #9", "end");
        }

        @Test
        void beginsWithASynFarOutsideTheWindow() {
            assertThat(wire().open()
                            .client(0, "a")
                            .isns(99_999_999, 9)
                            .open()
                            .client(0, "b")
                            .heard())
                    .containsExactly(OPEN, "I0 a #4", "end", OPEN, "I0 b #8", "end");
        }

        @Test
        void doesNotBeginWithARepeatedSyn() {
            assertThat(wire().syn().syn().synAck().synAck().client(0, "a").syn().heard())
                    .containsExactly(OPEN, "I0 a #5", "end");
        }

        @Test
        void beginsWithFarDataOfAClosedOne() {
            assertThat(wire().open().clientReset(0).client(2_000_000, "b").heard())
                    .containsExactly(OPEN, "I0 RST #4", "end", "open 10.0.0.1:4000 10.0.0.2:80", "I0 b #5", "end");
        }

        @Test
        void hasItsInitiatorFromTheSynAck() {
            assertThat(wire().synAck().client(0, "a").heard()).containsExactly(OPEN, "I0 a #2", "end");
            assertThat(wire().synAck().syn().client(0, "a").heard()).containsExactly(OPEN, "I0 a #3", "end");
        }
    }

    @Test
    void aCutFileTellsAllThatCameBefore() {
        var wire = wire().open().client(2, "cd").client(4, "never");

        assertThat(wire.heardOfCutFile(1))
                .containsExactly(
                        "open 10.0.0.1:4000 10.0.0.2:80 handshake",
                        "I0 MISSING 2 #4",
                        "I2 cd #4",
                        "end",
                        "the file ends inside packet 5: 60 of 61 bytes at offset 250");
    }

    @Test
    void aCaptureOfAnUnsupportedLinkTypeIsRefused() {
        var file = CaptureWriter.pcap(127).record(new byte[30]).record(new byte[30]);

        assertThatExceptionOfType(CaptureException.class)
                .isThrownBy(() -> TcpCapture.read(new ByteArrayInputStream(file.toByteArray()), c -> null))
                .withMessage("none of the 2 packets can be read, their link type is not supported: "
                        + "127 (802.11 with a radiotap header)");
    }

    @Test
    void endpointsAreWrittenLikeInUris() {
        assertThat(List.of(
                        Endpoint.of(0, 1, 80),
                        Endpoint.of(0, 0, 80),
                        Endpoint.of(0x2001_0db8_0000_0000L, 0x0001_0000_0000_0001L, 1),
                        Endpoint.of(0x2001_0db8_0001_0000L, 0x0001_0002_0003_0000L, 1),
                        Endpoint.of(0x0001_0002_0003_0004L, 0x0005_0006_0000_0000L, 1),
                        Endpoint.of(0, 0xffff_7f00_0001L, 443)))
                .map(Endpoint::toString)
                .containsExactly(
                        "[::1]:80",
                        "[::]:80",
                        "[2001:db8::1:0:0:1]:1",
                        "[2001:db8:1:0:1:2:3:0]:1",
                        "[1:2:3:4:5:6::]:1",
                        "127.0.0.1:443");
    }
}
