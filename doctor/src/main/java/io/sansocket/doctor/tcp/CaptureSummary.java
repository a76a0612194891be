package io.sansocket.doctor.tcp;

import java.util.Map;

/**
 * What was found in a capture, and what had to be passed over.
 *
 * @param packets packets read
 * @param segments TCP segments among them
 * @param connections TCP connections
 * @param otherPackets packets of other protocols
 * @param malformedPackets packets whose headers are cut off or contradict themselves
 * @param unjoinedFragments IP fragments whose other parts are not in the capture, or came too late
 * @param unsupportedLinkTypes how many packets were passed over for their link type, by its number
 * @since 0.1
 */
public record CaptureSummary(
        long packets,
        long segments,
        int connections,
        long otherPackets,
        long malformedPackets,
        long unjoinedFragments,
        Map<Integer, Long> unsupportedLinkTypes) {
    /** Takes a copy of the map. */
    public CaptureSummary {
        unsupportedLinkTypes = Map.copyOf(unsupportedLinkTypes);
    }
}
