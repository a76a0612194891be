package io.sansocket.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** RFC 8305 §4: the order in which addresses are tried. */
class AddressFamiliesTest {
    private static SocketAddress at(String ip) {
        try {
            return new InetSocketAddress(InetAddress.getAllByName(ip)[0], 80);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<SocketAddress> at(String... ips) {
        return List.of(ips).stream().map(AddressFamiliesTest::at).toList();
    }

    @Test
    @DisplayName("4 the families take turns, the first address stays the first")
    void familiesTakeTurns() {
        assertThat(AddressFamilies.inTurns(at("192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2")))
                .isEqualTo(at("192.0.2.1", "2001:db8::1", "192.0.2.2", "2001:db8::2", "192.0.2.3"));
        assertThat(AddressFamilies.inTurns(at("2001:db8::1", "2001:db8::2", "192.0.2.1")))
                .isEqualTo(at("2001:db8::1", "192.0.2.1", "2001:db8::2"));
    }

    @Test
    void whatHasNoFamilyKeepsItsPlace() {
        var unix = UnixDomainSocketAddress.of("/tmp/a");
        var unresolved = InetSocketAddress.createUnresolved("a.example", 80);
        assertThat(AddressFamilies.inTurns(List.of(unix))).containsExactly(unix);
        assertThat(AddressFamilies.inTurns(List.of(unresolved))).containsExactly(unresolved);
    }
}
