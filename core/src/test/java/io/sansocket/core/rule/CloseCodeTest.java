package io.sansocket.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("7.4 Status Codes")
class CloseCodeTest {
    private static final int CODES = 0x1_0000;

    /** RFC 6455 §7.4.1, §7.4.2 and the IANA registry of close codes: first and last of those meant for the wire. */
    private static final int[][] ALLOWED = {
        {1000, 1003}, // normal closure, going away, protocol error, unsupported data
        {1007, 1011}, // invalid payload, policy, too big, mandatory extension, internal error
        {1012, 1014}, // IANA: service restart, try again later, bad gateway
        {3000, 3999}, // for libraries, registered with IANA
        {4000, 4999}, // for private use
    };

    @Test
    void all65536CodesAreAllowedOrNotAsTheRegistrySays() {
        List<Integer> expected = new ArrayList<>();
        for (int[] range : ALLOWED) {
            IntStream.rangeClosed(range[0], range[1]).forEach(expected::add);
        }
        List<Integer> allowed = IntStream.range(0, CODES)
                .filter(CloseCode::isAllowedOnWire)
                .boxed()
                .toList();
        assertThat(allowed).isEqualTo(expected).hasSize(4 + 5 + 3 + 2000);
    }

    @ParameterizedTest
    @CsvSource({
        "1000, normal closure",
        "1001, going away",
        "1002, protocol error",
        "1003, unsupported data",
        "1004, unknown",
        "1005, no status received",
        "1006, abnormal closure",
        "1007, invalid frame payload data",
        "1008, policy violation",
        "1009, message too big",
        "1010, mandatory extension",
        "1011, internal error",
        "1012, service restart",
        "1013, try again later",
        "1014, bad gateway",
        "1015, TLS handshake",
        "1016, unknown",
        "2999, unknown",
        "3000, registered",
        "3999, registered",
        "4000, private use",
        "4999, private use",
        "5000, unknown",
    })
    void namesAreThoseOfTheRegistry(int code, String name) {
        assertThat(CloseCode.nameOf(code)).isEqualTo(name);
    }
}
