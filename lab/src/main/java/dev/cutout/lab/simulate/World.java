package dev.cutout.lab.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Clients, an upstream, and what happens when: everything that a {@link Run} needs but the seed and the guard. Immutable.
 *
 * <p>It is written in one line of clauses, separated by {@code ;}, such as {@code clients 20; steady 100/s; run 60s; outage 60s; run 60s}. All
 * but the time line has a default. {@code docs/worlds.md} lists them.
 *
 * @param clients client instances
 * @param batch calls that arrive together; 1 unless in batches
 * @param regular whether arrivals (or batches) come at equal distances, else at random (Poisson)
 * @param wave by which share of itself the rate swings
 * @param wavePeriod how long one swing takes
 * @param backOff the wait before the first retry
 * @param longestBackOff the most it grows to
 * @param sigma standard deviation of the logarithm of the service time
 * @param queue places in the queue; {@link #UNLIMITED} for any number
 * @param burst length of a burst of failures; zero for none
 * @param burstEvery mean time between two
 * @param limit attempts a second that are not refused; 0 for any number
 * @param coldShare the share of the slots that is there after an outage or a crash; 1 for all
 */
public record World(
        int clients,
        boolean regular,
        int batch,
        double wave,
        Duration wavePeriod,
        Duration timeout,
        int retries,
        Duration backOff,
        Duration longestBackOff,
        Duration network,
        Duration service,
        double sigma,
        double tailShare,
        double tailFactor,
        int slots,
        int queue,
        double overloadFactor,
        double errors,
        Duration burst,
        Duration burstEvery,
        int shards,
        double limit,
        boolean retryAfter,
        double coldShare,
        Duration coldFor,
        boolean noticesTimeouts,
        List<Stretch> timeline) {

    /** A queue without an end. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** Copies the time line. */
    public World {
        timeline = List.copyOf(timeline);
    }

    /**
     * Reads a world.
     *
     * @throws WorldSyntaxException if the text is none; it says where and what is allowed there
     */
    public static World parse(String line) {
        return new WorldParser(line).parse();
    }

    /** The time line with all repetitions written out, and the rates among the phases where they change. */
    List<Stretch> plan() {
        List<Stretch> plan = new ArrayList<>();
        for (Stretch stretch : timeline) {
            if (stretch instanceof Stretch.Repeat repeat) {
                for (int i = 0; i < repeat.times(); i++) {
                    plan.addAll(repeat.phases());
                }
            } else {
                plan.add(stretch);
            }
        }
        return plan;
    }

    /** From the beginning to the last arrival. */
    public Duration length() {
        Duration length = Duration.ZERO;
        for (Stretch stretch : plan()) {
            if (stretch instanceof Stretch.Phase phase) {
                length = length.plus(phase.length());
            }
        }
        return length;
    }

    /** The one-line form. Parsing it gives an equal world. What is at its default and needs no word is left out. */
    @Override
    public String toString() {
        List<String> clauses = new ArrayList<>();
        clauses.add("clients " + clients);
        if (batch > 1) {
            clauses.add("arrivals batches of " + batch);
        } else if (regular) {
            clauses.add("arrivals regular");
        }
        if (wave > 0) {
            clauses.add("wave " + Texts.percent(wave) + " over " + Texts.time(wavePeriod));
        }
        clauses.add("timeout " + Texts.time(timeout));
        if (retries > 0) {
            clauses.add("retries " + retries + backOffText());
        }
        clauses.add("network " + Texts.time(network));
        clauses.add("service " + Texts.time(service) + " sigma " + Texts.number(sigma));
        if (tailShare > 0) {
            clauses.add("tail " + Texts.percent(tailShare) + " at " + Texts.factor(tailFactor));
        }
        clauses.add("slots " + slots);
        clauses.add("queue " + (queue == UNLIMITED ? "unlimited" : queue));
        if (overloadFactor > 1) {
            clauses.add("overload slows " + Texts.factor(overloadFactor));
        }
        if (errors > 0) {
            clauses.add("errors " + Texts.percent(errors));
        }
        if (!burst.isZero()) {
            clauses.add("bursts " + Texts.time(burst) + " every " + Texts.time(burstEvery));
        }
        if (shards > 1) {
            clauses.add("shards " + shards);
        }
        if (limit > 0) {
            clauses.add("limit " + Texts.rate(limit) + (retryAfter ? " with retry-after" : ""));
        } else if (retryAfter) {
            clauses.add("limit none with retry-after");
        }
        if (coldShare < 1) {
            clauses.add("cold start " + Texts.percent(coldShare) + " over " + Texts.time(coldFor));
        }
        if (noticesTimeouts) {
            clauses.add("notices timeouts");
        }
        return clauses.stream().collect(Collectors.joining("; ")) + "; "
                + timeline.stream().map(Stretch::toString).collect(Collectors.joining("; "));
    }

    private String backOffText() {
        if (backOff.isZero()) {
            return "";
        }
        return " after " + Texts.time(backOff)
                + (backOff.equals(longestBackOff) ? "" : " to " + Texts.time(longestBackOff));
    }
}
