package io.sansocket.core.deflate;

import static io.sansocket.core.testing.Hex.toHex;
import static org.assertj.core.api.Assertions.assertThat;

import io.sansocket.core.extension.Extension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that go out as they were given, although they were deflated. */
class WithdrawTest {
    private static final String FIRST = "f2 48 cd c9 c9 07 00";
    private static final String AGAIN = "f2 00 11 00 00";

    @ParameterizedTest
    @CsvSource({"15, 32768", "15, 40000", "8, 256", "12, 4096"})
    void oneThatFillsTheWindowIsForgottenAndWhatWasBeforeIt(int bits, int length) {
        Extension end = Ends.agree(Ends.both(new DeflateContext(bits, true))).client();
        assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo(FIRST);
        Ends.encode(end, new byte[length]);
        assertThat(end.withdraw(length)).isTrue();
        assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo(FIRST);
        assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo(AGAIN);
    }

    @ParameterizedTest
    @CsvSource({"15, 32767", "12, 4095", "12, 1"})
    void aShorterOneIsNotForTheSakeOfWhatWasBeforeIt(int bits, int length) {
        Extension end = Ends.agree(Ends.both(new DeflateContext(bits, true))).client();
        Ends.encode(end, "Hello");
        assertThat(end.withdraw(length)).isFalse();
        assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo(AGAIN);
    }

    @Test
    void withoutContextTakeoverAnyIs() {
        Extension end = Ends.agree(Ends.both(new DeflateContext(15, false))).client();
        Ends.encode(end, "Hello");
        assertThat(end.withdraw(5)).isTrue();
        assertThat(toHex(Ends.encode(end, "Hello"))).isEqualTo(FIRST);
    }
}
