package io.sansocket.doctor.tcp;

import io.sansocket.doctor.network.Segment;

/** The addresses and ports of a connection, the lesser end first, so that both directions have one key. */
record FlowKey(long aHigh, long aLow, int aPort, long bHigh, long bLow, int bPort) implements Comparable<FlowKey> {
    /** Spreads neighbouring addresses and ports over the table: the odd number nearest 2^64 by the golden ratio. */
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    static FlowKey of(Segment s) {
        return sentByA(s)
                ? new FlowKey(
                        s.sourceHigh(),
                        s.sourceLow(),
                        s.sourcePort(),
                        s.destinationHigh(),
                        s.destinationLow(),
                        s.destinationPort())
                : new FlowKey(
                        s.destinationHigh(),
                        s.destinationLow(),
                        s.destinationPort(),
                        s.sourceHigh(),
                        s.sourceLow(),
                        s.sourcePort());
    }

    static boolean sentByA(Segment s) {
        return compare(
                        s.sourceHigh(),
                        s.sourceLow(),
                        s.sourcePort(),
                        s.destinationHigh(),
                        s.destinationLow(),
                        s.destinationPort())
                <= 0;
    }

    private static int compare(long high1, long low1, int port1, long high2, long low2, int port2) {
        int byHigh = Long.compare(high1, high2);
        int byLow = byHigh != 0 ? byHigh : Long.compare(low1, low2);
        return byLow != 0 ? byLow : Integer.compare(port1, port2);
    }

    // The order keeps a table of keys that somebody chose to collide fast: HashMap turns such a bin into a tree.
    @Override
    public int compareTo(FlowKey other) {
        int byA = compare(aHigh, aLow, aPort, other.aHigh, other.aLow, other.aPort);
        return byA != 0 ? byA : compare(bHigh, bLow, bPort, other.bHigh, other.bLow, other.bPort);
    }

    @Override
    public int hashCode() {
        long hash = aHigh ^ Long.rotateLeft(bHigh, 23);
        hash = hash * GOLDEN + aLow;
        hash = hash * GOLDEN + bLow;
        hash = (hash * GOLDEN + (((long) aPort << Short.SIZE) | bPort)) * GOLDEN;
        return (int) (hash >>> Integer.SIZE);
    }
}
