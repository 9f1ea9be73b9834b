package dev.cutout.lab.simulate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Built-in worlds, with numbers drawn from the seed. */
public enum Suite {
    /** What happens to services: outages, brown-outs, overload, noise. */
    USUAL(
            new Template(
                    "outage-refuse",
                    "clients [1|5|20]; steady [50-500]/s; service [20-60]ms; run 60s; outage [30-90]s; run 2m"),
            new Template(
                    "outage-hang",
                    "clients [1|5|20]; steady [50-500]/s; timeout [1-3]s; service [20-60]ms; run 60s; hang [30-90]s; run 2m"),
            new Template("brown-out", "clients [1|5|20]; steady [100-300]/s; run 30s; errors [28-33]% for 4m; run 30s"),
            new Template(
                    "dead-shard", "clients [1|5|20]; steady [100-300]/s; shards 4; run 30s; shard down 4m; run 30s"),
            new Template(
                    "latency-spike",
                    "clients [1|5|20]; steady [50-150]/s; timeout 2s; slots 200; run 60s; slow [5-10]x for 60s; run 60s"),
            new Template(
                    "latency-overload",
                    "clients [1|5|20]; steady [80-120]/s; service 50ms; slots 10; queue [50-200]; overload slows 1.5x; run 60s;"
                            + " slow [3-6]x for 40s; run 80s"),
            new Template(
                    "flapping",
                    "clients [1|5|20]; steady [100-300]/s; run 30s; repeat 8 times [outage|outage|hang] [4-6]s, run [8-15]s;"
                            + " run 30s"),
            new Template(
                    "low-traffic", "steady [4-20]/m; service [50-200]ms; timeout 2s; run 30m; outage [8-15]m; run 30m"),
            new Template(
                    "blip",
                    "clients [1|4]; steady 20000/s; service 8ms; slots 600; queue 1000; run 3s; outage [100-400]ms; run 20s"),
            new Template("noise", "clients [1|5]; steady [20-60]/s; errors 2%; run 1h"),
            new Template("bursty-noise", "clients [1|2]; steady [80-160]/s; bursts [40-70]ms every [20-40]s; run 15m"),
            new Template(
                    "cold-start-many",
                    "clients 100; steady [400-600]/s; service 40ms; slots 40; queue 80; overload slows 1.5x;"
                            + " cold start [8-15]% over [15-30]s; run 30s; crash [20-40]s; run 90s"),
            new Template(
                    "cold-start-one",
                    "clients 1; steady [400-600]/s; service 40ms; slots 40; queue 80; overload slows 1.5x;"
                            + " cold start [8-15]% over [15-30]s; run 30s; crash [20-40]s; run 90s"),
            new Template(
                    "retry-storm",
                    "clients [5|20]; steady [130-150]/s; service 100ms; slots 20; queue unlimited; overload slows 1.5x;"
                            + " retries 2; run 60s; capacity [10-20]% for [10-20]s; run 2m"),
            new Template(
                    "slow-degradation",
                    "clients [1|5|20]; steady [50-150]/s; run 60s; errors 0% to [60-80]% for [2-3]m; run 60s"),
            new Template(
                    "late-answers",
                    "clients [1|5]; steady [40-100]/s; timeout 10s; tail [4-10]% at 150x; slots 200; run 60s;"
                            + " outage [30-60]s; run 90s"),
            new Template(
                    "crash-loop",
                    "clients [2|10]; steady [80-160]/s; service 40ms; slots 20; queue 50; retries 1 after 100ms;"
                            + " cold start 20% over 10s; run 30s; repeat 3 times crash [5-10]s, run [40-60]s; run 30s"),
            new Template(
                    "day",
                    "clients [2|10]; steady [30-60]/s; wave 80% over 6m; retries 1 after 50ms to 500ms; run 3m; outage 60s; run 3m;"
                            + " hang 30s; run 4m")),

    /** Other kinds of traffic and trouble, at which rules that were made for the usual may fail. */
    UNLIKE(
            new Template(
                    "rare-calls",
                    "steady [3-12]/m; service [50-200]ms; timeout 2s; run 1h; [outage|hang] [10-30]m; run 1h"),
            new Template(
                    "rare-calls-many",
                    "clients 100; steady [5-20]/s; service [50-200]ms; timeout 2s; run 5m; [outage|hang] [3-10]m; run 10m"),
            new Template("rare-noise", "steady [6-20]/m; errors [5-15]%; service [50-200]ms; run 12h"),
            new Template(
                    "slow-calls",
                    "clients [1|3]; steady [1-4]/s; service [1-3]s; timeout 10s; slots 40; run 5m; [outage|hang] [2-4]m; run 5m"),
            new Template(
                    "long-calls",
                    "clients [1|5]; steady [1-3]/s; timeout 60s; service [5-20]s sigma 0.3; slots 200; run 10m;"
                            + " [outage|hang] [3-8]m; run 10m"),
            new Template(
                    "batches",
                    "clients [1|3]; arrivals batches of [20-60]; steady [10-40]/s; service 50ms; slots 80; run 60s;"
                            + " [outage|hang] [30-60]s; run 60s"),
            new Template(
                    "big-batches",
                    "clients [1|2]; arrivals batches of 50; steady 5/s; service [50-200]ms; slots 60; run 5m;"
                            + " [outage|hang] [2-5]m; run 5m"),
            new Template(
                    "rate-limit",
                    "clients [1|5|20]; steady [80-120]/s; limit none[| with retry-after]; run 60s; limit [40-70]/s for 90s; run 60s"),
            new Template(
                    "limit-third",
                    "clients [1|5|20]; steady [80-120]/s; limit none; run 60s; limit [30-36]/s for 2m; run 2m"),
            new Template(
                    "limit-retries",
                    "clients [1|5|20]; steady [80-120]/s; retries 2 after [20-100]ms; limit none; run 60s; limit [35-55]/s for 2m;"
                            + " run 2m"),
            new Template(
                    "lost-capacity",
                    "clients [1|5|20]; steady [90-110]/s; service 80ms; slots 16; queue [30-60]; notices timeouts; run 60s;"
                            + " capacity [30-50]% for 2m; run 2m"),
            new Template(
                    "short-queue",
                    "clients [1|5|20]; steady [100-200]/s; service 50ms; slots 16; queue [4-8]; run 60s; capacity [25-40]% for 2m;"
                            + " run 2m"),
            new Template(
                    "slow-queue",
                    "clients [1|5|20]; steady [100-150]/s; service 80ms; slots 20; queue unlimited; notices timeouts; run 60s;"
                            + " capacity [25-45]% for 2m; run 2m"),
            new Template(
                    "load-step",
                    "clients [1|5|20]; steady [50-70]/s; service 50ms; slots 8; queue [30-60]; overload slows 1.5x; run 60s;"
                            + " spike [3-5]x for 90s; run 2m"),
            new Template(
                    "high-noon",
                    "clients [5|20]; steady [55-65]/s; wave [60-80]% over 10m; service 50ms; slots 5; queue 40;"
                            + " overload slows 1.5x; run 20m"),
            new Template(
                    "error-plateau",
                    "clients [1|5|20]; steady [50-150]/s; run 60s; errors [55-90]% for [2-4]m; run 60s"),
            new Template(
                    "dead-shards",
                    "clients [1|5|20]; steady [50-150]/s; shards 3; run 60s; 2 shards down for 2m; run 60s"),
            new Template(
                    "pauses",
                    "clients [1|5|20]; steady [50-150]/s; service 20ms; slots 20; queue 1000; run 30s;"
                            + " repeat 10 times pause [1000-3000]ms, run [10-30]s"),
            new Template(
                    "brief-flaps",
                    "clients [1|5]; steady [50-150]/s; run 30s; repeat 60 times outage [300-900]ms, run [1000-3000]ms; run 30s"),
            new Template(
                    "patient-hang",
                    "clients [1|5]; steady [20-100]/s; timeout 30s; slots 500; run 60s; hang [60-120]s; run 2m"),
            new Template("small-clients", "clients 200; steady [100-200]/s; run 60s; [outage|hang] [30-90]s; run 2m"),
            new Template(
                    "fast-calls",
                    "clients [1|4]; steady 5000/s; service 1ms; slots 40; queue 200; run 8s; outage [1000-3000]ms; run 9s"),
            new Template(
                    "noisy-outage",
                    "clients [1|5|20]; steady [50-150]/s; errors [10-30]%; run 2m; outage [30-90]s; run 2m"));

    @SuppressWarnings("ImmutableEnumChecker") // what List.of makes never changes
    private final List<Template> worlds;

    Suite(Template... worlds) {
        this.worlds = List.of(worlds);
    }

    /** The names of the worlds. No two suites share one. */
    public List<String> names() {
        return worlds.stream().map(Template::name).toList();
    }

    /** The world of this name, in any suite, and seed; empty if there is no such name. */
    public static Optional<World> world(String name, long seed) {
        return Stream.of(values())
                .flatMap(suite -> suite.worlds.stream())
                .filter(template -> template.name().equals(name))
                .findFirst()
                .map(template -> template.world(seed));
    }

    /** As it is named on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
