package io.sansocket.core.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "ä", "€", "😀", "a😀", "😀b", "😀😀"})
    void aTextIsEncodedWhole(String text) {
        assertThat(Utf8.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "'\uD800', U+D800 alone at index 0 of 1",
        "'a\uD83D', U+D83D alone at index 1 of 2",
        "'\uDE00b', U+DE00 alone at index 0 of 2",
        "'\uD83Db', U+D83D alone at index 0 of 2",
        "'\uDE00\uD83D', U+DE00 alone at index 0 of 2",
        "'😀\uDE00', U+DE00 alone at index 2 of 3",
    })
    void aSurrogateAloneIsRefusedWithItsPlace(String text, String where) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Utf8.encode(text))
                .withMessage("the text has the surrogate " + where + ", which UTF-8 cannot say");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 16, 19})
    void aQuestionMarkIsNoSurrogateWhereverItStands(int length) {
        for (int at = 0; at < length; at++) {
            String before = "é".repeat(at);
            String behind = ">@\u007F\u00BFaé".repeat(length).substring(at + 1, length);
            String text = before + "?" + behind;
            assertThat(Utf8.encode(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Utf8.encode(before + "\uD83D" + behind))
                    .withMessageContaining("U+D83D alone at index " + before.length());
        }
    }

    /** Among letters alone, so that nothing else asks for the closer look. */
    @Test
    void aSurrogateAloneIsRefusedWhereverItStands() {
        for (int length = 1; length < 20; length++) {
            for (int at = 0; at < length; at++) {
                String text = "a".repeat(at) + "\uD83D" + "a".repeat(length - at - 1);
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> Utf8.encode(text))
                        .withMessageContaining("U+D83D alone at index %d of %d", at, length);
            }
        }
    }

    /** First and last of each length (RFC 3629 §3). */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x7F, 0x80, 0x7FF, 0x800, 0xFFFF, 0x1_0000, 0x10_FFFF})
    void aTextIsCutBetweenCharacters(int codePoint) {
        String character = Character.toString(codePoint);
        int length = character.getBytes(StandardCharsets.UTF_8).length;
        assertThat(Utf8.truncate(character, length)).isEqualTo(character);
        assertThat(Utf8.truncate(character, length - 1)).isEmpty();
        assertThat(Utf8.truncate(character + "ab", length + 1)).isEqualTo(character + "a");
        assertThat(Utf8.truncate("a" + character + character, 2 * length)).isEqualTo("a" + character);
    }
}
