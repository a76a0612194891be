/**
 * What the doctor reports: a stream of connections, frames, findings and a summary, each told as soon as it is known.
 *
 * <p>A connection comes before all that belongs to it, a frame before the findings about it, the summary last. Offsets
 * count from the first byte behind the opening handshake's head of that direction.
 */
@NullMarked
package io.sansocket.doctor.report;

import org.jspecify.annotations.NullMarked;
