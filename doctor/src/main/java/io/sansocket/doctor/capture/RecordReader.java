package io.sansocket.doctor.capture;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The packets of one file format. */
sealed interface RecordReader permits PcapReader, PcapngReader {
    /** What libpcap calls MAXIMUM_SNAPLEN: no packet of a link type that carries IP is longer. */
    int MAX_CAPTURED = 262_144;

    @Nullable
    Packet next() throws IOException;
}
