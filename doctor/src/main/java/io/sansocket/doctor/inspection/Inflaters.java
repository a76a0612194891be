package io.sansocket.doctor.inspection;

import io.sansocket.core.deflate.PermessageDeflate;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What inflating retains, over all connections: 64 MiB of windows and of inflaters that wait for the rest of a message.
 *
 * <p>Where more is due, the direction that was idle longest gives way. It does not come back as long as its messages
 * refer to each other, so those that go on are inflated to their end.
 */
final class Inflaters {
    static final long LIMIT = 64L * 1024 * 1024;

    /** Makes inflaters, and keeps a few that no message needs. */
    final PermessageDeflate provider = PermessageDeflate.create();

    private final long limit;
    /** In the order of their last use. */
    private final Set<Inflation> users = new LinkedHashSet<>();

    private long retained;

    Inflaters(long limit) {
        this.limit = limit;
    }

    /** Takes note of how many bytes a direction retains now, after its latest use. */
    void account(Inflation user, int before, int now) {
        retained += now - before;
        users.remove(user);
        if (now > 0) {
            users.add(user);
        }
        while (retained > limit && users.size() > 1) {
            users.iterator().next().giveWay();
        }
    }

    long retained() {
        return retained;
    }
}
