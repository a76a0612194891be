package io.sansocket.core.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sansocket.core.rule.Rule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExtensionHeaderTest {
    private static final ExtensionParameter BITS = new ExtensionParameter("client_max_window_bits", null);

    private static ExtensionHeader parse(String... values) {
        return ExtensionHeader.parse(List.of(values));
    }

    private static ExtensionHeader parsed(ExtensionOffer... offers) {
        return new ExtensionHeader.Parsed(List.of(offers));
    }

    @Test
    void theExamplesOfTheRfcAreParsed() {
        // RFC 6455 §9.1
        assertThat(parse("foo")).isEqualTo(parsed(ExtensionOffer.of("foo")));
        assertThat(parse("bar; baz=2")).isEqualTo(parsed(ExtensionOffer.of("bar", new ExtensionParameter("baz", "2"))));
        assertThat(parse("foo", "bar; baz=2")).isEqualTo(parse("foo, bar; baz=2"));
        // RFC 7692 §7.1
        assertThat(parse("permessage-deflate; client_max_window_bits; server_max_window_bits=10, permessage-deflate"))
                .isEqualTo(parsed(
                        ExtensionOffer.of(
                                "permessage-deflate", BITS, new ExtensionParameter("server_max_window_bits", "10")),
                        ExtensionOffer.of("permessage-deflate")));
    }

    @Test
    void quotedValuesAreUnescaped() {
        var expected = parsed(ExtensionOffer.of("a", new ExtensionParameter("b", "c1")));
        assertThat(parse("a;b=\"c1\"")).isEqualTo(expected);
        assertThat(parse("a ; b = \"\\c\\1\" ")).isEqualTo(expected);
    }

    @Test
    void whitespaceAndEmptyElementsArePassedOver() {
        var expected = parsed(
                ExtensionOffer.of("a", new ExtensionParameter("b", "1"), new ExtensionParameter("b", "2")),
                ExtensionOffer.of("c"));
        assertThat(parse(",\t a ;b\t= 1; b =2 , ,c ,", "", " , ")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``       | 0 | the list names no extension",
                "` , `    | 0 | the list names no extension",
                "`;a`     | 0 | \";\" where an extension's name is expected",
                "`=`      | 0 | \"=\" where an extension's name is expected",
                "`a b`    | 2 | \"b\" where \",\" or \";\" is expected",
                "`a=b`    | 1 | \"=\" where \",\" or \";\" is expected",
                "`a/1`    | 1 | \"/\" where \",\" or \";\" is expected",
                "`a;`     | 2 | the end where a parameter's name is expected",
                "`a; `    | 3 | the end where a parameter's name is expected",
                "`a;;b`   | 2 | \";\" where a parameter's name is expected",
                "`a;,b`   | 2 | \",\" where a parameter's name is expected",
                "`a;b=`   | 4 | the end where a parameter's value is expected",
                "`a;b=,c` | 4 | \",\" where a parameter's value is expected",
                "`a;b=c=d`| 5 | \"=\" where \",\" or \";\" is expected",
                "`a;b=\"`  | 5 | the end where a quoted value must end",
                "`a;b=\"c` | 6 | the end where a quoted value must end",
                "`a;b=\"\"`| 5 | \"\\\"\" in place of a quoted value",
                "`a;b=\"c d\"` | 6 | \" \" in a quoted value, which must be a token",
                "`a;b=\"c,d\"` | 6 | \",\" in a quoted value, which must be a token",
                "`a;b=\"c\\\"d\"`| 7 | \"\\\"\" in a quoted value, which must be a token",
                "`a;b=\"c\\`   | 6 | \"\\\\\" in a quoted value, which must be a token",
                "`a;b=\"c\"d`  | 7 | \"d\" where \",\" or \";\" is expected",
                "`a;\u00e9`    | 2 | \"\\u00e9\" where a parameter's name is expected",
            })
    void whatBreaksTheGrammarIsRefusedWithItsPlace(String value, int position, String reason) {
        assertThat(parse(value)).isEqualTo(new ExtensionHeader.Malformed(0, position, reason));
        if (!value.replace(",", "").isBlank()) {
            assertThat(parse("x", value)).isEqualTo(new ExtensionHeader.Malformed(1, position, reason));
        }
    }

    @Test
    void noHeaderAtAllNamesNoExtension() {
        assertThat(parse()).isEqualTo(new ExtensionHeader.Malformed(0, 0, "the list names no extension"));
    }

    @Test
    void anyTextIsParsedOrRefusedAndWhatIsParsedRoundTrips() {
        String alphabet = "ab1;;,,==\"\"\\ \t/\u00e9";
        var random = new Random(1);
        int parsed = 0;
        for (int i = 0; i < 100_000; i++) {
            var text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            ExtensionHeader header = parse(text.toString());
            if (header instanceof ExtensionHeader.Parsed result) {
                parsed++;
                assertThat(parse(ExtensionHeader.format(result.offers()))).isEqualTo(result);
            } else if (header instanceof ExtensionHeader.Malformed result) {
                assertThat(result.position()).isBetween(0, text.length());
            }
        }
        assertThat(parsed).isGreaterThan(1000);
    }

    @Test
    void extensionsAreFormatted() {
        var offer = ExtensionOffer.of("a", BITS, new ExtensionParameter("b", "1"));
        assertThat(ExtensionHeader.format(List.of(offer, ExtensionOffer.of("c"))))
                .isEqualTo("a; client_max_window_bits; b=1, c");
        assertThat(ExtensionHeader.format(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nX: y", "a,", "a;", "é", "\""})
    void namesAndValuesAreTokens(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ExtensionOffer.of(text));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExtensionParameter(text, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExtensionParameter("a", text));
    }

    @Test
    void exceptionsCarryTheReason() {
        assertThat(new ExtensionRefusedException("why")).hasMessage("why");
        var exception = new ExtensionDataException(Rule.COMPRESSED_DATA_INVALID, "why");
        assertThat(exception).hasMessage("why");
        assertThat(exception.rule()).isEqualTo(Rule.COMPRESSED_DATA_INVALID);
    }

    @Test
    void anExceptionsRuleHasACodeForOurClose() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExtensionDataException(Rule.INCOMPLETE_FRAME, "cut"))
                .withMessage("incomplete-frame is no rule that a Close frame can name");
    }
}
