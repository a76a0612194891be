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

    /** Takes it back. Tells whether it could: not so when the signal has come, and the process is about to end. */
    boolean close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }
}
