package io.sansocket.core.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** However connections end, what zlib holds for them is ended or parked; {@link NativeMemory} shows it at length. */
class LivesTest {
    private static final int PARKED = 16;

    @Test
    void everyCoderThatIsMadeIsEndedOrParked() {
        Work.lives(100);
        for (int i = 0; i < 3; i++) {
            long[] coders = Work.lives(100);
            assertThat(coders[0]).as("made").isGreaterThan(50);
            assertThat(coders[1]).as("ended").isEqualTo(coders[0]);
        }
    }

    @Test
    void noMoreAreParkedThanAProviderKeeps() {
        long[] coders = new long[2];
        for (int i = 0; i < 3; i++) {
            long[] more = Work.lives(40);
            coders[0] += more[0];
            coders[1] += more[1];
        }
        assertThat(coders[0] - coders[1]).isBetween(0L, (long) PARKED);
    }
}
