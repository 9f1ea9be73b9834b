package dev.cutout.lab.demo;

import dev.cutout.lab.demo.CallerStatistics.Answer;
import dev.cutout.lab.demo.CallerStatistics.Caller;
import dev.cutout.lab.demo.CallerStatistics.Outage;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * What one service A suffered in the whole show. Waits and times are nanoseconds; a wait is -1 when nobody waited.
 *
 * @param callers who came to A
 * @param answers how many of them got what; those without any answer at the end are the rest
 * @param needless of the fallback answers, those to callers who came while B was well
 * @param median wait of a caller, from the moment it came (not from the moment a thread took it) to its answer
 * @param p99 the same, of the 1 in 100 that waited longest
 * @param troubledMedian the same, of the callers who came while B was in trouble
 * @param troubledP99 the same, of the callers who came while B was in trouble
 * @param mostStuck most of A's threads that were held by callers at one moment
 * @param mostQueued most callers that waited for a thread at one moment
 * @param hits calls sent to B while it was in trouble
 * @param normalAfter for each trouble in turn, the time from B's recovery until A's callers noticed it, see {@link
 *     #untilNormal}; empty when that took longer than the scene
 */
record Figures(
        int callers,
        Map<Answer, Integer> answers,
        int needless,
        long median,
        long p99,
        long troubledMedian,
        long troubledP99,
        int mostStuck,
        int mostQueued,
        Map<Fault, Integer> hits,
        Map<Fault, OptionalLong> normalAfter) {

    /** A caller is served normally when it gets B's own answer within this time. */
    static final Duration NORMAL_WAIT = Duration.ofMillis(250);

    /** Traffic is normal when all callers of such a time are served normally. */
    static final Duration NORMAL_SPELL = Duration.ofMillis(500);

    static Figures of(
            List<Caller> callers,
            int unanswered,
            List<Outage> outages,
            Map<Fault, Integer> hits,
            int mostStuck,
            int mostQueued) {
        Map<Answer, Integer> answers = new EnumMap<>(Answer.class);
        callers.forEach(caller -> answers.merge(caller.answer(), 1, Integer::sum));
        Predicate<Caller> duringTrouble =
                caller -> outages.stream().anyMatch(outage -> outage.covers(caller.arrived()));
        int needless = (int) callers.stream()
                .filter(caller -> caller.answer() == Answer.FALLBACK)
                .filter(duringTrouble.negate())
                .count();
        long[] waits = waits(callers, caller -> true);
        long[] troubled = waits(callers, duringTrouble);
        Map<Fault, OptionalLong> normalAfter = new EnumMap<>(Fault.class);
        for (int i = 0; i < outages.size(); i++) {
            Outage outage = outages.get(i);
            OptionalLong next =
                    i + 1 < outages.size() ? OptionalLong.of(outages.get(i + 1).from()) : OptionalLong.empty();
            normalAfter.put(outage.fault(), untilNormal(callers, outage.until(), next));
        }
        return new Figures(
                callers.size() + unanswered,
                answers,
                needless,
                CallerStatistics.percentile(waits, 50),
                CallerStatistics.percentile(waits, 99),
                CallerStatistics.percentile(troubled, 50),
                CallerStatistics.percentile(troubled, 99),
                mostStuck,
                mostQueued,
                Map.copyOf(hits),
                normalAfter);
    }

    /** Calls that hit a B in trouble, whatever the trouble. */
    int allHits() {
        return hits.values().stream().mapToInt(Integer::intValue).sum();
    }

    int hits(Fault fault) {
        return hits.getOrDefault(fault, 0);
    }

    int got(Answer answer) {
        return answers.getOrDefault(answer, 0);
    }

    int unanswered() {
        return callers - answers.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * The time from {@code well}, when B was well again, to the first caller from whom on, for {@link #NORMAL_SPELL},
     * every caller was served normally. Callers who came before {@code well} do not count, nor any from the next trouble on.
     */
    static OptionalLong untilNormal(List<Caller> callers, long well, OptionalLong nextTrouble) {
        List<Caller> later = callers.stream()
                .filter(caller -> caller.arrived() - well >= 0)
                .filter(caller -> nextTrouble.isEmpty() || caller.arrived() - nextTrouble.getAsLong() < 0)
                .sorted(Comparator.comparingLong(caller -> caller.arrived() - well))
                .toList();
        if (later.isEmpty()) {
            return OptionalLong.empty();
        }
        long last = later.get(later.size() - 1).arrived();
        int first = 0;
        for (int i = 0; i < later.size(); i++) {
            Caller caller = later.get(i);
            if (first < i && caller.arrived() - later.get(first).arrived() >= NORMAL_SPELL.toNanos()) {
                break;
            }
            if (caller.answer() != Answer.FROM_B || caller.waited() > NORMAL_WAIT.toNanos()) {
                first = i + 1;
            }
        }
        boolean wholeSpell = first < later.size() && last - later.get(first).arrived() >= NORMAL_SPELL.toNanos();
        return wholeSpell ? OptionalLong.of(later.get(first).arrived() - well) : OptionalLong.empty();
    }

    private static long[] waits(List<Caller> callers, Predicate<Caller> which) {
        return callers.stream().filter(which).mapToLong(Caller::waited).sorted().toArray();
    }
}
