/** Targets for coverage-guided fuzzing: each holds what the library promises against whatever bytes the fuzzer finds. */
package io.sansocket.fuzz.coverage;
