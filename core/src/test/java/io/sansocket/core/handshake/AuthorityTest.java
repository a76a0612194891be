package io.sansocket.core.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, -1",
        "EXAMPLE.com:80, example.com, 80",
        "a:, a, -1",
        "a:0, a, 0",
        "a:65535, a, 65535",
        "a:000080, a, 80",
        "my_host, my_host, -1",
        "my-host, my-host, -1",
        "a%20b, a%20b, -1",
        "127.0.0.1:8080, 127.0.0.1, 8080",
        "[::1], [::1], -1",
        "[2001:DB8::1]:443, [2001:db8::1], 443",
    })
    void hostAndPortAreTakenApart(String text, String host, int port) {
        assertThat(Authority.parse(text)).isEqualTo(new Authority(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "a:b",
                "a:80:80",
                "a:65536",
                "a:99999999999999999999",
                "a:-1",
                "a:+1",
                "a b",
                "a/b",
                "a@b",
                "u:p@b",
                "a?b",
                "a\\b",
                "é",
                "%",
                "a%2",
                "%zz",
                "%2g",
                "[",
                "[]",
                "[::1",
                "::1",
                "[::1]80",
                "[::1]a:80",
                "[::1]:x",
                "[fe80::1%25eth0]",
                "[v1.a]",
                "[1.2.3.4]",
                "a:\u0661"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(Authority.parse(text)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "abcd:EF01::",
                "::1.2.3.4",
                "::ffff:255.255.255.255",
                "1:2:3:4:5:6:1.2.3.4",
                "1::0.0.0.0",
                "1:2:3:4:5::1.2.3.4"
            })
    void addressesOfEveryFormAreRecognized(String text) {
        assertThat(Ipv6.isAddress(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:",
                ":1",
                "1:2",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1::2::3",
                "1:::2",
                "12345::",
                "g::",
                "1::g",
                "::1.2.3",
                "::1.2.3.4.5",
                "::1.2.3.256",
                "::1.2.3.04",
                "::1..3.4",
                "::1.2.3.",
                "::1.2.3.a",
                "::.1.2.3",
                "1:2:3:4:5:6:7:1.2.3.4",
                "1:2:3:4:5:1.2.3.4",
                "::1:2:3:4:5:6:1.2.3.4",
                "1.2.3.4",
                "::1%2",
                "\u0661::"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThat(Ipv6.isAddress(text)).isFalse();
    }

    @Test
    void aMissingPortIsTheDefault() {
        assertThat(new Authority("a", Authority.NO_PORT).portOr(80)).isEqualTo(80);
        assertThat(new Authority("a", 81).portOr(80)).isEqualTo(81);
    }
}
