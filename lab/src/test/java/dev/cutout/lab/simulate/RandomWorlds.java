package dev.cutout.lab.simulate;

import java.util.ArrayList;
import java.util.List;

/** Short worlds and settings in which anything may happen, by seed. */
final class RandomWorlds {
    private static final String[] TROUBLES = {
        "outage",
        "hang",
        "crash",
        "pause",
        "errors [20-100]%",
        "errors 0% to 100%",
        "slow [2-60]x",
        "capacity [1-50]%",
        "spike [2-20]x",
        "shard down",
        "2 shards down",
        "limit [5-200]/s",
        "capacity 20% and spike 3x",
        "slow 4x and errors 40%"
    };

    private static final String[] SETTINGS = {
        "arrivals regular",
        "arrivals batches of [2-30]",
        "wave [10-90]% over [5-20]s",
        "retries [1-3]",
        "retries [1-3] after [10-200]ms",
        "retries [1-3] after [10-200]ms to 1s",
        "tail [1-20]% at [5-50]x",
        "overload slows [2-3]x",
        "errors [1-30]%",
        "bursts [20-200]ms every [2-10]s",
        "limit none with retry-after",
        "limit [20-300]/s with retry-after",
        "cold start [5-50]% over [2-10]s",
        "notices timeouts"
    };

    private static final String[] TRIPS = {
        "[1-8] consecutive",
        "[1-8] failures within [1-10]s",
        "[20-90]% of last [5-100] calls, at least [1-5]",
        "[20-90]% of last [1-10]s, at least [1-10]",
        "[2-4] consecutive or 60% of last 30 calls, at least 10",
        "[20-90]% slow of last [5-50] calls, at least [1-5]",
        "adaptive",
        "adaptive or [20-90]% slow of last [5-50] calls, at least [1-5]"
    };

    private final Chance chance;

    private RandomWorlds(long seed) {
        chance = new Chance(seed, 77);
    }

    static World world(long seed) {
        return new RandomWorlds(seed).world();
    }

    static String settings(long seed) {
        return new RandomWorlds(~seed).settings();
    }

    private World world() {
        List<String> clauses = new ArrayList<>(List.of(
                "clients [1|1|3|10]",
                "timeout [50-3000]ms",
                "network [0-20]ms",
                "service [2-300]ms sigma [0|0.5|1]",
                "slots [1-100]",
                "queue [0|10|100|unlimited]",
                "shards 3",
                "steady [2-300]/s",
                "run [1-5]s"));
        List<String> left = new ArrayList<>(List.of(SETTINGS));
        for (int i = pick(4); i > 0; i--) {
            String clause = left.remove(pick(left.size()));
            String name = clause.split(" ", 2)[0];
            left.removeIf(other -> other.startsWith(name));
            clauses.add(clause);
        }
        for (int i = 1 + pick(3); i > 0; i--) {
            String trouble = TROUBLES[pick(TROUBLES.length)] + " for [200-6000]ms";
            clauses.add(pick(4) == 0 ? "repeat [2-5] times " + trouble + ", run [200-3000]ms" : trouble);
            if (pick(5) == 0) {
                clauses.add("steady [2-300]/s");
            }
            clauses.add("run [1-6]s");
        }
        return World.parse(drawn(String.join("; ", clauses)));
    }

    private String settings() {
        String trip = TRIPS[pick(TRIPS.length)];
        List<String> clauses = new ArrayList<>(List.of("trip " + trip));
        switch (pick(4)) {
            case 0 -> clauses.add("wait adaptive");
            case 1 -> clauses.add("wait adaptive [10-300]ms to [1-10]s");
            case 2 -> clauses.add("wait [10-8000]ms");
            default -> clauses.add("wait [10-1000]ms to [1-10]s");
        }
        if (!clauses.get(1).contains("adaptive")) {
            clauses.add(pick(2) == 0 ? "probes [1-5]" : "probes [1-3] of [3-6]");
        }
        if (pick(2) == 0) {
            clauses.add("probe within [10-3000]ms");
        }
        if (trip.contains("slow")) {
            clauses.add("slow [10-1000]ms");
        }
        if (pick(4) == 0) {
            clauses.add("limit [1-50]");
        }
        return drawn(String.join("; ", clauses));
    }

    private String drawn(String text) {
        return new Template("random", text).text(chance);
    }

    private int pick(int of) {
        return (int) (chance.nextDouble() * of);
    }
}
