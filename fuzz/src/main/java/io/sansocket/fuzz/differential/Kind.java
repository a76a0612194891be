package io.sansocket.fuzz.differential;
enum Kind { X; static @org.jspecify.annotations.Nullable Kind of(Stream s, Expected e, Verdict p, String peer) { return null; } }
