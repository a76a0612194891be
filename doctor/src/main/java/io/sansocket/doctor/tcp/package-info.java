/**
 * TCP connections of a capture: each side's bytes in order, exactly once, and every gap with its exact length.
 *
 * <h2>Theory of operation</h2>
 *
 * <p>Each side of a connection is a stream whose first byte has offset 0: the byte behind the SYN or, in a capture that
 * starts later, the first byte seen. Sequence numbers become 64-bit offsets by their signed distance (modulo 2^32) from
 * the next byte due, so a stream may be of any length; only gaps of 2 GiB and more are ambiguous.
 *
 * <p>Bytes in front of the next one due were delivered already: they are compared with the last 64 KiB delivered and
 * dropped. Bytes behind it wait. The gap before them is declared a hole, and never before, when
 *
 * <ul>
 *   <li>the peer has acknowledged all of it and 32 more packets of the connection did not bring it (captures reorder
 *       packets, and an acknowledgment may overtake what it acknowledges);
 *   <li>or more than 8 MiB of the side wait, or more than 32 MiB of all sides, those that wait longest first;
 *   <li>or the connection is reset, replaced, evicted, or the capture ends. Then bytes behind the last delivered that the
 *       peer acknowledged are a hole, too.
 * </ul>
 *
 * <p>What a capture length cut off a packet is a hole as soon as its turn comes, unless another packet brought it. Of two
 * packets with other bytes for one place the first seen wins and the conflict is reported. Checksums are not looked at.
 */
@NullMarked
package io.sansocket.doctor.tcp;

import org.jspecify.annotations.NullMarked;
