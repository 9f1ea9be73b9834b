package dev.cutout.lab.simulate;

import java.util.List;
import java.util.Optional;

/** The built-in worlds: what happens to services, with numbers drawn from the seed. */
public final class Suite {
    private static final List<Template> WORLDS = List.of(
            new Template(
                    "outage-refuse",
                    "clients [1|5|20]; steady [30-300]/s; service [20-60]ms; run 60s; outage [30-90]s; run 60s"),
            new Template(
                    "outage-hang",
                    "clients [1|5|20]; steady [30-300]/s; service [20-60]ms; timeout [1-3]s; run 60s; hang [30-90]s; run 60s"),
            new Template("brown-out", "clients [1|5|20]; steady [50-200]/s; run 60s; errors [25-33]% for 2m; run 60s"),
            new Template(
                    "dead-shard", "clients [1|5|20]; steady [50-200]/s; shards [4|5]; run 60s; shard down 2m; run 60s"),
            new Template(
                    "latency-spike",
                    "clients [1|5|20]; steady [50-150]/s; timeout 2s; slots 200; run 60s; slow [5-10]x for 60s; run 60s"),
            new Template(
                    "latency-overload",
                    "clients [1|5|20]; steady [80-120]/s; service 50ms; slots 10; queue [50-200]; overload slows 1.5x;"
                            + " run 60s; slow [3-6]x for 60s; run 60s"),
            new Template(
                    "flapping",
                    "clients [1|5|20]; steady [50-200]/s; run 30s; repeat 8 times [outage|hang] [4-7]s, run [8-15]s; run 30s"),
            new Template(
                    "low-traffic", "steady [4-20]/m; service [50-200]ms; timeout 2s; run 30m; outage [8-15]m; run 30m"),
            new Template(
                    "blip",
                    "clients [1|4]; steady 20000/s; service 8ms; slots 600; queue 1000; run 8s; outage [200-500]ms; run 15s"),
            new Template("noise", "clients [1|5]; steady [20-60]/s; errors 2%; run 1h"),
            new Template("bursty-noise", "clients [1|4]; steady [60-140]/s; bursts [30-60]ms every [20-40]s; run 15m"),
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
                    "rate-limit",
                    "clients [1|5|20]; steady [80-120]/s; limit none[| with retry-after]; run 60s; limit [40-70]/s for 90s; run 60s"),
            new Template(
                    "lost-capacity",
                    "clients [1|5|20]; steady [90-110]/s; service 80ms; slots 16; queue [30-60]; notices timeouts; run 60s;"
                            + " capacity [30-50]% for 2m; run 60s"),
            new Template(
                    "batches",
                    "clients [1|3]; arrivals batches of [20-60]; steady [10-40]/s; service 50ms; slots 80; run 60s;"
                            + " [outage|hang] [30-60]s; run 60s"),
            new Template(
                    "crash-loop",
                    "clients [2|10]; steady [80-160]/s; service 40ms; slots 20; queue 50; retries 1 after 100ms;"
                            + " cold start 20% over 10s; run 30s; repeat 4 times crash [5-10]s, run [20-30]s; run 30s"),
            new Template(
                    "day",
                    "clients [2|10]; steady [30-60]/s; wave 80% over 6m; retries 1 after 50ms to 500ms; run 3m; outage 60s; run 3m;"
                            + " hang 30s; run 4m"),
            new Template(
                    "rush",
                    "clients [5|20]; steady [30-50]/s; service 40ms; slots 60; run 60s; spike 10x for 60s; run 60s"),
            new Template(
                    "slow-calls",
                    "clients [1|3]; steady [1-4]/s; service [1-3]s; timeout 10s; slots 40; run 5m; [outage|hang] [2-4]m; run 5m"));

    private Suite() {}

    /** The names of the worlds. */
    public static List<String> names() {
        return WORLDS.stream().map(Template::name).toList();
    }

    /** The world of this name and seed; empty if there is no such name. */
    public static Optional<World> world(String name, long seed) {
        return WORLDS.stream()
                .filter(template -> template.name().equals(name))
                .findFirst()
                .map(template -> template.world(seed));
    }
}
