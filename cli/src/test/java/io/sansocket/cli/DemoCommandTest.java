package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DemoCommandTest {
    @Test
    void theStoryOfThe202And199BytesIsShownOnALiveConnection() {
        var run = Command.run("demo");

        assertThat(run.status()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceAll("\\s+", " "))
                .contains("Its header declares 202 bytes. 199 came")
                .contains(
                        "in the payload of a text frame at offset 0: 199 of 202 bytes received, 3 missing, header 81 7e 00 ca")
                .contains("closed abnormally: incomplete-frame at offset 0: the peer ended the stream (FIN)")
                .contains("81 7e 00 ca ^^^^^ payload length 202, 3 too many");
    }
}
