/**
 * Moves bytes between channels and the core: event loops on NIO selectors. Knows no WebSocket: what the bytes mean is the
 * protocol's business, what to do about them the application's.
 *
 * <p>Threads: every {@link io.sansocket.engine.Conduit} belongs to one {@link io.sansocket.engine.EventLoop}. Its protocol,
 * its channel and its {@link io.sansocket.engine.Application} are touched by that loop's thread alone; other threads hand
 * tasks to the loop ({@link io.sansocket.engine.EventLoop#execute}). No lock is held across I/O.
 */
@NullMarked
package io.sansocket.engine;

import org.jspecify.annotations.NullMarked;
