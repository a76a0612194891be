/**
 * JMH benchmarks of the core, side by side with {@link System#arraycopy} and with peers in one run.
 *
 * <p>Each method is named after what it measures: {@code sansocket…} is ours. Figures are nanoseconds per frame or
 * message; see docs/performance.md for the commands and what they printed.
 */
package io.sansocket.bench;
