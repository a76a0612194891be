/** The place of extensions (RFC 6455 §9): their negotiation's grammar, and what one has to implement. */
@NullMarked
package io.sansocket.core.extension;

import org.jspecify.annotations.NullMarked;
