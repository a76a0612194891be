package io.sansocket.doctor.network;

/** What a layer answers instead of the number of the protocol inside it. */
final class Step {
    /** Nothing that carries TCP. */
    static final int OTHER = -1;
    /** Shorter than its header, or a header that contradicts itself. */
    static final int MALFORMED = -2;
    /** A part of an IP packet whose other parts are still to come. */
    static final int FRAGMENT = -3;
    /** A link type nobody taught us. */
    static final int UNSUPPORTED = -4;

    private Step() {}
}
