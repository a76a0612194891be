package io.sansocket.core;

import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Tests that nobody runs, for {@link RfcTraceTest}: a trace that names one of them is wrong. */
final class PlantedForRfcTrace {
    @Test
    void isATest() {}

    @Disabled("to be found")
    @Test
    void isDisabled() {}

    @EnabledOnOs(OS.OTHER)
    @RepeatedTest(2)
    void isNotForAll() {}

    @Disabled("to be found")
    static final class Off {
        @Test
        void isATest() {}

        @Nested
        final class Inner {
            @Test
            void isATest() {}
        }
    }
}
