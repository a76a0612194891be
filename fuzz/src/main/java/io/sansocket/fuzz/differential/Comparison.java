package io.sansocket.fuzz.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gives streams to the core and to peers, each in a thread of its own, and sorts the differences. */
final class Comparison implements AutoCloseable {
    /** The name under which the reference differs. */
    static final String REFERENCE = "reference";

    private final Judge core;
    private final List<Judge> peers;
    private final ExecutorService threads;

    Comparison(Judge core, List<Judge> peers) {
        this.core = core;
        this.peers = List.copyOf(peers);
        threads = Executors.newFixedThreadPool(1 + peers.size(), task -> {
            var thread = new Thread(task, "judge");
            thread.setDaemon(true);
            return thread;
        });
    }

    List<Judge> peers() {
        return peers;
    }

    /** Compares what all make of the streams. */
    void compare(List<Stream> streams, Tally tally) {
        Future<List<Verdict>> ours = threads.submit(() -> core.judge(streams));
        var theirs = new ArrayList<Future<List<Verdict>>>();
        for (Judge peer : peers) {
            theirs.add(threads.submit(
                    () -> peer.judge(streams.stream().filter(peer::takes).toList())));
        }
        List<Expected> expected = streams.stream().map(Reference::judge).toList();
        List<Verdict> judged = result(ours);
        for (int i = 0; i < streams.size(); i++) {
            if (!isExpected(judged.get(i), expected.get(i))) {
                tally.add(new Unexplained(
                        streams.get(i),
                        REFERENCE,
                        judged.get(i),
                        expected.get(i).verdict()));
            }
        }
        for (int i = 0; i < peers.size(); i++) {
            compare(peers.get(i), result(theirs.get(i)), streams, judged, expected, tally);
        }
    }

    /** The core must name the very rule and offset. */
    private static boolean isExpected(Verdict ours, Expected expected) {
        return ours.agreesWith(expected.verdict())
                && ours.why().startsWith(expected.verdict().why());
    }

    private static void compare(
            Judge peer,
            List<Verdict> theirs,
            List<Stream> streams,
            List<Verdict> ours,
            List<Expected> expected,
            Tally tally) {
        int next = 0;
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get(i);
            if (peer.takes(stream)) {
                Verdict verdict = theirs.get(next++);
                tally.see(peer.name());
                if (!verdict.agreesWith(ours.get(i))) {
                    var difference = new Case(stream, expected.get(i), peer.name(), verdict);
                    Kind.of(difference)
                            .ifPresentOrElse(
                                    kind -> tally.add(peer.name(), kind),
                                    () -> tally.add(new Unexplained(stream, peer.name(), difference.ours(), verdict)));
                }
            }
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        peers.forEach(Judge::close);
    }
}
