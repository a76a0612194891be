package io.sansocket.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code sansocket completion}: the script by which a shell completes our commands and options. */
@Command(
        name = "completion",
        description = {
            "Prints a script that lets a shell complete commands and options.",
            "",
            "For bash, in ~/.bashrc:  source <(sansocket completion bash)",
            "For zsh, in ~/.zshrc:    source <(sansocket completion zsh)"
        },
        mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
    /** What zsh needs in front of a script for bash. */
    private static final String FOR_ZSH = "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n";

    private enum Shell {
        BASH,
        ZSH
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls anything
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", converter = ShellConverter.class, description = "bash or zsh")
    @SuppressWarnings("NullAway.Init")
    private Shell shell;

    @Override
    public Integer call() {
        var root = spec.root();
        String script = AutoComplete.bash(root.name(), root.commandLine());
        var out = spec.commandLine().getOut();
        out.print(shell == Shell.ZSH ? FOR_ZSH + script : script);
        out.flush();
        return ExitCode.FINE;
    }

    private static final class ShellConverter implements ITypeConverter<Shell> {
        @Override
        public Shell convert(String value) {
            return switch (value) {
                case "bash" -> Shell.BASH;
                case "zsh" -> Shell.ZSH;
                default -> throw new TypeConversionException("'" + value + "' is neither bash nor zsh");
            };
        }
    }
}
