/** Differential fuzzing: streams of bytes through the core and through other implementations, and what they say. */
@org.jspecify.annotations.NullMarked
package io.sansocket.fuzz;
