package io.sansocket.core.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What an extension does that says nothing about it. */
class ExtensionDefaultsTest {
    private static final class Plain implements Extension {
        @Override
        public ExtensionOffer agreed() {
            return ExtensionOffer.of("x-plain");
        }

        @Override
        public int reservedBits() {
            return RSV1;
        }

        @Override
        public boolean encodes(boolean text, long length) {
            return true;
        }

        @Override
        public void encode(ByteBuffer part, boolean last, Sink out) {
            out.accept(part);
        }

        @Override
        public void decode(ByteBuffer part, boolean last, Sink out) {
            out.accept(part);
        }
    }

    @Test
    void itsMessagesGoOutEncoded() {
        assertThat(new Plain().withdraw(1_000_000)).isFalse();
    }
}
