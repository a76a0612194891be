package io.sansocket.cli;

/** How the user called the command, so that what we tell him to type works where he is. */
final class Invocation {
    private static final String NAME = "sansocket";
    private static final String PROPERTY = "sansocket.command";

    private Invocation() {}

    /** Returns what stands in front of a subcommand. */
    static String name() {
        return System.getProperty(PROPERTY, NAME);
    }

    /** Returns a whole command, given with the name it has by itself. */
    static String of(String command) {
        return command.startsWith(NAME) ? name() + command.substring(NAME.length()) : command;
    }
}
