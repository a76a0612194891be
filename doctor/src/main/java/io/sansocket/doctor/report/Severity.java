package io.sansocket.doctor.report;

import java.util.Locale;

/**
 * How much a finding weighs.
 *
 * @since 0.1
 */
public enum Severity {
    /** A rule of the protocol is broken, or a frame or message is not whole. */
    ERROR,
    /** Something is missing or odd, yet no frame is broken by a peer. */
    WARNING,
    /** A fact to know when reading the rest. */
    NOTE,
    /** A conclusion that the evidence suggests and does not prove. */
    OPINION;

    /** Returns the name in JSON. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
