/** The catalogue of rules a peer can break, and the close codes that answer a breach. */
@NullMarked
package io.sansocket.core.rule;

import org.jspecify.annotations.NullMarked;
