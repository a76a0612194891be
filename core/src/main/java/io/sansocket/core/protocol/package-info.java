/**
 * The protocol of one connection, without I/O: {@link io.sansocket.core.protocol.ClientProtocol} and
 * {@link io.sansocket.core.protocol.ServerProtocol}.
 *
 * <p>The caller owns the socket, the threads and the clock. It feeds what comes in ({@code receive}, {@code receiveEof},
 * {@code receiveReset}), hands out what goes out ({@code transmit}), calls {@code timeout} when {@code deadline} has come,
 * and takes events until there are none ({@code nextEvent}). {@code progress} tells at any moment what is waited for.
 *
 * <p>The states, and what moves a connection from one to the next:
 *
 * <pre>
 *                 opening handshake done
 *   HANDSHAKE ──────────────────────────► OPEN ──────── close() ───────► CLOSE_SENT
 *       │                                  │                                 │
 *       │ refused, broken, timed out       │ Close received, answered        │ Close received
 *       │                                  ▼                                 ▼
 *       │              rule broken      CLOSE_EXCHANGED ◄────────────────────┘
 *       │        (OPEN or CLOSE_SENT)      │   server: everything is transmitted
 *       ▼                  │               │   client: end of stream, or close timeout
 *    FAILING ◄─────────────┘               ▼
 *       └──── end of stream, or close timeout ────► CLOSED   (end of stream or reset: from any state)
 * </pre>
 *
 * <p>In CLOSE_EXCHANGED and FAILING the end of the peer's stream takes effect once everything is transmitted, for the peer
 * may still read; a reset does at once.
 *
 * <p>No method blocks, and none may be called by two threads at once: an engine calls a connection's protocol from one
 * thread, or under one lock. Times are nanoseconds of any monotonic clock, the same one for all calls.
 */
@NullMarked
package io.sansocket.core.protocol;

import org.jspecify.annotations.NullMarked;
