package io.sansocket.doctor.report;

import java.util.Locale;

/**
 * What became of a connection's opening handshake.
 *
 * @since 0.1
 */
public enum HandshakeState {
    /** It is there and lawful, as far as the capture shows it. */
    PRESENT,
    /** The capture does not hold it, or not its end. */
    ABSENT,
    /** It was refused, or it breaks a rule. */
    FAILED;

    /** Returns the name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
