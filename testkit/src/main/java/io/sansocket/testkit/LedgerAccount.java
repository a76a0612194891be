package io.sansocket.testkit;

import java.util.BitSet;

/** One sender's numbers in a ledger: how many were sent, and which of the last ones arrived. */
final class LedgerAccount {
    // Guarded by this. Invariant: the window is [base, base + WINDOW); bit n % WINDOW of arrivedInWindow belongs to
    // number n
    // of the window; below base all numbers are counted; highest is the highest number that arrived.
    private final BitSet arrivedInWindow = new BitSet(Ledger.WINDOW);
    private long base;
    private long highest = -1;
    private long sent;
    private long arrived;
    private long lost;
    private long duplicated;
    private long reordered;
    private long late;

    /** Returns the next number. */
    synchronized long send() {
        return sent++;
    }

    synchronized void sentElsewhere(long count) {
        sent += count;
    }

    synchronized void arrive(long number) {
        if (number < base) {
            late++;
            return;
        }
        slideTo(number);
        int bit = bit(number);
        if (arrivedInWindow.get(bit)) {
            duplicated++;
            return;
        }
        arrivedInWindow.set(bit);
        arrived++;
        if (number < highest) {
            reordered++;
        }
        highest = Math.max(highest, number);
    }

    /** Moves the window on until it holds the number. */
    private void slideTo(long number) {
        long newBase = number - Ledger.WINDOW + 1;
        if (newBase <= base) {
            return;
        }
        int leaving = (int) Math.min(newBase - base, Ledger.WINDOW);
        lost += newBase - base;
        for (long n = base; n < base + leaving; n++) {
            if (arrivedInWindow.get(bit(n))) {
                lost--;
            }
            arrivedInWindow.clear(bit(n));
        }
        base = newBase;
    }

    private static int bit(long number) {
        return (int) (number % Ledger.WINDOW);
    }

    synchronized Ledger.Tally tally(boolean settled) {
        long missing = Math.max(sent, highest + 1) - base - arrivedInWindow.cardinality();
        return new Ledger.Tally(
                sent, arrived, settled ? lost + Math.max(0, missing) : lost, duplicated, reordered, 0, late);
    }
}
