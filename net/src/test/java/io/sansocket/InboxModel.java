package io.sansocket;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** An inbox as a model checker uses it: one thread at a time puts in as the loop does, any thread takes. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class InboxModel {
    private static final int ITEMS = 2;

    private final Inbox<Integer> inbox = new Inbox<>(100, ITEMS, MemoryBudget.of(1000), () -> {});

    private CompletableFuture<Integer> asked = CompletableFuture.failedFuture(new CancellationException());

    /** The model checker makes it. */
    public InboxModel() {}

    @Operation(nonParallelGroup = "loop")
    public boolean put(@Param(name = "value") int value) {
        return inbox.put(value, 1);
    }

    /** Takes what is there, or what comes before this gives up. */
    @Operation
    public String takeLater() {
        return told(inbox.takeLater());
    }

    private static String told(CompletableFuture<Integer> next) {
        if (next.cancel(false)) {
            return "nothing";
        }
        return next.handle((value, end) -> end == null ? Integer.toString(value) : "ended")
                .join();
    }

    /** Asks for what comes next, and does not look. */
    @Operation(nonParallelGroup = "asker")
    public void ask() {
        if (asked.isDone()) {
            asked = inbox.takeLater();
        }
    }

    /** Looks what came of it, or gives up. */
    @Operation(nonParallelGroup = "asker")
    public String giveUp() {
        return told(asked);
    }

    /** Takes what is there. */
    @Operation
    public String take() throws InterruptedException {
        try {
            return Integer.toString(inbox.take(Duration.ZERO));
        } catch (TimeoutException e) {
            return "nothing";
        } catch (ConnectionClosedException e) {
            return "ended";
        }
    }

    @Operation(nonParallelGroup = "loop", runOnce = true)
    public void end() {
        inbox.end(Ends.some());
    }
}
