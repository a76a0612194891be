package io.sansocket.fuzz.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a stream smaller while something about it stays true: drops cuts, then frames, then bytes. */
final class Minimizer {
    private static final int MAX_TRIES = 800;

    private final Predicate<Stream> stays;
    private int tries;

    Minimizer(Predicate<Stream> stays) {
        this.stays = stays;
    }

    Stream minimize(Stream stream) {
        Stream smallest = stays(stream.whole()) ? stream.whole() : stream;
        smallest = withoutFrames(smallest);
        for (int size = Math.max(1, smallest.bytes().length / 2); size > 0; size /= 2) {
            smallest = withoutRuns(smallest, size);
        }
        return smallest;
    }

    private boolean stays(Stream candidate) {
        return tries++ < MAX_TRIES && stays.test(candidate);
    }

    private Stream withoutFrames(Stream stream) {
        Stream smallest = stream;
        List<Integer> starts = frameStarts(stream.bytes());
        for (int i = starts.size() - 2; i >= 0; i--) {
            // What is behind has been tried: these two offsets still hold.
            Stream candidate = without(smallest, starts.get(i), starts.get(i + 1));
            smallest = stays(candidate) ? candidate : smallest;
        }
        return smallest;
    }

    private Stream withoutRuns(Stream stream, int size) {
        Stream smallest = stream;
        for (int from = smallest.bytes().length - size; from >= 0; from -= size) {
            Stream candidate = without(smallest, from, from + size);
            smallest = stays(candidate) ? candidate : smallest;
        }
        return smallest;
    }

    private static Stream without(Stream stream, int from, int to) {
        byte[] old = stream.bytes();
        byte[] shorter = new byte[old.length - (to - from)];
        System.arraycopy(old, 0, shorter, 0, from);
        System.arraycopy(old, to, shorter, from, old.length - to);
        return stream.with(shorter);
    }

    /** Returns where frames begin, by the lengths they declare, and the end of the bytes. */
    private static List<Integer> frameStarts(byte[] bytes) {
        var starts = new ArrayList<Integer>();
        long at = 0;
        while (at >= 0 && at < bytes.length) {
            starts.add((int) at);
            at = new WireHeader(bytes, (int) at).frameEnd();
        }
        starts.add(bytes.length);
        return starts;
    }
}
