package io.sansocket.fuzz.differential;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CatalogueTest {
    @Test
    void everyKindSaysWhatDecidesIt() {
        for (Kind kind : Kind.values()) {
            assertThat(kind.source()).matches("RFC (6455|7692) §\\d+(\\.\\d+)*");
            assertThat(kind.sentence()).hasSizeGreaterThan(40);
            assertThat(kind.ours()).isNotEqualTo(kind.theirs());
        }
    }
}
