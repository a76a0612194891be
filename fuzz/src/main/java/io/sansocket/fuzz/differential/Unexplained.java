package io.sansocket.fuzz.differential;

/**
 * A difference that is of no kind.
 *
 * @param judge who differs from the core: a peer, or {@link Comparison#REFERENCE}
 * @param ours what the core makes of the stream
 * @param theirs what the other makes of it
 */
record Unexplained(Stream stream, String judge, Verdict ours, Verdict theirs) {
    @Override
    public String toString() {
        return "%s%n  sansocket: %s%n  %s: %s".formatted(stream, ours, judge, theirs);
    }
}
