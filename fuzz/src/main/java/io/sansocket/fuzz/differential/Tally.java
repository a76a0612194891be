package io.sansocket.fuzz.differential;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a run found: for each peer how many streams it saw, and how often it differed in which way. */
final class Tally {
    /** How many unexplained differences are kept; the others are counted. */
    private static final int KEPT = 20;

    private final Map<String, Long> seen = new TreeMap<>();
    private final Map<String, Map<Kind, Long>> kinds = new TreeMap<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final List<Unexplained> unexplained = new ArrayList<>();

    void see(String peer) {
        seen.merge(peer, 1L, Long::sum);
    }

    void add(String peer, Kind kind) {
        kinds.computeIfAbsent(peer, key -> new EnumMap<>(Kind.class)).merge(kind, 1L, Long::sum);
    }

    void add(Unexplained difference) {
        counts.merge(difference.judge(), 1L, Long::sum);
        if (unexplained.size() < KEPT) {
            unexplained.add(difference);
        }
    }

    long seen(String peer) {
        return seen.getOrDefault(peer, 0L);
    }

    /** Returns how often a kind was met; nothing when the peer was not asked. */
    Optional<Long> count(String peer, Kind kind) {
        return seen.containsKey(peer)
                ? Optional.of(kinds.getOrDefault(peer, Map.of()).getOrDefault(kind, 0L))
                : Optional.empty();
    }

    long explained(String peer) {
        return kinds.getOrDefault(peer, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Returns the first unexplained differences. */
    List<Unexplained> unexplained() {
        return List.copyOf(unexplained);
    }

    long unexplainedCount(String judge) {
        return counts.getOrDefault(judge, 0L);
    }

    long unexplainedCount() {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
