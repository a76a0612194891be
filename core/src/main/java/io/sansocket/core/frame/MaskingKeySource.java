package io.sansocket.core.frame;

/**
 * Where masking keys come from.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface MaskingKeySource {
    /**
     * Returns 32 fresh bits.
     *
     * <p>RFC 6455 §5.3: the key "MUST be derived from a strong source of entropy, and the masking key for a given frame
     * MUST NOT make it simple for a server/proxy to predict the masking key for a subsequent frame."
     */
    int next();
}
