/** What inputs may look like besides captures: hex text, and how to tell one format from another. */
@NullMarked
package io.sansocket.doctor.input;

import org.jspecify.annotations.NullMarked;
