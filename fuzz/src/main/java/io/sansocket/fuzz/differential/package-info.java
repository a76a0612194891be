/**
 * Differential fuzzing: the same streams through the core and through other implementations, and every kind of
 * difference explained.
 *
 * <p><b>Theory of operation.</b> {@link io.sansocket.fuzz.differential.StreamMaker} makes streams from a seed, lawful
 * ones and broken ones. Each {@link io.sansocket.fuzz.differential.Judge} says what it makes of them:
 * {@link io.sansocket.fuzz.differential.Verdict}s, which are comparable. The
 * {@link io.sansocket.fuzz.differential.Reference} reads the whole stream at once by the letter of the RFCs and says
 * what the core must make of it, to the rule and the offset: any difference there is an error. A difference between the
 * core and a peer must be of a {@link io.sansocket.fuzz.differential.Kind}; one that is of none is unexplained.
 */
@NullMarked
package io.sansocket.fuzz.differential;

import org.jspecify.annotations.NullMarked;
