/**
 * Capture files as a stream of packets: pcap and pcapng, plain or gzipped, of any size in constant memory.
 *
 * <p>Nothing a file declares is trusted: every length is checked against a limit before a byte is read for it, and every
 * refusal is a {@link io.sansocket.doctor.capture.CaptureException} with the offset, the value and the limit.
 */
@NullMarked
package io.sansocket.doctor.capture;

import org.jspecify.annotations.NullMarked;
