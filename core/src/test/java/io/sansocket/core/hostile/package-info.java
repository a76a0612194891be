/** What hostile input costs: shapes of it as data, counters of work and memory, and the bounds they are held to. */
package io.sansocket.core.hostile;
