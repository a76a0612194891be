package io.sansocket;

import java.io.IOException;
import java.util.List;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/** An outbox as a model checker uses it: any thread puts in, one at a time does what the loop does. */
@Param(name = "value", gen = IntGen.class, conf = "1:3")
public final class OutboxModel {
    /** Three messages have room. */
    private static final Traffic TRAFFIC = Traffic.DEFAULT.withOutbox(3 * 65, OverflowPolicy.FAIL);

    private final Outbox outbox = new Outbox(TRAFFIC);

    /** The model checker makes it. */
    public OutboxModel() {}

    static Outgoing message(int value) {
        return new Outgoing(Message.of(Integer.toString(value)), null, null);
    }

    static String text(Outgoing message) {
        return ((Message.Text) message.message()).text();
    }

    @Operation
    public String put(@Param(name = "value") int value) throws InterruptedException {
        try {
            return outbox.put(message(value), false).toString();
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }

    @Operation(nonParallelGroup = "loop")
    public String poll() {
        Outgoing next = outbox.poll();
        return next == null ? "nothing" : text(next);
    }

    @Operation
    public boolean isIdle() {
        return outbox.isIdle();
    }

    @Operation(nonParallelGroup = "loop")
    public void close() {
        outbox.close();
    }

    @Operation(nonParallelGroup = "loop")
    public void takeBack(@Param(name = "value") int value) {
        outbox.takeBack(message(value));
    }

    @Operation(nonParallelGroup = "loop", runOnce = true)
    public List<String> end() {
        return outbox.end(Ends.some()).left().stream().map(OutboxModel::text).toList();
    }
}
