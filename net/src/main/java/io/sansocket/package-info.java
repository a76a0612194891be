/**
 * WebSocket client and server: {@link io.sansocket.WebSocket} and {@link io.sansocket.WebSocketServer}.
 *
 * <p>A connection is used in one of two ways. <em>Pulling</em>: a thread of the application's own, best a virtual one, calls
 * {@code receive} and {@code send}, which wait. <em>Pushed</em>: a {@link io.sansocket.Listener} is called on the
 * connection's event loop; it must not wait, and has the least cost.
 *
 * <p>Either way a connection ends once, with one {@link io.sansocket.core.protocol.Closed} that says what happened; it
 * is in every exception that the end causes.
 *
 * <p>Threads: all methods of {@link io.sansocket.WebSocket} may be called from any thread, at the same time. Messages of
 * several threads never interleave.
 */
@NullMarked
package io.sansocket;

import org.jspecify.annotations.NullMarked;
