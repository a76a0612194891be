package io.sansocket.core.frame;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Masking keys from {@link SecureRandom}, drawn in batches since a draw has a fixed cost.
 *
 * <p>Not thread-safe: one for each connection or event loop.
 *
 * @since 0.1
 */
public final class SecureMaskingKeys implements MaskingKeySource {
    private static final int KEYS_PER_DRAW = 32;

    private final SecureRandom random;
    private final ByteBuffer keys = ByteBuffer.allocate(KEYS_PER_DRAW * Integer.BYTES);

    /** Draws from the platform's default generator. */
    public SecureMaskingKeys() {
        this(new SecureRandom());
    }

    /** Draws from the generator given. */
    public SecureMaskingKeys(SecureRandom random) {
        this.random = random;
        keys.position(keys.limit());
    }

    @Override
    public int next() {
        if (!keys.hasRemaining()) {
            random.nextBytes(keys.array());
            keys.rewind();
        }
        return keys.getInt();
    }
}
