package io.sansocket.doctor.inspection;

/**
 * Memory that all connections of a run share: room to unmask in, and a budget for what they retain.
 *
 * <p>Each connection retains little, but a hostile capture opens tens of thousands at once. When the budget is spent,
 * payloads are shown shorter and what waits for a response is no longer kept; frames and findings stay what they are.
 */
final class Workspace {
    static final int SCRATCH = 8 * 1024;

    private static final long BUDGET = 16 * 1024 * 1024;

    final byte[] scratch = new byte[SCRATCH];
    private long retained;

    /** Takes a part of the budget, unless there is too little left. */
    boolean take(int bytes) {
        if (retained + bytes > BUDGET) {
            return false;
        }
        retained += bytes;
        return true;
    }

    void giveBack(int bytes) {
        retained -= bytes;
    }
}
