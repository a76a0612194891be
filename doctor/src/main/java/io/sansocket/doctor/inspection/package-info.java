/**
 * The tolerant judge: takes the streams of connections apart, collects every breach of the rules, and goes on where the
 * framing still makes sense.
 *
 * <p>Frames are decoded by the core's one decoder and heads parsed by the core's one parser; here is what to make of them.
 * Memory is bounded for each connection whatever comes. Nothing here is safe for use by several threads at once.
 */
@NullMarked
package io.sansocket.doctor.inspection;

import org.jspecify.annotations.NullMarked;
