package dev.cutout.lab;

import dev.cutout.lab.demo.DemoCommand;
import dev.cutout.lab.simulate.SimulateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code cutout} command. */
@Command(
        name = "cutout",
        description = "A circuit breaker, shown at work.",
        subcommands = {DemoCommand.class, SimulateCommand.class})
public final class Main implements Runnable {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this and does nothing.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs
    private CommandSpec spec;

    /** Runs the command and ends the JVM with its exit code: 0 done, 1 failed, 2 not understood. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command line; what it does not understand gets one sentence, not a page of help. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setUsageHelpWidth(100).setParameterExceptionHandler((e, args) -> {
            CommandLine command = e.getCommandLine();
            String name = command.getCommandSpec().qualifiedName();
            String hint = e instanceof UnmatchedArgumentException ? "; " + name + " --help lists what there is" : "";
            command.getErr().println(name + ": " + e.getMessage() + hint);
            command.getErr().flush();
            return ExitCode.USAGE;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, for example: cutout demo");
    }
}
