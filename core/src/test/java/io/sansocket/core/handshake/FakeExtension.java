package io.sansocket.core.handshake;

import io.sansocket.core.extension.Extension;
import io.sansocket.core.extension.ExtensionOffer;
import io.sansocket.core.extension.ExtensionProvider;
import io.sansocket.core.extension.ExtensionRefusedException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** An extension that changes nothing, and remembers whether it was released. */
final class FakeExtension implements Extension {
    private final ExtensionOffer agreed;
    private final int reservedBits;
    boolean released;

    private FakeExtension(ExtensionOffer agreed, int reservedBits) {
        this.agreed = agreed;
        this.reservedBits = reservedBits;
    }

    /** Offers itself once; takes and gives every answer without parameters. */
    static final class Provider implements ExtensionProvider {
        private final String name;
        private final String offered;
        private final int reservedBits;
        final List<FakeExtension> made = new java.util.ArrayList<>();

        Provider(String name, int reservedBits) {
            this(name, name, reservedBits);
        }

        Provider(String name, String offered, int reservedBits) {
            this.name = name;
            this.offered = offered;
            this.reservedBits = reservedBits;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public List<ExtensionOffer> offers() {
            return List.of(ExtensionOffer.of(offered));
        }

        @Override
        public Extension accept(ExtensionOffer agreed) throws ExtensionRefusedException {
            return answer(agreed).orElseThrow(() -> new ExtensionRefusedException("it has parameters"));
        }

        @Override
        public Optional<Extension> answer(ExtensionOffer offer) {
            if (!offer.parameters().isEmpty()) {
                return Optional.empty();
            }
            var extension = new FakeExtension(offer, reservedBits);
            made.add(extension);
            return Optional.of(extension);
        }
    }

    @Override
    public ExtensionOffer agreed() {
        return agreed;
    }

    @Override
    public int reservedBits() {
        return reservedBits;
    }

    @Override
    public boolean encodes(boolean text, long length) {
        return false;
    }

    @Override
    public void encode(ByteBuffer part, boolean last, Sink out) {
        out.accept(part);
    }

    @Override
    public void decode(ByteBuffer part, boolean last, Sink out) {
        out.accept(part);
    }

    @Override
    public void release() {
        released = true;
    }
}
