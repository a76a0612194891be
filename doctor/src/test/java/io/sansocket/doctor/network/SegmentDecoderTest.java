package io.sansocket.doctor.network;

import static io.sansocket.doctor.network.PacketBytes.ACK;
import static io.sansocket.doctor.network.PacketBytes.concat;
import static io.sansocket.doctor.network.PacketBytes.ethernet;
import static io.sansocket.doctor.network.PacketBytes.hex;
import static io.sansocket.doctor.network.PacketBytes.ipv4;
import static io.sansocket.doctor.network.PacketBytes.ipv6;
import static io.sansocket.doctor.network.PacketBytes.type16;
import static io.sansocket.doctor.network.PacketBytes.udp;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.doctor.capture.Packet;
import io.sansocket.doctor.capture.PacketRef;
import io.sansocket.doctor.network.SegmentDecoder.Outcome;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentDecoderTest {
    private static final byte[] TCP = PacketBytes.tcp(4000, 80, 7, 9, ACK, "hello".getBytes(US_ASCII));
    private static final byte[] V4 = ipv4(1, 2, 6, TCP);
    private static final byte[] V6 = ipv6(1, 2, 6, TCP);

    private final SegmentDecoder decoder = new SegmentDecoder();

    private Outcome decode(int linkType, byte[] bytes) {
        return decode(linkType, bytes, bytes.length);
    }

    private Outcome decode(int linkType, byte[] bytes, int originalLength) {
        var ref = new PacketRef(1, Instant.EPOCH);
        return decoder.decode(
                new Packet(ref, linkType, originalLength, ByteBuffer.wrap(bytes).asReadOnlyBuffer()));
    }

    private void expectHello() {
        var s = decoder.segment();
        byte[] payload = new byte[s.payload().remaining()];
        s.payload().get(s.payload().position(), payload);
        assertThat(new String(payload, US_ASCII)).isEqualTo("hello");
        assertThat(s.missing()).isZero();
        assertThat(s.sourcePort()).isEqualTo(4000);
        assertThat(s.destinationPort()).isEqualTo(80);
        assertThat(s.sequence()).isEqualTo(7);
        assertThat(s.acknowledgment()).isEqualTo(9);
        assertThat(s.ack()).isTrue();
        assertThat(s.syn() || s.fin() || s.rst()).isFalse();
    }

    static Stream<Arguments> links() {
        byte[] sll = concat(hex("0000 0001 0006 000000000000 0000"), type16(0x0800), V4);
        byte[] sll2 = concat(type16(0x86dd), hex("0000 00000001 0001 00 06 0000000000000000"), V6);
        return Stream.of(
                Arguments.of("Ethernet", 1, ethernet(0x0800, V4)),
                Arguments.of("Ethernet, IPv6", 1, ethernet(0x86dd, V6)),
                Arguments.of("padded Ethernet", 1, concat(ethernet(0x0800, V4), new byte[9])),
                Arguments.of("VLAN", 1, ethernet(0x8100, concat(hex("0007 0800"), V4))),
                Arguments.of("QinQ", 1, ethernet(0x88a8, concat(hex("0007 8100 0008 0800"), V4))),
                Arguments.of("three tags", 1, ethernet(0x9100, concat(hex("0007 8100 0008 8100 0009 86dd"), V6))),
                Arguments.of("MPLS", 1, ethernet(0x8847, concat(hex("00010040 00020140"), V4))),
                Arguments.of("PPPoE", 1, ethernet(0x8864, concat(hex("1100 0001 0000 0021"), V4))),
                Arguments.of("SNAP", 1, ethernet(8 + V4.length, concat(hex("aaaa03 000000 0800"), V4))),
                Arguments.of("Linux cooked", 113, sll),
                Arguments.of("Linux cooked 2", 276, sll2),
                Arguments.of("NULL, little endian", 0, concat(hex("02000000"), V4)),
                Arguments.of("NULL, big endian", 0, concat(hex("00000002"), V4)),
                Arguments.of("NULL, macOS IPv6", 0, concat(hex("1e000000"), V6)),
                Arguments.of("NULL, FreeBSD IPv6", 0, concat(hex("0000001c"), V6)),
                Arguments.of("LOOP", 108, concat(hex("00000018"), V6)),
                Arguments.of("raw", 101, V4),
                Arguments.of("raw, IPv6", 101, V6),
                Arguments.of("raw of BSD", 12, V6),
                Arguments.of("raw of OpenBSD", 14, V4),
                Arguments.of("IPv4", 228, V4),
                Arguments.of("IPv6", 229, V6));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("links")
    void findsTheSegmentBehindEveryLinkLayer(String name, int linkType, byte[] bytes) {
        assertThat(decode(linkType, bytes)).isEqualTo(Outcome.SEGMENT);
        expectHello();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("links")
    void survivesEveryCut(String name, int linkType, byte[] bytes) {
        for (int n = 0; n < bytes.length; n++) {
            var outcome = decode(linkType, Arrays.copyOf(bytes, n), bytes.length);
            assertThat(outcome).isIn(Outcome.SEGMENT, Outcome.MALFORMED, Outcome.OTHER_PROTOCOL);
        }
    }

    @Test
    void namesUnsupportedLinkTypes() {
        assertThat(decode(127, V4)).isEqualTo(Outcome.UNSUPPORTED_LINK_TYPE);
        assertThat(LinkType.describe(127)).isEqualTo("127 (802.11 with a radiotap header)");
        assertThat(LinkType.describe(1234)).isEqualTo("1234");
    }

    @Test
    void countsWhatTheCaptureCutOff() {
        assertThat(decode(101, Arrays.copyOf(V4, V4.length - 2), V4.length)).isEqualTo(Outcome.SEGMENT);
        assertThat(decoder.segment().payload().remaining()).isEqualTo(3);
        assertThat(decoder.segment().missing()).isEqualTo(2);

        assertThat(decode(101, Arrays.copyOf(V6, 60), V6.length)).isEqualTo(Outcome.SEGMENT);
        assertThat(decoder.segment().payload().remaining()).isZero();
        assertThat(decoder.segment().missing()).isEqualTo(5);
    }

    @Nested
    @DisplayName("IP")
    class Ip {
        @Test
        void optionsAreSkipped() {
            byte[] header = Arrays.copyOf(V4, 20);
            header[0] = 0x47;
            header[3] = (byte) (V4.length + 8);
            assertThat(decode(101, concat(header, new byte[8], TCP))).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }

        @Test
        void aLengthOfZeroMeansAllThereIs() {
            byte[] packet = V4.clone();
            packet[3] = 0;
            assertThat(decode(101, packet)).isEqualTo(Outcome.SEGMENT);
            expectHello();
            packet = V6.clone();
            packet[5] = 0;
            assertThat(decode(101, packet)).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }

        @Test
        void aLengthBeyondThePacketIsNotBelieved() {
            byte[] packet = V4.clone();
            packet[2] = 1;
            assertThat(decode(101, packet)).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }

        @Test
        void headersThatContradictThemselvesAreMalformed() {
            byte[] shortHeader = V4.clone();
            shortHeader[0] = 0x44;
            assertThat(decode(101, shortHeader)).isEqualTo(Outcome.MALFORMED);
            byte[] shortTotal = V4.clone();
            shortTotal[3] = 19;
            assertThat(decode(101, shortTotal)).isEqualTo(Outcome.MALFORMED);
            byte[] tcp = TCP.clone();
            tcp[12] = 0x40;
            assertThat(decode(101, ipv4(1, 2, 6, tcp))).isEqualTo(Outcome.MALFORMED);
            tcp[12] = (byte) 0xf0;
            assertThat(decode(101, ipv4(1, 2, 6, tcp))).isEqualTo(Outcome.MALFORMED);
            assertThat(decode(229, V4)).isEqualTo(Outcome.MALFORMED);
        }

        @Test
        void extensionHeadersAreSkipped() {
            byte[] chain = concat(
                    hex("2b 00 000000000000"), // hop by hop, then routing
                    hex("3c 01 0000000000000000000000000000"), // routing, then destination
                    hex("33 00 000000000000"), // destination, then authentication
                    hex("2c 04 0000 00000000 00000000 000000000000000000000000"), // authentication, then fragment
                    hex("06 00 0000 00000001"), // the only fragment, then TCP
                    TCP);
            assertThat(decode(101, ipv6(1, 2, 0, chain))).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }

        @Test
        void otherProtocolsArePassedOver() {
            assertThat(decode(101, ipv4(1, 2, 1, TCP))).isEqualTo(Outcome.OTHER_PROTOCOL);
            assertThat(decode(101, ipv6(1, 2, 59, TCP))).isEqualTo(Outcome.OTHER_PROTOCOL);
            assertThat(decode(101, ipv4(1, 2, 17, udp(53, 53, TCP)))).isEqualTo(Outcome.OTHER_PROTOCOL);
            assertThat(decode(1, ethernet(0x0806, TCP))).isEqualTo(Outcome.OTHER_PROTOCOL);
        }
    }

    @Nested
    @DisplayName("tunnels")
    class Tunnels {
        @Test
        void gtpIsOpened() {
            assertThat(decode(101, ipv4(8, 9, 17, udp(2152, 2152, concat(hex("30ff0000 00000001"), V4)))))
                    .isEqualTo(Outcome.SEGMENT);
            expectHello();
            byte[] extended = concat(hex("34ff0000 00000001 0000 00 85 01 0000 c0 01 0000 00"), V6);
            assertThat(decode(101, ipv4(8, 9, 17, udp(2152, 2152, extended)))).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }

        @Test
        void otherGtpMessagesArePassedOver() {
            byte[] echo = hex("3201 0004 00000000 0000 00 00");
            assertThat(decode(101, ipv4(8, 9, 17, udp(2152, 2152, echo)))).isEqualTo(Outcome.OTHER_PROTOCOL);
            byte[] endless = hex("34ff 0000 00000001 0000 00 85 00");
            assertThat(decode(101, ipv4(8, 9, 17, udp(2152, 2152, endless)))).isEqualTo(Outcome.MALFORMED);
        }

        @Test
        void ipInIpIsOpenedToAnyDepth() {
            byte[] packet = V4;
            for (int i = 0; i < 1000; i++) {
                packet = i % 2 == 0 ? ipv4(3, 4, 4, packet) : ipv6(3, 4, 4, packet);
                packet = ipv4(5, 6, packet[0] >> 4 == 4 ? 4 : 41, packet);
                if (packet.length > 60_000) {
                    break;
                }
            }
            assertThat(decode(101, packet)).isEqualTo(Outcome.SEGMENT);
            expectHello();
        }
    }

    @Nested
    @DisplayName("fragments")
    class FragmentsOfIp {
        private final byte[] head = Arrays.copyOf(TCP, 16);
        private final byte[] tail = Arrays.copyOfRange(TCP, 16, TCP.length);

        @Test
        void areJoinedInAnyOrder() {
            assertThat(decode(101, ipv4(1, 2, 6, 77, 2, tail))).isEqualTo(Outcome.FRAGMENT);
            assertThat(decode(101, ipv4(1, 2, 6, 78, 0x2000, head))).isEqualTo(Outcome.FRAGMENT);
            assertThat(decode(101, ipv4(1, 2, 6, 77, 2, tail))).isEqualTo(Outcome.FRAGMENT);
            assertThat(decode(101, ipv4(1, 2, 6, 77, 0x2000, head))).isEqualTo(Outcome.SEGMENT);
            expectHello();
            assertThat(decoder.unjoinedFragments()).isEqualTo(1);
        }

        @Test
        void ofIpv6AreJoined() {
            assertThat(decode(101, ipv6(1, 2, 44, concat(hex("06 00 0001 00000009"), head))))
                    .isEqualTo(Outcome.FRAGMENT);
            assertThat(decode(101, ipv6(1, 2, 44, concat(hex("06 00 0010 00000009"), tail))))
                    .isEqualTo(Outcome.SEGMENT);
            expectHello();
            assertThat(decoder.unjoinedFragments()).isZero();
        }

        @Test
        void startAnewWhenAnIdentificationComesRoundAgain() {
            byte[] other = head.clone();
            other[0] ^= 1;
            decode(101, ipv4(1, 2, 6, 77, 0x2000, other));
            decode(101, ipv4(1, 2, 6, 77, 0x2000, head));
            assertThat(decode(101, ipv4(1, 2, 6, 77, 2, tail))).isEqualTo(Outcome.SEGMENT);
            expectHello();
            assertThat(decoder.unjoinedFragments()).isEqualTo(1);
        }

        @Test
        void takeABoundedTable() {
            for (int id = 0; id < 1000; id++) {
                assertThat(decode(101, ipv4(1, 2, 6, id, 0x2000, head))).isEqualTo(Outcome.FRAGMENT);
            }
            assertThat(decode(101, ipv4(1, 2, 6, 999 - Fragments.MAX_PACKETS, 2, tail)))
                    .isEqualTo(Outcome.FRAGMENT);
            assertThat(decode(101, ipv4(1, 2, 6, 999, 2, tail))).isEqualTo(Outcome.SEGMENT);
            assertThat(decoder.unjoinedFragments()).isEqualTo(1000);
        }

        @Test
        void beyondTheLongestPacketOrOfOddLengthAreMalformed() {
            assertThat(decode(101, ipv4(1, 2, 6, 1, 0x1fff, head))).isEqualTo(Outcome.MALFORMED);
            assertThat(decode(101, ipv4(1, 2, 6, 1, 0x2000, tail))).isEqualTo(Outcome.MALFORMED);
            assertThat(decode(101, ipv4(1, 2, 6, 1, 2, tail), 100)).isEqualTo(Outcome.FRAGMENT);
        }
    }
}
