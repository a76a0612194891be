package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class StandardStreamTest {
    private static StandardStream failingWith(String message) {
        var stream = new StandardStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        });
        var writer = stream.writer();
        writer.println("Hello");
        assertThat(writer.checkError()).isTrue();
        return stream;
    }

    @Test
    void fullDiskIsAFault() {
        assertThat(failingWith("No space left on device").fault()).isEqualTo("No space left on device");
    }

    @Test
    void readerThatLeftIsNoFault() {
        assertThat(failingWith("Broken pipe").fault()).isNull();
        assertThat(new StandardStream(OutputStream.nullOutputStream()).fault()).isNull();
    }
}
