package io.sansocket.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CompletionCommandTest {
    @Test
    void bashKnowsTheCommandsAndTheirOptions() {
        var run = Command.run("completion", "bash");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("complete -F", "connect", "--connect-timeout");
    }

    @Test
    void zshIsTaughtToReadThatFirst() {
        assertThat(Command.run("completion", "zsh").out())
                .startsWith("autoload -Uz compinit bashcompinit")
                .contains("--connect-timeout");
    }

    @Test
    void otherShellsAreAUsageError() {
        assertThat(Command.run("completion", "fish").status()).isEqualTo(ExitCode.USAGE);
    }
}
