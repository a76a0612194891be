package io.sansocket.doctor.inspection;

/**
 * Memory that all connections of a run share: room to unmask and to inflate in, and budgets for what they retain.
 *
 * <p>Each connection retains little, but a hostile capture opens tens of thousands at once. The budgets are apart, so
 * that unfinished payloads, which are only shown shorter when theirs is spent, cannot hide another connection's handshake.
 */
final class Workspace {
    static final int SCRATCH = 8 * 1024;

    private static final long MIB = 1024 * 1024;

    /** A sum that may not be exceeded. */
    static final class Budget {
        private final long limit;
        private long taken;

        private Budget(long limit) {
            this.limit = limit;
        }

        /** Takes a part, unless there is too little left. */
        boolean take(long bytes) {
            if (taken + bytes > limit) {
                return false;
            }
            taken += bytes;
            return true;
        }

        void giveBack(int bytes) {
            taken -= bytes;
        }
    }

    /** How far messages may inflate beyond {@link Inflation#FREE_RATIO} times their size, all together. */
    static final long MAX_EXPANSION = 256 * MIB;

    final byte[] scratch = new byte[SCRATCH];
    final byte[] inflated = new byte[SCRATCH];
    final Inflaters inflaters = new Inflaters(Inflaters.LIMIT);
    final Budget expansion = new Budget(MAX_EXPANSION);
    /** For heads that are not whole. */
    final Budget heads = new Budget(4 * MIB);
    /** For what waits behind a request for its response, or for evidence. */
    final Budget backlogs = new Budget(4 * MIB);
    /** For the payloads of frames that are not whole. */
    final Budget payloads = new Budget(8 * MIB);
}
