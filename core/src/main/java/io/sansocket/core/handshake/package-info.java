/**
 * The opening handshake (RFC 6455 §4) as pure judgement over heads.
 *
 * <p>The rules return every violation in the order of the RFC. The protocol takes the first, the doctor takes all. A
 * violation's offset is that of the offending value; of the empty line behind the fields when a field is missing, for
 * that line is the first byte to show it; and of the start line when that is at fault.
 */
@NullMarked
package io.sansocket.core.handshake;

import org.jspecify.annotations.NullMarked;
