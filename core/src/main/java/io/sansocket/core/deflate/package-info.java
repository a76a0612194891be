/**
 * permessage-deflate (RFC 7692 §7): messages compressed with DEFLATE (RFC 1951), in windows of 8 to 15 bits.
 *
 * <p>Only here are objects that hold memory outside the heap; see {@link io.sansocket.core.deflate.PermessageDeflate}
 * for who holds how much and when it is given back.
 */
@NullMarked
package io.sansocket.core.deflate;

import org.jspecify.annotations.NullMarked;
