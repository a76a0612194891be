package io.sansocket.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExcerptTest {
    @Test
    void printableAsciiIsQuotedAsItIs() {
        assertThat(Excerpt.of("")).isEqualTo("\"\"");
        assertThat(Excerpt.of(" a~")).isEqualTo("\" a~\"");
        assertThat(Excerpt.of("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
    }

    @Test
    void controlCharactersAndAllBeyondAsciiAreEscaped() {
        assertThat(Excerpt.of("\r\n\u001b[31m\u007f")).isEqualTo("\"\\u000d\\u000a\\u001b[31m\\u007f\"");
        assertThat(Excerpt.of("\u202eé")).isEqualTo("\"\\u202e\\u00e9\"");
    }

    @Test
    void longTextIsCutWithANoteOfItsLength() {
        String longest = "x".repeat(Excerpt.MAX_LENGTH);
        assertThat(Excerpt.of(longest)).isEqualTo('"' + longest + '"');
        assertThat(Excerpt.of(longest + "y")).isEqualTo('"' + longest + "\"... (65 characters)");
    }
}
