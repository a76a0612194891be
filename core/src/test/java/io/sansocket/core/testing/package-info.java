/** The vocabulary of the core's tests, small enough to learn in a minute. */
@NullMarked
package io.sansocket.core.testing;

import org.jspecify.annotations.NullMarked;
