package io.sansocket.doctor.report;

/**
 * Who or what cut a stream.
 *
 * @since 0.1
 */
public enum EndedBy {
    /** The sender, with a TCP FIN. */
    FIN("fin"),
    /** One of both ends, with a TCP RST. */
    RESET("reset"),
    /** The capture ends here, the connection perhaps not. */
    CAPTURE_END("capture-end"),
    /** The capture lacks packets. */
    HOLE("hole"),
    /** The capture cut its packets off. */
    SNAPLEN("snaplen"),
    /** The input does not tell. */
    UNKNOWN("unknown");

    private final String id;

    EndedBy(String id) {
        this.id = id;
    }

    /** Returns the name in JSON. */
    @Override
    public String toString() {
        return id;
    }
}
