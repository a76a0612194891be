package io.sansocket.doctor.network;

/** What the fragments of one IP packet have in common. */
record FragmentKey(
        long sourceHigh, long sourceLow, long destinationHigh, long destinationLow, int identification, int protocol) {
    static FragmentKey of(Segment addresses, int identification, int protocol) {
        return new FragmentKey(
                addresses.sourceHigh(),
                addresses.sourceLow(),
                addresses.destinationHigh(),
                addresses.destinationLow(),
                identification,
                protocol);
    }
}
