package io.sansocket.core.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Supplier;

/**
 * Parks coders between the messages and connections of a provider, up to a bound, for whoever needs one next.
 *
 * <p>The only object here that threads share: each slot is taken and filled by one atomic step, and none waits.
 */
final class Pool<C extends Pool.Coder> {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Coder[].class);

    /** What holds memory outside the heap. */
    interface Coder {
        /** Forgets all it was given. */
        void reset();

        /** Gives its memory back; it is of no use any more. */
        void end();
    }

    private final Class<C> type;
    private final Supplier<C> maker;
    private final Coder[] slots;

    Pool(Class<C> type, Supplier<C> maker, int bound) {
        this.type = type;
        this.maker = maker;
        slots = new Coder[bound];
    }

    /** Returns a parked coder, or a new one. */
    C take() {
        for (int i = 0; i < slots.length; i++) {
            var parked = (Coder) SLOT.getAndSet(slots, i, null);
            if (parked != null) {
                return type.cast(parked);
            }
        }
        return maker.get();
    }

    /** Parks a coder that its owner will not touch again; ends it where there is no room. */
    void giveBack(C coder) {
        coder.reset();
        for (int i = 0; i < slots.length; i++) {
            if (SLOT.compareAndSet(slots, i, null, coder)) {
                return;
            }
        }
        coder.end();
    }
}
