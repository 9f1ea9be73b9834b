package dev.cutout.bench.decisions;

import dev.cutout.CircuitSettings;
import dev.cutout.SettingsSyntaxException;
import dev.cutout.Ticker;
import dev.cutout.lab.simulate.CutoutGuard;
import dev.cutout.lab.simulate.Guard;
import dev.cutout.lab.simulate.Unguarded;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Everything that takes part, in the order in which ties are listed. */
final class Contenders {
    /** The settings lines of Cutout that take part. Lines that core cannot read are left out, so this may be ahead of it. */
    private static final List<String> SETTINGS = List.of(
            "classic",
            "adaptive",
            "adaptive; hang learnt",
            "adaptive; limit adaptive",
            "adaptive; hang learnt; limit adaptive");

    private static final List<Guard.Kind> CUTOUT =
            SETTINGS.stream().flatMap(line -> kind(line).stream()).toList();
    private static final Guard.Kind NONE = new Unguarded();

    private Contenders() {}

    /** How Cutout with this settings line is called in tables. */
    static String cutout(String settings) {
        return "Cutout, " + settings;
    }

    /** Cutout, as far as core knows the settings. */
    static List<Guard.Kind> cutout() {
        return CUTOUT;
    }

    /** Cutout, no breaker, and each peer at its defaults and its common tunings. */
    static List<Guard.Kind> withoutGrid() {
        return Stream.of(cutout(), Peers.all(), List.of(NONE))
                .flatMap(List::stream)
                .toList();
    }

    /** Those, and all settings of Resilience4j to choose from with hindsight. */
    static List<Guard.Kind> all() {
        return Stream.of(withoutGrid(), Peers.resilience4jGrid())
                .flatMap(List::stream)
                .distinct()
                .toList();
    }

    private static Optional<Guard.Kind> kind(String line) {
        try {
            return Optional.of(new Cutout(cutout(line), CutoutGuard.with(CircuitSettings.parse(line))));
        } catch (SettingsSyntaxException notYet) {
            return Optional.empty();
        }
    }

    /** The production breaker under a name that is as short as its settings were written. */
    private record Cutout(String name, Guard.Kind breaker) implements Guard.Kind {
        @Override
        public Guard guard(String instance, Ticker ticker, RandomGenerator random) {
            return breaker.guard(instance, ticker, random);
        }
    }
}
