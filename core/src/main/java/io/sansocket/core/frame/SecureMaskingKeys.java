package io.sansocket.core.frame;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Masking keys that nobody can predict (RFC 6455 §10.3): the key stream of AES-128, seeded from {@link SecureRandom}.
 *
 * <p>{@code SecureRandom} itself takes ten times as long as encoding a small frame. The stream is that of output
 * feedback: what CBC, which every Java platform has, makes of zeros. It is seeded anew after 64 Ki keys.
 *
 * <p>Not thread-safe: one for each connection or event loop.
 *
 * @since 0.1
 */
public final class SecureMaskingKeys implements MaskingKeySource {
    private static final int BLOCK = 16;
    private static final int KEYS_PER_DRAW = 32;
    private static final byte[] ZEROS = new byte[KEYS_PER_DRAW * Integer.BYTES];
    private static final int DRAWS_PER_SEED = 2048;

    private final SecureRandom random;
    private final ByteBuffer keys = ByteBuffer.allocate(ZEROS.length);
    /** Null until the first key is asked for. */
    private @Nullable Cipher stream;

    private int drawsLeft;

    /** Seeds from the platform's default generator. */
    public SecureMaskingKeys() {
        this(new SecureRandom());
    }

    /** Seeds from the generator given. */
    public SecureMaskingKeys(SecureRandom random) {
        this.random = random;
        keys.position(keys.limit());
    }

    @Override
    public int next() {
        if (!keys.hasRemaining()) {
            draw();
        }
        return keys.getInt();
    }

    private void draw() {
        try {
            if (stream == null || drawsLeft == 0) {
                stream = seeded();
                drawsLeft = DRAWS_PER_SEED;
            }
            stream.update(ZEROS, 0, ZEROS.length, keys.array(), 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this platform has no AES/CBC/NoPadding, as every one must", e);
        }
        drawsLeft--;
        keys.rewind();
    }

    private Cipher seeded() throws GeneralSecurityException {
        byte[] seed = new byte[2 * BLOCK];
        random.nextBytes(seed);
        var cipher = Cipher.getInstance("AES/CBC/NoPadding");
        cipher.init(
                Cipher.ENCRYPT_MODE, new SecretKeySpec(seed, 0, BLOCK, "AES"), new IvParameterSpec(seed, BLOCK, BLOCK));
        return cipher;
    }
}
