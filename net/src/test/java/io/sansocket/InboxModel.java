package io.sansocket;

import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** An inbox as a model checker uses it: one thread at a time puts in as the loop does, any thread takes. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class InboxModel {
    private static final int ITEMS = 2;

    private final Inbox<Integer> inbox = new Inbox<>(100, ITEMS, MemoryBudget.of(1000), () -> {});

    /** The model checker makes it. */
    public InboxModel() {}

    @Operation(nonParallelGroup = "loop")
    public boolean put(@Param(name = "value") int value) {
        return inbox.put(value, 1);
    }

    /** Takes what is there, or what comes before this gives up. */
    @Operation
    public String takeLater() {
        CompletableFuture<Integer> next = inbox.takeLater();
        if (next.cancel(false)) {
            return "nothing";
        }
        return next.handle((value, end) -> end == null ? Integer.toString(value) : "ended")
                .join();
    }

    @Operation(nonParallelGroup = "loop", runOnce = true)
    public void end() {
        inbox.end(Ends.some());
    }
}
