package io.sansocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** Addresses as a log shows them. */
class AddressesTest {
    @Test
    void addressesAreWrittenAsInUris() throws Exception {
        byte[] four = {127, 0, 0, 1};
        byte[] six = new byte[16];
        six[15] = 1;

        assertThat(Addresses.show(new InetSocketAddress(InetAddress.getByAddress(four), 80)))
                .isEqualTo("127.0.0.1:80");
        assertThat(Addresses.show(new InetSocketAddress(InetAddress.getByAddress(six), 80)))
                .isEqualTo("[0:0:0:0:0:0:0:1]:80");
    }

    @Test
    void aNameThatIsNotResolvedIsShownAsItIs() {
        assertThat(Addresses.show(InetSocketAddress.createUnresolved("name", 80)))
                .startsWith("name");
    }

    @Test
    void socketsWithoutANameAreCalledSo() {
        assertThat(Addresses.show(UnixDomainSocketAddress.of("/tmp/s"))).isEqualTo("/tmp/s");
        assertThat(Addresses.show(UnixDomainSocketAddress.of(""))).isEqualTo("an unnamed socket");
    }

    @Test
    void aChannelThatIsClosedOrWasNeverConnectedHasNone() throws Exception {
        SocketChannel channel = SocketChannel.open();

        assertThat(Addresses.show(Addresses.remote(channel))).startsWith("closed");
        assertThat(Addresses.show(Addresses.local(channel))).startsWith("closed");
        channel.close();
        assertThat(Addresses.show(Addresses.remote(channel))).startsWith("closed");
        assertThat(Addresses.show(Addresses.local(channel))).startsWith("closed");
    }
}
