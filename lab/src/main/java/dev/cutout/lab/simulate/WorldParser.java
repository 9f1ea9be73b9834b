package dev.cutout.lab.simulate;

import dev.cutout.lab.simulate.Words.Word;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the one-line text form of a {@link World}, where its grammar is documented. */
final class WorldParser {
    private static final String CLAUSES =
            "clients, arrivals, wave, timeout, retries, network, service, tail, slots, queue, overload, errors, "
                    + "bursts, shards, limit, cold start, notices timeouts; and in time steady, run, heal, outage, hang, crash, pause, errors, slow, "
                    + "capacity, spike, shard down, 2 shards down, limit, repeat";
    private static final String TROUBLES =
            "outage, hang, crash, pause, errors 30%, slow 4x, capacity 20%, spike 10x, shard down, 2 shards down, limit 50/s";
    private static final Duration LEAD_IN = Duration.ofSeconds(30);
    private static final Duration USUAL_RUN = Duration.ofSeconds(60);
    private static final double USUAL_RATE = 100;
    private static final int MOST_CALLS_TOGETHER = 10_000;
    private static final int MOST_CLIENTS = 10_000;
    private static final int MOST = 1_000_000;

    private final Words words;
    private final Map<String, Word> seen = new HashMap<>();
    private final List<Stretch> timeline = new ArrayList<>();

    private int clients = 1;
    private boolean regular;
    private int batch = 1;
    private double wave;
    private Duration wavePeriod = Duration.ZERO;
    private Duration timeout = Duration.ofSeconds(1);
    private int retries;
    private Duration backOff = Duration.ZERO;
    private Duration longestBackOff = Duration.ZERO;
    private Duration network = Duration.ofMillis(1);
    private Duration service = Duration.ofMillis(30);
    private double sigma = 0.5;
    private double tailShare;
    private double tailFactor = 1;
    private int slots = 50;
    private int queue = 100;
    private double overloadFactor = 1;
    private double errors;
    private Duration burst = Duration.ZERO;
    private Duration burstEvery = Duration.ZERO;
    private int shards = 1;
    private double limit;
    private boolean retryAfter;
    private double coldShare = 1;
    private Duration coldFor = Duration.ZERO;
    private boolean noticesTimeouts;
    /** Where the most shards are down. */
    private @Nullable Word shardDown;

    private int mostShardsDown;

    WorldParser(String line) {
        words = new Words(line);
    }

    World parse() {
        clause();
        while (!words.peek().text().isEmpty()) {
            words.expect(";", "between clauses");
            clause();
        }
        if (shardDown != null && shards <= mostShardsDown) {
            throw words.problem(
                    shardDown,
                    mostShardsDown == 1
                            ? "one of several shards can be down: write \"shards 4\" too."
                            : "some shards must be left: write \"shards " + (mostShardsDown + 1) + "\" too.");
        }
        return new World(
                clients,
                regular,
                batch,
                wave,
                wavePeriod,
                timeout,
                retries,
                backOff,
                longestBackOff,
                network,
                service,
                sigma,
                tailShare,
                tailFactor,
                slots,
                queue,
                overloadFactor,
                errors,
                burst,
                burstEvery,
                shards,
                limit,
                retryAfter,
                coldShare,
                coldFor,
                noticesTimeouts,
                wholeTimeline());
    }

    /** Begins with a rate and a time in which all is well. */
    private List<Stretch> wholeTimeline() {
        List<Stretch> whole = new ArrayList<>(timeline);
        int phase = 0;
        while (phase < whole.size() && whole.get(phase) instanceof Stretch.Steady) {
            phase++;
        }
        if (phase == whole.size() || !isRun(whole.get(phase))) {
            Duration length = phase == whole.size() ? USUAL_RUN : LEAD_IN;
            whole.add(phase, new Stretch.Phase(List.of(), length));
        }
        if (phase == 0) {
            whole.add(0, new Stretch.Steady(USUAL_RATE));
        }
        return whole;
    }

    private static boolean isRun(Stretch stretch) {
        return stretch instanceof Stretch.Phase phase && phase.troubles().isEmpty();
    }

    private void clause() {
        Word word = words.peek();
        switch (word.text()) {
            case "clients" -> {
                once();
                clients = words.number(1, MOST_CLIENTS);
            }
            case "arrivals" -> arrivals();
            case "wave" -> {
                once();
                wave = words.share(1, 100);
                words.expect("over", "as in \"wave 50% over 10m\"");
                wavePeriod = words.time();
            }
            case "timeout" -> {
                once();
                timeout = words.time();
            }
            case "retries" -> retries();
            case "network" -> {
                once();
                network = words.time(Duration.ZERO);
            }
            case "service" -> {
                once();
                service = words.time();
                if (words.takes("sigma")) {
                    sigma = words.decimal(0, 3);
                }
            }
            case "tail" -> {
                once();
                tailShare = words.share(0.0001, 100);
                words.expect("at", "as in \"tail 5% at 20x\"");
                tailFactor = words.factor(1, MOST);
            }
            case "slots" -> {
                once();
                slots = words.number(1, MOST);
            }
            case "queue" -> {
                once();
                queue = words.takes("unlimited") ? World.UNLIMITED : words.number(0, MOST);
            }
            case "overload" -> {
                once();
                words.expect("slows", "as in \"overload slows 1.5x\"");
                overloadFactor = words.factor(1, 100);
            }
            case "bursts" -> {
                once();
                burst = words.time();
                words.expect("every", "as in \"bursts 50ms every 30s\"");
                burstEvery = words.time();
            }
            case "shards" -> {
                once();
                shards = words.number(1, MOST_CLIENTS);
            }
            case "cold" -> {
                once();
                words.expect("start", "as in \"cold start 10% over 20s\"");
                coldShare = words.share(0.1, 99);
                words.expect("over", "as in \"cold start 10% over 20s\"");
                coldFor = words.time();
            }
            case "notices" -> {
                once();
                words.expect("timeouts", "as in \"notices timeouts\"");
                noticesTimeouts = true;
            }
            case "steady" -> steady();
            case "repeat" -> repeat();
            case "run", "heal" -> timeline.add(run());
            case "limit" -> limit();
            case "errors" -> errors();
            case "", ";", "," -> throw words.problem(word, "a clause is missing here; allowed are " + CLAUSES + ".");
            default -> timeline.add(phase(new ArrayList<>(), CLAUSES));
        }
        if (words.peek().is(",")) {
            throw words.problem(words.peek(), "clauses are separated by \";\".");
        }
    }

    /** Takes the word of a clause that can stand once. */
    private void once() {
        once(words.take());
    }

    private void once(Word word) {
        Word earlier = seen.putIfAbsent(word.text(), word);
        if (earlier != null) {
            throw words.problem(
                    word,
                    "the clause " + word.text() + " stands twice; the first is at column " + earlier.column() + ".");
        }
    }

    private void arrivals() {
        once();
        Word kind = words.take();
        switch (kind.text()) {
            case "poisson" -> regular = false;
            case "regular" -> regular = true;
            case "batches" -> {
                words.expect("of", "as in \"arrivals batches of 20\"");
                batch = words.number(2, MOST_CALLS_TOGETHER);
                regular = true;
            }
            default ->
                throw words.problem(
                        kind, kind + " is no way to arrive; allowed are poisson, regular and batches of 20.");
        }
    }

    private void retries() {
        once();
        retries = words.number(0, 100);
        if (words.takes("after")) {
            Word first = words.peek();
            if (retries == 0) {
                throw words.problem(first, "there is no retry that could wait.");
            }
            backOff = words.time();
            longestBackOff = words.takes("to") ? words.time() : backOff;
            if (longestBackOff.compareTo(backOff) < 0) {
                throw words.problem(first, "the first wait must not be longer than the longest.");
            }
        }
    }

    private void steady() {
        Word word = words.take();
        Stretch.Steady steady = new Stretch.Steady(words.rate());
        if (!timeline.isEmpty() && timeline.get(timeline.size() - 1) instanceof Stretch.Steady) {
            throw words.problem(word, "the rate was set just before; let some time pass in between.");
        }
        timeline.add(steady);
    }

    /** For all time or, with a time, for this. */
    private void errors() {
        Word word = words.peek();
        List<Trouble> troubles = new ArrayList<>(List.of(trouble(CLAUSES)));
        Trouble trouble = troubles.get(0);
        if (words.peek().isEnd() && trouble.from() == trouble.to()) {
            once(word);
            errors = trouble.from();
        } else {
            timeline.add(phase(troubles, CLAUSES));
        }
    }

    /** For all time or, with a time, for this. */
    private void limit() {
        Word word = words.take();
        double rate = words.takes("none") ? 0 : words.rate();
        boolean polite = words.peek().is("with");
        if (rate == 0 || polite || words.peek().isEnd()) {
            once(word);
            limit = rate;
            if (words.takes("with")) {
                words.expect("retry-after", "as in \"limit 100/s with retry-after\"");
                retryAfter = true;
            }
        } else {
            timeline.add(phase(new ArrayList<>(List.of(Trouble.of(Trouble.Kind.LIMIT, rate))), CLAUSES));
        }
    }

    private void repeat() {
        words.take();
        int times = words.number(1, MOST_CALLS_TOGETHER);
        words.expect("times", "as in \"repeat 8 times outage 5s, run 10s\"");
        List<Stretch.Phase> phases = new ArrayList<>();
        do {
            boolean isRun = words.peek().is("run") || words.peek().is("heal");
            phases.add(isRun ? run() : phase(new ArrayList<>(), "run, " + TROUBLES));
        } while (words.takes(","));
        timeline.add(new Stretch.Repeat(times, phases));
    }

    private Stretch.Phase run() {
        words.take();
        return new Stretch.Phase(List.of(), words.peek().isEnd() ? USUAL_RUN : words.time());
    }

    /** One or several troubles, of which some may have been read, and their time. */
    private Stretch.Phase phase(List<Trouble> troubles, String allowed) {
        if (troubles.isEmpty()) {
            troubles.add(trouble(allowed));
        }
        while (words.peek().is("and")) {
            words.take();
            Word word = words.peek();
            Trouble another = trouble(TROUBLES);
            if (troubles.stream().anyMatch(trouble -> trouble.kind() == another.kind())) {
                throw words.problem(word, word + " stands twice at the same time.");
            }
            troubles.add(another);
        }
        words.takes("for");
        return new Stretch.Phase(troubles, words.time());
    }

    private Trouble trouble(String allowed) {
        if (words.peek().text().matches("[0-9]+")) {
            return shardsDown();
        }
        Word word = words.take();
        switch (word.text()) {
            case "outage" -> {
                return Trouble.of(Trouble.Kind.OUTAGE, 0);
            }
            case "hang" -> {
                return Trouble.of(Trouble.Kind.HANG, 0);
            }
            case "crash" -> {
                return Trouble.of(Trouble.Kind.CRASH, 0);
            }
            case "pause" -> {
                return Trouble.of(Trouble.Kind.PAUSE, 0);
            }
            case "shard" -> {
                words.expect("down", "as in \"shard down 60s\"");
                return shardsDown(word, 1);
            }
            case "errors" -> {
                double from = words.share(0, 100);
                return new Trouble(Trouble.Kind.ERRORS, from, words.takes("to") ? words.share(0, 100) : from);
            }
            case "slow" -> {
                return Trouble.of(Trouble.Kind.SLOW, words.factor(0.01, MOST));
            }
            case "capacity" -> {
                return Trouble.of(Trouble.Kind.CAPACITY, words.share(0.1, 100));
            }
            case "spike" -> {
                return Trouble.of(Trouble.Kind.SPIKE, words.factor(0.01, MOST));
            }
            case "limit" -> {
                return Trouble.of(Trouble.Kind.LIMIT, words.rate());
            }
            default -> throw words.problem(word, word + " is nothing that a world knows; allowed are " + allowed + ".");
        }
    }

    private Trouble shardsDown() {
        Word word = words.peek();
        int number = words.number(1, MOST_CLIENTS);
        words.expect("shards", "as in \"2 shards down for 60s\"");
        words.expect("down", "as in \"2 shards down for 60s\"");
        return shardsDown(word, number);
    }

    private Trouble shardsDown(Word word, int number) {
        if (number > mostShardsDown) {
            mostShardsDown = number;
            shardDown = word;
        }
        return Trouble.of(Trouble.Kind.SHARD, number);
    }
}
