package io.sansocket.cli;

/** Something to do before a signal (SIGINT, SIGTERM, SIGHUP) ends the process; the exit code stays the signal's. */
final class SignalHook {
    private final Thread hook;

    private SignalHook(Thread hook) {
        this.hook = hook;
    }

    /** Has this done on a thread of its own, and the process wait for it, until the hook is closed. */
    static SignalHook of(Runnable lastThing) {
        var thread = new Thread(lastThing, "sansocket-signal");
        Runtime.getRuntime().addShutdownHook(thread);
        return new SignalHook(thread);
    }

    /** Takes it back. */
    void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The signal has come, and the hook is at work.
        }
    }
}
