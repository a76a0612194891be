/**
 * For tests of what speaks WebSocket: {@link io.sansocket.testkit.Pair} is a client and a server on a virtual wire and a
 * virtual clock, {@link io.sansocket.testkit.FaultyPeer} a real peer that does what its script says, lawful or not, and
 * {@link io.sansocket.testkit.Ledger} counts what became of messages.
 *
 * <p>What a test expects and does not find is an {@link AssertionError}; what it asks for and cannot be done, an
 * {@link IllegalArgumentException} or {@link IllegalStateException}. No test framework is needed.
 */
@NullMarked
package io.sansocket.testkit;

import org.jspecify.annotations.NullMarked;
