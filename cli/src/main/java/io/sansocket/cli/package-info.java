/** The {@code sansocket} command: one class per subcommand, data on standard output, everything else on standard error. */
@NullMarked
package io.sansocket.cli;

import org.jspecify.annotations.NullMarked;
