/**
 * Frames: bytes to headers and payload parts and back, with every rule of RFC 6455 §5 that a header can break.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-+-+-+-+-------+-+-------------+-------------------------------+
 *  |F|R|R|R| opcode|M| payload len |    extended payload length    |
 *  |I|S|S|S|  (4)  |A|     (7)     |    (16 bits when 126,         |
 *  |N|V|V|V|       |S|             |     64 bits when 127)         |
 *  | |1|2|3|       |K|             |                               |
 *  +-+-+-+-+-------+-+-------------+-------------------------------+
 *  |    masking key (32 bits, frames from a client)                |
 *  +---------------------------------------------------------------+
 *  |    payload                                                    |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>A header is atomic, a payload is a stream: {@link io.sansocket.core.frame.FrameDecoder} reports a header once it is
 * whole and passes a payload on as it comes. Nothing here is safe for use by several threads at once.
 */
@NullMarked
package io.sansocket.core.frame;

import org.jspecify.annotations.NullMarked;
