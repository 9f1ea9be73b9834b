package dev.cutout.bench.decisions;

import dev.cutout.lab.simulate.Figures;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The scores of one suite: every breaker in every world, with every seed. */
final class Standings {
    /** By breaker, world and seed, in the order of the scores. */
    private final Map<String, Map<String, Map<Long, Score>>> scores = new LinkedHashMap<>();

    Standings(List<Score> scores) {
        for (Score score : scores) {
            this.scores
                    .computeIfAbsent(score.breaker(), breaker -> new LinkedHashMap<>())
                    .computeIfAbsent(score.world(), world -> new LinkedHashMap<>())
                    .put(score.seed(), score);
        }
    }

    List<String> breakers() {
        return List.copyOf(scores.keySet());
    }

    List<String> worlds() {
        return List.copyOf(scores.values().iterator().next().keySet());
    }

    boolean has(String breaker) {
        return scores.containsKey(breaker);
    }

    /** In a world: the mean over the seeds, in % of the calls. */
    double regret(String breaker, String world) {
        return mean(of(breaker, world), Figures::regret);
    }

    /** The mean over the worlds. */
    double regret(String breaker) {
        return Statistics.mean(
                worlds().stream().map(world -> regret(breaker, world)).toList());
    }

    /** The standard error of the mean over the worlds, over the seeds. */
    double standardError(String breaker) {
        Collection<Map<Long, Score>> worlds = of(breaker).values();
        return Statistics.standardError(worlds.iterator().next().keySet().stream()
                .map(seed -> Statistics.mean(worlds.stream()
                        .map(world -> require(world.get(seed)).figures().regret())
                        .toList()))
                .toList());
    }

    /** The world of the greatest regret. */
    String worst(String breaker) {
        return worlds().stream()
                .max(Comparator.comparingDouble(world -> regret(breaker, world)))
                .orElseThrow();
    }

    /** The breaker of the least mean regret. */
    String best(Collection<String> breakers) {
        return breakers.stream().min(Comparator.comparingDouble(this::regret)).orElseThrow();
    }

    /** The world in which a breaker is worse than another by the most. */
    String worstAgainst(String breaker, String other) {
        return worlds().stream()
                .max(Comparator.comparingDouble(world -> regret(breaker, world) - regret(other, world)))
                .orElseThrow();
    }

    /** The mean of a figure over the seeds, and of these over the worlds to which it applies. */
    double mean(String breaker, ToDoubleFunction<Figures> figure) {
        return Statistics.mean(inWorlds(breaker, figure));
    }

    /** The median of the worlds' means: for times, of which one can be longer than all others together. */
    double median(String breaker, ToDoubleFunction<Figures> figure) {
        return Statistics.median(inWorlds(breaker, figure));
    }

    /** One value for each seed in a world. */
    List<Double> values(String breaker, String world, ToDoubleFunction<Score> value) {
        return of(breaker, world).stream().map(value::applyAsDouble).toList();
    }

    private List<Double> inWorlds(String breaker, ToDoubleFunction<Figures> figure) {
        return worlds().stream().map(world -> mean(of(breaker, world), figure)).toList();
    }

    private static double mean(Collection<Score> scores, ToDoubleFunction<Figures> figure) {
        return Statistics.mean(scores.stream()
                .map(score -> figure.applyAsDouble(score.figures()))
                .toList());
    }

    private Map<String, Map<Long, Score>> of(String breaker) {
        return require(scores.get(breaker));
    }

    private Collection<Score> of(String breaker, String world) {
        return require(of(breaker).get(world)).values();
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("nobody played this");
        }
        return value;
    }
}
