package dev.cutout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Settings, beside the naive rules that their trip rule stands for. Prints as the settings line. */
record Plan(List<NaiveRule> rules, CircuitSettings settings) {

    boolean judgesSlowness() {
        return rules.stream().anyMatch(NaiveRule::judgesSlowness);
    }

    @Override
    public String toString() {
        return "\"" + settings + "\"";
    }

    /** Any settings with numbers so small that much happens in a few commands. */
    static Arbitrary<Plan> any() {
        Arbitrary<List<NaiveRule>> rules =
                NaiveRule.any(6).list().ofMinSize(1).ofMaxSize(3).uniqueElements(NaiveRule::real);
        Arbitrary<Optional<Duration>> leases = Arbitraries.of(
                Optional.empty(),
                Optional.of(Duration.ofMillis(500)),
                Optional.of(Duration.ofSeconds(3)),
                Optional.of(Duration.ofMinutes(11)));
        Arbitrary<Optional<Duration>> slow = Arbitraries.of(
                Optional.empty(), Optional.of(Duration.ofMillis(100)), Optional.of(Duration.ofSeconds(1)));
        return Combinators.combine(rules, waits(), probes(), leases, slow, Arbitraries.of(0, 0, 1, 2))
                .as(Plan::of);
    }

    private static Plan of(
            List<NaiveRule> rules,
            List<Duration> wait,
            List<Integer> probes,
            Optional<Duration> lease,
            Optional<Duration> slow,
            int limit) {
        CircuitSettings settings = CircuitSettings.classic().withProbes(probes.get(0), probes.get(1));
        settings = wait.size() == 1 ? settings.withWait(wait.get(0)) : settings.withWait(wait.get(0), wait.get(1));
        if (lease.isPresent()) {
            settings = settings.withProbeWithin(lease.get());
        }
        if (slow.isPresent()) {
            settings = settings.withSlow(slow.get());
        }
        if (limit > 0) {
            settings = settings.withLimit(limit);
        }
        // A rule for slow calls wants to know what is slow: without that it is left out.
        List<NaiveRule> usable = new ArrayList<>(rules);
        if (slow.isEmpty()) {
            usable.removeIf(NaiveRule::judgesSlowness);
        }
        if (usable.isEmpty()) {
            usable.add(new NaiveRule.InARow(2));
        }
        TripRule trip =
                usable.stream().map(NaiveRule::real).reduce(TripRule::or).orElseThrow();
        return new Plan(usable, settings.withTrip(trip));
    }

    private static Arbitrary<List<Duration>> waits() {
        return Arbitraries.of(
                List.of(Duration.ofSeconds(1)),
                List.of(Duration.ofSeconds(5)),
                List.of(Duration.ofSeconds(1), Duration.ofSeconds(10)),
                List.of(Duration.ofSeconds(2), Duration.ofSeconds(3)));
    }

    private static Arbitrary<List<Integer>> probes() {
        return Arbitraries.of(List.of(1, 1), List.of(1, 1), List.of(2, 2), List.of(1, 3), List.of(2, 3), List.of(2, 3));
    }
}
