package io.sansocket.core.rule;

import io.sansocket.core.frame.Role;

/** Breaks the order of the packages on purpose, for the architecture test to find. */
public record PlantedRuleThatNeedsAFrame(Role role) {}
