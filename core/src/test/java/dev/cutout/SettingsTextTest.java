package dev.cutout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The one-line text form of {@link CircuitSettings}: what it means, what comes back, and what is said of lines that are wrong. */
class SettingsTextTest {
    private static final CircuitSettings CLASSIC = CircuitSettings.classic();
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    // ---- there and back

    @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
    void everySettingsLineIsReadBackAsTheSameSettings(@ForAll("settings") CircuitSettings settings) {
        CircuitSettings read = CircuitSettings.parse(settings.toString());

        assertThat(read).isEqualTo(settings).hasSameHashCodeAs(settings).hasToString(settings.toString());
        assertThat(read.trip()).isEqualTo(settings.trip());
        assertThat(read.firstWait()).isEqualTo(settings.firstWait());
        assertThat(read.longestWait()).isEqualTo(settings.longestWait());
        assertThat(read.probes()).isEqualTo(settings.probes());
        assertThat(read.probesNeeded()).isEqualTo(settings.probesNeeded());
        assertThat(read.probeWithin()).isEqualTo(settings.probeWithin());
        assertThat(read.slow()).isEqualTo(settings.slow());
        assertThat(read.hang()).isEqualTo(settings.hang());
        assertThat(read.isHangLearnt()).isEqualTo(settings.isHangLearnt());
        assertThat(read.limit()).isEqualTo(settings.limit());
        assertThat(read.isLimitAdaptive()).isEqualTo(settings.isLimitAdaptive());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfClausesDoesNotMatter(@ForAll("settings") CircuitSettings settings, @ForAll Random random) {
        List<String> clauses = new ArrayList<>(Arrays.asList(settings.toString().split("; ")));
        Collections.shuffle(clauses, random);
        String shuffled = String.join(";", clauses);

        assertThat(CircuitSettings.parse(shuffled)).isEqualTo(settings);
        assertThat(CircuitSettings.parse("classic; " + shuffled)).isEqualTo(settings);
    }

    // ---- what the documented clauses mean

    @ParameterizedTest
    @MethodSource
    void theDocumentedClausesMeanWhatTheyShould(String line, CircuitSettings meant) {
        assertThat(CircuitSettings.parse(line)).isEqualTo(meant);
    }

    static List<Object[]> theDocumentedClausesMeanWhatTheyShould() {
        TripRule recent = TripRule.failureRate(0.5).overTime(TEN_SECONDS).atLeast(20);
        TripRule slow = TripRule.slowRate(0.8).overCalls(100).atLeast(20);
        CircuitSettings slowKnown = CLASSIC.withSlow(Duration.ofSeconds(2));
        return List.of(
                row("classic", CLASSIC),
                row("trip 5 consecutive", CLASSIC),
                row(
                        "trip 5 failures within 10s",
                        CLASSIC.withTrip(TripRule.failures(5).within(TEN_SECONDS))),
                row(
                        "trip 50% of last 100 calls, at least 20",
                        CLASSIC.withTrip(
                                TripRule.failureRate(0.5).overCalls(100).atLeast(20))),
                row("trip 50% of last 10s, at least 20", CLASSIC.withTrip(recent)),
                row("trip 80% slow of last 100 calls, at least 20; slow 2s", slowKnown.withTrip(slow)),
                row(
                        "trip 5 consecutive or 50% of last 10s, at least 20",
                        CLASSIC.withTrip(TripRule.consecutive(5).or(recent))),
                row("wait 30s", CLASSIC),
                row("wait 1s to 60s", CLASSIC.withWait(Duration.ofSeconds(1), Duration.ofMinutes(1))),
                row("probes 3", CLASSIC.withProbes(3)),
                row("probes 2 of 3", CLASSIC.withProbes(2, 3)),
                row("probe within 10s", CLASSIC.withProbeWithin(TEN_SECONDS)),
                row("slow 2s", slowKnown),
                row("hang 2s", CLASSIC.withHang(Duration.ofSeconds(2))),
                row("hang learnt", CLASSIC.withHang(Duration.ofSeconds(2)).withHangLearnt()),
                row("limit adaptive", CLASSIC.withLimit(7).withAdaptiveLimit()),
                row("limit 200", CLASSIC.withAdaptiveLimit().withLimit(200)),
                row("classic; limit 200; wait 1s", CLASSIC.withLimit(200).withWait(Duration.ofSeconds(1))));
    }

    private static Object[] row(String line, CircuitSettings meant) {
        return new Object[] {line, meant};
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "classic                                 | trip 5 consecutive; wait 30s; probes 1",
                "wait 60s                                | trip 5 consecutive; wait 1m; probes 1",
                "wait 500ms to 3600s                     | trip 5 consecutive; wait 500ms to 1h; probes 1",
                "probes 3 of 3                           | trip 5 consecutive; wait 30s; probes 3",
                "trip 1 failures within 1000ms           | trip 1 failure within 1s; wait 30s; probes 1",
                "trip 50.00% of last 1 calls, at least 1 | trip 50% of last 1 call, at least 1; wait 30s; probes 1",
                "limit 5; slow 2s; probe within 10s      | trip 5 consecutive; wait 30s; probes 1; probe within 10s; slow 2s; limit 5",
                "limit adaptive; hang 2000ms; slow 1s    | trip 5 consecutive; wait 30s; probes 1; slow 1s; hang 2s; limit adaptive",
                "hang learnt                             | trip 5 consecutive; wait 30s; probes 1; hang learnt",
                "' \twait   1s;probes 2 ; limit 7 '      | trip 5 consecutive; wait 1s; probes 2; limit 7",
                "trip 0.0001% of last 10s,at least 1     | trip 0.0001% of last 10s, at least 1; wait 30s; probes 1",
                "wait 1ms; slow 31536000000ms            | trip 5 consecutive; wait 1ms; probes 1; slow 8760h"
            })
    void thereIsOneCanonicalText(String line, String canonical) {
        assertThat(CircuitSettings.parse(line)).hasToString(canonical);
    }

    // ---- lines that are wrong

    /** Each with its column, counted from 1, and the part of the message that says what was given or what is allowed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                // nothing, or something missing
                "''                                          |  1 | nothing is written here; write a preset such as classic, or clauses: trip, wait,",
                "'   '                                       |  4 | nothing is written here",
                "classic;                                    |  9 | a clause is missing here; allowed are trip, wait, probes, probe within, slow, hang and limit.",
                "wait 30s;; probes 1                         | 10 | a clause is missing here",
                "; wait 30s                                  |  1 | a clause is missing here",
                "trip                                        |  5 | the end of the line is no trip rule; allowed are \"adaptive\", \"5 consecutive\",",
                "trip 5                                      |  7 | the end of the line is no trip rule",
                "trip 5 failures                             | 16 | the end of the line stands where \"within\" is expected, as in \"5 failures within 10s\".",
                "trip 5 consecutive or                       | 22 | the end of the line is no trip rule",
                "trip 50% of last 100 calls                  | 27 | a rate wants the least number of calls it is judged by: write \", at least 20\".",
                "trip 50% of last 10s at least 20            | 22 | write \", at least 20\".",
                "trip 50% of 10s, at least 20                | 13 | \"10s\" stands where \"last\" is expected",
                "trip 50% of last ten calls, at least 20     | 18 | \"ten\" is no window; write \"100 calls\", or a time such as \"10s\".",
                "trip 50% of last 100, at least 20           | 21 | write \"100 calls\", or a time such as \"10s\".",
                "wait                                        |  5 | the end of the line is no time; write a whole number and its unit without a space:",
                "wait 1s to                                  | 11 | the end of the line is no time",
                "probes 2 of                                 | 12 | the end of the line is no whole number",
                "probe 10s                                   |  7 | \"10s\" stands where \"within\" is expected, after probe, as in \"probe within 10s\".",
                "classic trip 5 consecutive                  |  9 | \"trip\" stands where \";\" is expected, between clauses.",
                // unknown
                "trips 5 consecutive                         |  1 | \"trips\" is no clause; allowed are trip, wait, probes, probe within, slow, hang and limit.",
                "trip five consecutive                       |  6 | \"five\" is no trip rule; allowed are",
                "trip 50% fast of last 10 calls, at least 1  | 10 | \"fast\" stands where \"of\" is expected",
                "limit 5 calls                               |  9 | \"calls\" stands where \";\" is expected",
                "wait 30s, probes 1                          |  9 | \",\" stands where \";\" is expected",
                // upper case
                "Trip 5 consecutive                          |  1 | probe within, slow, hang and limit. Settings are written in lower case.",
                "CLASSIC                                     |  1 | Settings are written in lower case.",
                "wait 30S                                    |  6 | 2m or 1h. Settings are written in lower case.",
                "trip 5 consecutive OR 6 consecutive         | 20 | between clauses. Settings are written in lower case.",
                "trip 5 Consecutive                          |  8 | Settings are written in lower case.",
                // twice, or against each other
                "trip 5 consecutive; trip 6 consecutive      | 21 | the clause trip stands twice; the first is at column 1.",
                "wait 9s; probe within 1s; probe within 2s   | 27 | the clause probe within stands twice; the first is at column 10.",
                "trip 5 consecutive or 5 consecutive         | 23 | \"5 consecutive\" stands twice; leave one out.",
                "wait 30s; classic                           | 11 | a preset stands first, before all clauses, and once.",
                "classic; classic                            | 10 | a preset stands first",
                "wait 60s to 1s                              |  6 | The longest wait (1s) must be longer than the first (1m)",
                "probes 4 of 3                               |  8 | Good probes needed of 3: 4 is not allowed; give 1 to 3.",
                "trip 50% of last 100 calls, at least 200    | 38 | never holds at least 200: lower the minimum or widen the window.",
                "limit 7; trip 80% slow of last 10s, at least 20 | 10 | judges slow calls, but nothing says what is slow: set slow first",
                // reserved
                "wait 1s; hang                               | 14 | the end of the line is no time",
                "ramp 10s                                    |  1 | \"ramp\" is reserved",
                "health                                      |  1 | \"health\" is reserved",
                "wait 1s; ramp 2s                            | 10 | \"ramp\" is reserved",
                "limit adaptively                            |  7 | \"adaptively\" is no whole number",
                // numbers and units
                "trip 0 consecutive                          |  6 | 0 is not allowed; give 1 to 1,000,000.",
                "trip -5 consecutive                         |  6 | \"-5\" is no trip rule",
                "trip 5.5 consecutive                        |  6 | \"5.5\" is no whole number",
                "trip 999999999 consecutive                  |  6 | 999,999,999 is not allowed; give 1 to 1,000,000.",
                "trip 9999999999 consecutive                 |  6 | \"9999999999\" is not allowed; give 1 to 1,000,000.",
                "trip 10001 failures within 10s              |  6 | 10,001 is not allowed; give 1 to 10,000.",
                "trip 0% of last 10 calls, at least 1        |  6 | \"0%\" is not allowed; a percentage is above 0% and at most 100%.",
                "trip 100.0001% of last 10 calls, at least 1 |  6 | a percentage is above 0% and at most 100%.",
                "trip 50.12345% of last 10 calls, at least 1 |  6 | with at most four decimals.",
                "trip 50% of last 9ms, at least 1            | 18 | at least 10ms, since it is cut into ten slices",
                "trip 50% of last 10 calls, at least 0       | 37 | 0 is not allowed; give 1 to",
                "wait 30                                     |  6 | \"30\" is no time; write a whole number and its unit without a space: 500ms, 30s, 2m or 1h.",
                "wait 30 s                                   |  6 | \"30\" is no time",
                "wait 1.5s                                   |  6 | \"1.5s\" is no time",
                "wait 2d                                     |  6 | \"2d\" is no time",
                "wait 0s                                     |  6 | 1ms to 8760h.",
                "wait 1s to 8761h                            | 12 | 1ms to 8760h.",
                "wait 99999999999999h                        |  6 | a time is 1ms to 8760h.",
                "probes three                                |  8 | \"three\" is no whole number; give 1 to 1,000.",
                "probes 1001                                 |  8 | 1,001 is not allowed; give 1 to 1,000.",
                "limit 0                                     |  7 | 0 is not allowed; give 1 to 1,000,000."
            })
    void aWrongLineIsPointedAt(String line, int column, String message) {
        SettingsSyntaxException problem = problemOf(line);

        assertThat(problem.column()).isEqualTo(column);
        assertThat(problem).hasMessageStartingWith("Column " + column + " of \"" + line + "\": ");
        assertThat(problem).hasMessageContaining(message);
        assertThat(problem.line()).isEqualTo(line);
        assertHelpful(problem);
    }

    @Test
    void aCaretPointsAtTheColumn() {
        assertThat(problemOf("wait 30s; probes none").pointer())
                .isEqualTo("wait 30s; probes none" + System.lineSeparator() + "                 ^");
        assertThat(problemOf("wait").pointer()).isEqualTo("wait" + System.lineSeparator() + "    ^");
    }

    @Test
    void aWordOfMoreThanSixtyCharactersIsCutInTheMessage() {
        String sixty = "x".repeat(60);

        assertThat(problemOf(sixty)).hasMessageContaining(": \"" + sixty + "\" is no clause");
        assertThat(problemOf(sixty + "y")).hasMessageContaining(": \"" + sixty + "…\" is no clause");
    }

    /** A line may come from a file with anything in it; its message goes into a log, where a second line would be another entry. */
    @ParameterizedTest
    @ValueSource(strings = {"wait\n30", "x\r\ny", "trip \u0000", "\u0007", "wait \u2028", "wait 1s\u0085"})
    void controlCharactersDoNotBreakTheMessageIntoLines(String line) {
        SettingsSyntaxException problem = problemOf(line);

        assertThat(problem.line()).isEqualTo(line);
        assertHelpful(problem);
        assertThat(problem.pointer().lines()).hasSize(2);
    }

    // ---- any line at all

    @Property(tries = 1000)
    void anyTextIsReadOrRefusedWithAColumn(@ForAll String line) {
        assertReadOrRefused(line);
    }

    @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
    void aLineWithMistakesIsReadOrRefusedWithAColumn(
            @ForAll("settings") CircuitSettings settings, @ForAll("mistakes") List<Mistake> mistakes) {
        String line = settings.toString();
        for (Mistake mistake : mistakes) {
            line = mistake.in(line);
        }
        assertReadOrRefused(line);
    }

    @Property(tries = 1000)
    void wordsOfTheGrammarInAnyOrderAreReadOrRefused(@ForAll("words") List<String> words) {
        assertReadOrRefused(String.join(" ", words));
        assertReadOrRefused(String.join("", words));
    }

    @Test
    void aVeryLongLineIsReadOrRefused() {
        assertReadOrRefused("trip " + "9".repeat(100_000) + " consecutive");
        assertReadOrRefused("wait " + "9".repeat(100_000) + "h");
        assertReadOrRefused("x".repeat(100_000));
        assertReadOrRefused(";".repeat(100_000));
        assertReadOrRefused(" ".repeat(100_000) + "wait 1s");
        assertReadOrRefused("trip 1 consecutive" + " or 1 consecutive".repeat(10_000));
        assertReadOrRefused("trip 1." + "0".repeat(100_000) + "% of last 10 calls, at least 1");
    }

    private static void assertReadOrRefused(String line) {
        CircuitSettings read;
        try {
            read = CircuitSettings.parse(line);
        } catch (SettingsSyntaxException problem) {
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.column()).isBetween(1, line.length() + 1);
            assertHelpful(problem);
            return;
        }
        assertThat(CircuitSettings.parse(read.toString())).isEqualTo(read).hasToString(read.toString());
    }

    /** One line, and a whole sentence that is more than the place. */
    private static void assertHelpful(SettingsSyntaxException problem) {
        String message = problem.getMessage();

        assertThat(message.codePoints().filter(SettingsTextTest::breaksLines)).isEmpty();
        assertThat(message).matches("(?s)Column [0-9]+ of \".*\": .{10,}\\.");
    }

    private static boolean breaksLines(int c) {
        return Character.isISOControl(c)
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    private static SettingsSyntaxException problemOf(String line) {
        SettingsSyntaxException problem =
                catchThrowableOfType(SettingsSyntaxException.class, () -> CircuitSettings.parse(line));
        assertThat(problem).as("what is wrong with \"%s\"", line).isNotNull();
        return problem;
    }

    // ---- mistakes

    /** A slip of the hand somewhere in a line. */
    private record Mistake(Kind kind, int where, String what) {
        enum Kind {
            LEAVE_OUT_A_CHARACTER,
            LEAVE_OUT_A_WORD,
            PUT_IN,
            REPLACE_A_WORD,
            MOVE_THE_LAST_CHARACTER,
            SWAP_WORDS,
            REPEAT
        }

        String in(String line) {
            if (line.isEmpty()) {
                return what;
            }
            int at = where % line.length();
            List<String> words = new ArrayList<>(Arrays.asList(line.split(" ", -1)));
            int word = where % words.size();
            return switch (kind) {
                case LEAVE_OUT_A_CHARACTER -> line.substring(0, at) + line.substring(at + 1);
                case PUT_IN -> line.substring(0, at) + what + line.substring(at);
                case MOVE_THE_LAST_CHARACTER ->
                    line.substring(0, at) + line.charAt(line.length() - 1) + line.substring(at, line.length() - 1);
                case REPEAT -> line + "; " + line.substring(at);
                case LEAVE_OUT_A_WORD -> {
                    words.remove(word);
                    yield String.join(" ", words);
                }
                case REPLACE_A_WORD -> {
                    words.set(word, what);
                    yield String.join(" ", words);
                }
                case SWAP_WORDS -> {
                    Collections.swap(words, word, words.size() - 1);
                    yield String.join(" ", words);
                }
            };
        }
    }

    @Provide
    Arbitrary<List<Mistake>> mistakes() {
        Arbitrary<String> what = Arbitraries.oneOf(
                word(),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(3),
                Arbitraries.strings().numeric().ofMaxLength(20));
        return Combinators.combine(
                        Arbitraries.of(Mistake.Kind.values()),
                        Arbitraries.integers().between(0, 200),
                        what)
                .as(Mistake::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<String>> words() {
        return word().list().ofMaxSize(12);
    }

    private static Arbitrary<String> word() {
        return Arbitraries.of(
                "classic",
                "trip",
                "wait",
                "probes",
                "probe",
                "within",
                "slow",
                "limit",
                "consecutive",
                "failures",
                "of",
                "last",
                "calls",
                "call",
                "at",
                "least",
                "or",
                "to",
                ";",
                ",",
                "%",
                "50%",
                "100%",
                "0%",
                "1",
                "5",
                "0",
                "-1",
                "007",
                "10s",
                "1ms",
                "0h",
                "8760h",
                "8761h",
                "adaptive",
                "hang",
                "ramp",
                "health",
                "\u00a0",
                "\t",
                "\n",
                "\u2028",
                "\u0000",
                "５",
                "٣",
                "ſ",
                "𝟝",
                "İ",
                "\ud800",
                "\"",
                "\\");
    }

    // ---- any settings, through the public API

    @Provide
    Arbitrary<CircuitSettings> settings() {
        Arbitrary<CircuitSettings> waits = Combinators.combine(times(1), times(1))
                .as((one, other) -> one.equals(other)
                        ? CLASSIC.withWait(one)
                        : CLASSIC.withWait(
                                one.compareTo(other) < 0 ? one : other, one.compareTo(other) < 0 ? other : one));
        Arbitrary<int[]> probes = Arbitraries.integers()
                .between(1, 1_000)
                .flatMap(all -> Arbitraries.integers().between(1, all).map(needed -> new int[] {needed, all}));
        return Combinators.combine(
                        Arbitraries.oneOf(waits, times(1).map(CLASSIC::withWait)),
                        Arbitraries.oneOf(probes, Arbitraries.just(new int[] {1, 1})),
                        times(1).optional(),
                        times(1).optional(),
                        Arbitraries.integers().between(0, 1_000_000).optional(),
                        times(1).optional(),
                        Arbitraries.of(true, false),
                        rules())
                .as((settings, probe, lease, slow, limit, hang, learnt, rules) -> {
                    CircuitSettings all = settings.withProbes(probe[0], probe[1]);
                    all = lease.map(all::withProbeWithin).orElse(all);
                    if (limit.isPresent()) {
                        all = limit.get() == 0 ? all.withAdaptiveLimit() : all.withLimit(limit.get());
                    }
                    if (hang.isPresent()) {
                        all = learnt ? all.withHangLearnt() : all.withHang(hang.get());
                    }
                    TripRule trip = rules.stream().reduce(TripRule::or).orElseThrow();
                    boolean wantsSlow = trip.toString().contains("slow");
                    all = slow.isPresent() || wantsSlow ? all.withSlow(slow.orElse(TEN_SECONDS)) : all;
                    return all.withTrip(trip);
                });
    }

    private static Arbitrary<List<TripRule>> rules() {
        Arbitrary<TripRule> streaks =
                Arbitraries.integers().between(1, 1_000_000).map(TripRule::consecutive);
        Arbitrary<TripRule> within = Combinators.combine(Arbitraries.integers().between(1, 10_000), times(1))
                .as((failures, time) -> TripRule.failures(failures).within(time));
        Arbitrary<TripRule> overCalls = Arbitraries.integers()
                .between(1, 1_000_000)
                .flatMap(calls -> Combinators.combine(
                                rates(), Arbitraries.integers().between(1, calls))
                        .as((rate, least) -> rate.overCalls(calls).atLeast(least)));
        Arbitrary<TripRule> overTime = Combinators.combine(
                        rates(), times(10), Arbitraries.integers().between(1, 1_000_000))
                .as((rate, time, least) -> rate.overTime(time).atLeast(least));
        return Arbitraries.oneOf(streaks, within, overCalls, overTime)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .uniqueElements();
    }

    private static Arbitrary<TripRule.Rate> rates() {
        return Combinators.combine(
                        Arbitraries.of(true, false), Arbitraries.integers().between(1, 1_000_000))
                .as((slow, millionths) ->
                        slow ? TripRule.slowRate(millionths / 1e6) : TripRule.failureRate(millionths / 1e6));
    }

    /** Times of every unit, and with odd milliseconds. */
    private static Arbitrary<Duration> times(long leastMillis) {
        return Arbitraries.oneOf(
                Arbitraries.longs().between(leastMillis, 10_000).map(Duration::ofMillis),
                Arbitraries.longs().between(1, 10_000).map(Duration::ofSeconds),
                Arbitraries.longs().between(1, 525_600).map(Duration::ofMinutes),
                Arbitraries.longs().between(1, 8_760).map(Duration::ofHours),
                Arbitraries.longs().between(leastMillis, 31_536_000_000L).map(Duration::ofMillis));
    }
}
