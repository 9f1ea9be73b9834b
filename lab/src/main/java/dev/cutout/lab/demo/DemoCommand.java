package dev.cutout.lab.demo;

import dev.cutout.CircuitSettings;
import dev.cutout.SettingsSyntaxException;
import dev.cutout.lab.Ink;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cutout demo}: checks what was asked for, then lets {@link Show} play it and prints the {@link Comparison}. */
@Command(
        name = "demo",
        description =
                "Shows a circuit breaker at work between two real services, while one of them breaks in three ways.",
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Option(
            names = "--fault",
            paramLabel = "<fault>",
            split = ",",
            description = "What happens to service B: database, hang, kill, or all; several with commas. Default: all.")
    private List<String> faults = List.of(ALL);

    @Option(
            names = "--rate",
            paramLabel = "<calls/s>",
            converter = Rate.class,
            description = "Callers a second, 5 to 500. Default: 50.")
    private int rate = 50;

    @Option(
            names = "--duration",
            paramLabel = "<seconds>",
            converter = Seconds.class,
            description = "Length of the show, at least 5 s a fault. Default: 20 s a fault.")
    private @Nullable Integer duration;

    @Option(
            names = "--settings",
            paramLabel = "<one line>",
            description =
                    "Settings of the breaker, such as adaptive, or \"trip 50%% of last 20 calls, at least 10; wait 1s\"."
                            + " Default: the classic circuit with a shortened wait.")
    private @Nullable String settings;

    @Option(
            names = "--seed",
            paramLabel = "<number>",
            description = "The callers come at the same moments for the same seed. Default: 1.")
    private long seed = 1;

    @Option(
            names = "--http-port",
            paramLabel = "<port>",
            converter = Port.class,
            description = "Where the B behind the breaker listens for HTTP. Default: any free port.")
    private int httpPort;

    @Option(
            names = "--grpc-port",
            paramLabel = "<port>",
            converter = Port.class,
            description = "Where it listens for gRPC. Default: any free port.")
    private int grpcPort;

    @Option(
            names = "--no-color",
            description = "No colours. They are also off when NO_COLOR is set or no terminal reads.")
    private boolean noColor;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Prints this and does nothing.")
    @SuppressWarnings("unused") // picocli acts on it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it calls
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        List<Fault> chosen = chosenFaults();
        int seconds = duration == null ? Script.usualSeconds(chosen.size()) : duration;
        if (seconds < Script.fewestSeconds(chosen.size())) {
            throw refused("--duration: " + seconds + " s are too few; " + chosen.size() + " fault"
                    + (chosen.size() == 1 ? "" : "s") + " need at least " + Script.fewestSeconds(chosen.size()));
        }
        Script script = Script.of(chosen, seconds);
        CircuitSettings breakerSettings = breakerSettings(script);
        Ink ink = Ink.unless(noColor);
        LiveReport report = new LiveReport(System.out, ink);
        report.legend(script, rate, seconds, breakerSettings.toString(), remark(script));

        Show show = new Show(script, rate, seed, breakerSettings, httpPort, grpcPort, report);
        Thread interrupted = new Thread(show::close, "ctrl-C");
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            report.lines(List.of("", "Starting both services B ..."));
            show.prepare();
            report.lines(List.of("Ready. B can be asked by you too, while it lives: curl http://127.0.0.1:"
                    + show.httpPort() + "/stock/sku-42"));
            List<Figures> figures = show.play();
            report.lines(Comparison.lines(script, breakerSettings.toString(), figures.get(0), figures.get(1), ink));
            return ExitCode.OK;
        } catch (BindException e) {
            throw refused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (!show.isClosed()) { // else it is only the echo of ctrl-C
                PrintWriter err = spec.commandLine().getErr();
                err.println(spec.qualifiedName() + ": " + e.getMessage());
                err.flush();
            }
            return ExitCode.SOFTWARE;
        } finally {
            show.close();
        }
    }

    private List<Fault> chosenFaults() {
        return faults.stream().flatMap(this::faultsCalled).distinct().toList();
    }

    private Stream<Fault> faultsCalled(String name) {
        if (name.equalsIgnoreCase(ALL)) {
            return Stream.of(Fault.values());
        }
        for (Fault fault : Fault.values()) {
            if (fault.name().equalsIgnoreCase(name)) {
                return Stream.of(fault);
            }
        }
        throw refused("--fault: '" + name + "' is none; there are database, hang, kill, and all");
    }

    private CircuitSettings breakerSettings(Script script) {
        if (settings == null) {
            return CircuitSettings.classic().withWait(script.backOff());
        }
        try {
            return CircuitSettings.parse(settings);
        } catch (SettingsSyntaxException e) {
            throw refused("--settings: " + e.getMessage() + System.lineSeparator()
                    + e.pointer().indent(2).stripTrailing());
        }
    }

    private String remark(Script script) {
        return settings == null
                ? "the classic circuit; its wait of 30 s is shortened to " + Measure.seconds(script.backOff())
                        + " for the show"
                : "your settings, as they are";
    }

    private ParameterException refused(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** Between 5 and 500. */
    static final class Rate implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 5, 500);
        }
    }

    /** Seconds, at most {@value Script#MOST_SECONDS}. */
    static final class Seconds implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, Script.FEWEST_SECONDS_A_FAULT, Script.MOST_SECONDS);
        }
    }

    /** A TCP port, or 0 for any. */
    static final class Port implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            return number(text, 0, 65_535);
        }
    }

    private static int number(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (least <= number && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException(
                String.format(Locale.ROOT, "'%s' is not a whole number from %d to %d", text, least, most));
    }
}
