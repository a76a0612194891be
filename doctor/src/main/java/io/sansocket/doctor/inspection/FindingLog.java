package io.sansocket.doctor.inspection;

import io.sansocket.core.frame.Role;
import io.sansocket.core.rule.Rule;
import io.sansocket.doctor.report.Finding;
import io.sansocket.doctor.report.Severity;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The findings of one direction: told up to a limit for each rule, and from there on only counted.
 *
 * <p>A sender that breaks one rule in every frame gives a report that can still be read.
 */
final class FindingLog {
    static final int LIMIT = 1000;

    private final Ledger ledger;
    private final long connection;
    private final Role from;
    /** Made for the first finding, since most connections have none. */
    private @Nullable Map<Rule, Long> counts;

    FindingLog(Ledger ledger, long connection, Role from) {
        this.ledger = ledger;
        this.connection = connection;
        this.from = from;
    }

    void report(Finding finding) {
        Map<Rule, Long> known = counts == null ? new EnumMap<>(Rule.class) : counts;
        counts = known;
        long count = known.merge(finding.rule(), 1L, Long::sum);
        if (count <= limit(finding.rule())) {
            ledger.report(finding);
        } else {
            ledger.count(finding.severity());
        }
    }

    /** Says at the end how many findings were not told. */
    void end(long offset) {
        Map<Rule, Long> known = counts == null ? Map.of() : counts;
        counts = null;
        known.forEach((rule, count) -> {
            long more = count - limit(rule);
            if (more > 0) {
                ledger.report(new Finding(
                        connection, from, rule, Severity.NOTE, offset, 0, "counted and not listed: " + more + " more"));
            }
        });
    }

    /** A side that does not stop after its Close frame breaks the rule once. */
    private static long limit(Rule rule) {
        return rule == Rule.DATA_AFTER_CLOSE ? 1 : LIMIT;
    }
}
