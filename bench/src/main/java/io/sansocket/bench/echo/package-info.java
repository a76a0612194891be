/**
 * Echo servers of ours and of peers for {@code bench/end-to-end}, each set up as its own documentation shows and with one
 * thread for all connections, where it lets that be chosen. {@link io.sansocket.bench.echo.Server} starts them by name.
 */
package io.sansocket.bench.echo;
