package dev.cutout;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads the one-line text form of {@link CircuitSettings}, where its grammar is documented.
 *
 * <p>The line is cut into words that know their column; clauses are read from left to right and only collected, then applied in
 * one fixed order, since clauses may stand in any order but some need others.
 */
final class SettingsParser {
    private static final String CLAUSES = "trip, wait, probes, probe within, slow, hang and limit";
    private static final String RULES =
            "\"adaptive\", \"5 consecutive\", \"5 failures within 10s\", \"50% of last 100 calls, at least 20\", "
                    + "\"50% of last 10s, at least 20\", or the last two with \"slow\" before \"of\"";
    private static final String WINDOWS = "write \"100 calls\", or a time such as \"10s\".";
    private static final Set<String> RESERVED = Set.of("ramp", "health");
    private static final int LONGEST_NUMBER = 9;
    private static final int LONGEST_QUOTE = 60;

    private enum Clause {
        TRIP("trip"),
        WAIT("wait"),
        PROBES("probes"),
        PROBE_WITHIN("probe within"),
        SLOW("slow"),
        HANG("hang"),
        LIMIT("limit");

        final String text;

        Clause(String text) {
            this.text = text;
        }
    }

    /** A run of characters without a space, comma or semicolon; or a comma or semicolon; or, empty, the end of the line. */
    private record Word(String text, int column) {
        boolean is(String wanted) {
            return text.equals(wanted);
        }
    }

    /** What a clause does to the settings, and where it stands. */
    private record Change(int column, Function<CircuitSettings, CircuitSettings> apply) {}

    private final String line;
    private final List<Word> words;
    private final Map<Clause, Change> changes = new HashMap<>();
    private int next;
    private CircuitSettings preset = CircuitSettings.classic();

    SettingsParser(String line) {
        this.line = line;
        this.words = split(line);
    }

    CircuitSettings parse() {
        if (peek().text().isEmpty()) {
            throw problem(
                    peek(), "nothing is written here; write a preset such as classic, or clauses: " + CLAUSES + ".");
        }
        if (peek().is("classic")) {
            next++;
        } else if (peek().is("adaptive")) {
            next++;
            preset = CircuitSettings.adaptive();
        } else {
            clause();
        }
        while (!peek().text().isEmpty()) {
            expect(";", "between clauses");
            clause();
        }
        return settings();
    }

    // ---- clauses

    private void clause() {
        Word word = take();
        switch (word.text()) {
            case "trip" -> tripClause(word);
            case "wait" -> waitClause(word);
            case "probes" -> probesClause(word);
            case "probe" -> {
                expect("within", "after probe, as in \"probe within 10s\"");
                Duration lease = time();
                add(Clause.PROBE_WITHIN, word, settings -> settings.withProbeWithin(lease));
            }
            case "slow" -> {
                Duration slow = time();
                add(Clause.SLOW, word, settings -> settings.withSlow(slow));
            }
            case "hang" -> hangClause(word);
            case "limit" -> limitClause(word);
            case "classic", "adaptive" -> throw problem(word, "a preset stands first, before all clauses, and once.");
            case "", ";" -> throw problem(word, "a clause is missing here; allowed are " + CLAUSES + ".");
            default -> throw unknown(word, "no clause", CLAUSES);
        }
    }

    private void tripClause(Word clause) {
        TripRule rules = rule();
        while (peek().is("or")) {
            next++;
            Word start = peek();
            TripRule rule = rule();
            TripRule before = rules;
            rules = attempt(start, () -> before.or(rule));
        }
        TripRule trip = rules;
        add(Clause.TRIP, clause, settings -> settings.withTrip(trip));
    }

    private TripRule rule() {
        Word start = take();
        if (start.is("adaptive")) {
            return TripRule.adaptive();
        }
        if (start.text().endsWith("%")) {
            return rate(start);
        }
        if (!startsWithDigit(start)) {
            throw unknown(start, "no trip rule", RULES);
        }
        int number = number(start, TripRule.MOST);
        Word kind = take();
        switch (kind.text()) {
            case "consecutive" -> {
                return attempt(start, () -> TripRule.consecutive(number));
            }
            case "failure", "failures" -> {
                expect("within", "as in \"5 failures within 10s\"");
                TripRule.Count count = attempt(start, () -> TripRule.failures(number));
                return count.within(time());
            }
            default -> throw unknown(kind, "no trip rule", RULES);
        }
    }

    private TripRule rate(Word start) {
        double share = percent(start);
        boolean slow = peek().is("slow");
        if (slow) {
            next++;
        }
        expect("of", "as in \"50% of last 100 calls, at least 20\"");
        expect("last", "as in \"50% of last 100 calls, at least 20\"");
        TripRule.Rate rate = attempt(start, () -> slow ? TripRule.slowRate(share) : TripRule.failureRate(share));
        Word size = peek();
        TripRule.Minimum over;
        if (isPlainNumber(size)) {
            int calls = number(take(), TripRule.MOST);
            Word unit = take();
            if (!unit.is("calls") && !unit.is("call")) {
                throw problem(unit, describe(unit) + " stands where \"calls\" is expected; " + WINDOWS);
            }
            over = attempt(size, () -> rate.overCalls(calls));
        } else if (!startsWithDigit(size)) {
            throw problem(size, describe(size) + " is no window; " + WINDOWS);
        } else {
            Duration time = time();
            over = attempt(size, () -> rate.overTime(time));
        }
        if (!peek().is(",")) {
            throw problem(peek(), "a rate wants the least number of calls it is judged by: write \", at least 20\".");
        }
        next++;
        expect("at", "as in \", at least 20\"");
        expect("least", "as in \", at least 20\"");
        Word minimum = peek();
        int least = number(take(), TripRule.MOST);
        return attempt(minimum, () -> over.atLeast(least));
    }

    private void waitClause(Word clause) {
        if (peek().is("adaptive")) {
            next++;
            adaptiveWait(clause);
            return;
        }
        Word start = peek();
        Duration first = time();
        if (!peek().is("to")) {
            add(Clause.WAIT, clause, settings -> settings.withWait(first));
            return;
        }
        next++;
        Duration longest = time();
        attempt(start, () -> CircuitSettings.classic().withWait(first, longest));
        add(Clause.WAIT, clause, settings -> settings.withWait(first, longest));
    }

    private void adaptiveWait(Word clause) {
        Word start = peek();
        if (!startsWithDigit(start)) {
            add(Clause.WAIT, clause, CircuitSettings::withAdaptiveWait);
            return;
        }
        Duration shortest = time();
        expect("to", "as in \"wait adaptive 1s to 60s\"");
        Duration longest = time();
        attempt(start, () -> CircuitSettings.classic().withAdaptiveWait(shortest, longest));
        add(Clause.WAIT, clause, settings -> settings.withAdaptiveWait(shortest, longest));
    }

    private void probesClause(Word clause) {
        Word start = peek();
        int first = number(take(), CircuitSettings.MOST_PROBES);
        int probes = first;
        if (peek().is("of")) {
            next++;
            probes = number(take(), CircuitSettings.MOST_PROBES);
        }
        int all = probes;
        attempt(start, () -> CircuitSettings.classic().withProbes(first, all));
        add(Clause.PROBES, clause, settings -> settings.withProbes(first, all));
    }

    private void hangClause(Word clause) {
        if (peek().is("learnt")) {
            next++;
            add(Clause.HANG, clause, CircuitSettings::withHangLearnt);
            return;
        }
        Duration hang = time();
        add(Clause.HANG, clause, settings -> settings.withHang(hang));
    }

    private void limitClause(Word clause) {
        Word start = peek();
        if (start.is("adaptive")) {
            next++;
            add(Clause.LIMIT, clause, CircuitSettings::withAdaptiveLimit);
            return;
        }
        int limit = number(take(), CircuitSettings.MOST_CALLS_IN_FLIGHT);
        attempt(start, () -> CircuitSettings.classic().withLimit(limit));
        add(Clause.LIMIT, clause, settings -> settings.withLimit(limit));
    }

    private void add(Clause clause, Word word, Function<CircuitSettings, CircuitSettings> change) {
        Change earlier = changes.putIfAbsent(clause, new Change(word.column(), change));
        if (earlier != null) {
            throw problem(
                    word,
                    "the clause " + clause.text + " stands twice; the first is at column " + earlier.column() + ".");
        }
    }

    private CircuitSettings settings() {
        CircuitSettings settings = preset;
        // What is slow comes before the rule that may ask for it; the rest can stand in any order.
        List<Clause> order = List.of(
                Clause.SLOW, Clause.TRIP, Clause.WAIT, Clause.PROBES, Clause.PROBE_WITHIN, Clause.HANG, Clause.LIMIT);
        for (Clause clause : order) {
            Change change = changes.get(clause);
            if (change != null) {
                CircuitSettings before = settings;
                settings = attempt(
                        new Word(clause.text, change.column()),
                        () -> change.apply().apply(before));
            }
        }
        return settings;
    }

    // ---- words

    private Duration time() {
        Word word = take();
        String text = word.text();
        int digits = 0;
        while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
        }
        long unit = DurationText.millisIn(text.substring(digits));
        if (digits == 0 || unit == 0) {
            throw problem(
                    word,
                    describe(word)
                            + " is no time; write a whole number and its unit without a space: 500ms, 30s, 2m or 1h.");
        }
        long millis = digits > LONGEST_NUMBER + 2 ? 0 : Long.parseLong(text.substring(0, digits)) * unit;
        if (millis < CircuitSettings.SHORTEST.toMillis() || millis > CircuitSettings.LONGEST.toMillis()) {
            throw problem(word, quoted(word) + " is not allowed; a time is 1ms to 8760h.");
        }
        return Duration.ofMillis(millis);
    }

    /** A whole number; whether it is allowed is for the setter to say, which knows what it is for. */
    private int number(Word word, int most) {
        if (!isPlainNumber(word)) {
            throw problem(
                    word, String.format(Locale.ROOT, "%s is no whole number; give 1 to %,d.", describe(word), most));
        }
        if (word.text().length() > LONGEST_NUMBER) {
            throw problem(word, String.format(Locale.ROOT, "%s is not allowed; give 1 to %,d.", quoted(word), most));
        }
        return Integer.parseInt(word.text());
    }

    private double percent(Word word) {
        String digits = word.text().substring(0, word.text().length() - 1);
        if (!digits.matches("[0-9]{1,3}(\\.[0-9]{1,4})?")) {
            throw problem(word, quoted(word) + " is no percentage; write 0.0001% to 100%, with at most four decimals.");
        }
        BigDecimal share = new BigDecimal(digits).movePointLeft(2);
        if (share.signum() == 0 || share.compareTo(BigDecimal.ONE) > 0) {
            throw problem(word, quoted(word) + " is not allowed; a percentage is above 0% and at most 100%.");
        }
        return share.doubleValue();
    }

    private static boolean startsWithDigit(Word word) {
        return !word.text().isEmpty() && isDigit(word.text().charAt(0));
    }

    private static boolean isPlainNumber(Word word) {
        return !word.text().isEmpty() && word.text().chars().allMatch(SettingsParser::isDigit);
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private Word peek() {
        return words.get(next);
    }

    /** The next word, which stays the end of the line once that is reached. */
    private Word take() {
        Word word = words.get(next);
        if (!word.text().isEmpty()) {
            next++;
        }
        return word;
    }

    private void expect(String wanted, String where) {
        Word word = take();
        if (!word.is(wanted)) {
            throw problem(word, describe(word) + " stands where \"" + wanted + "\" is expected, " + where + ".");
        }
    }

    // ---- problems

    private SettingsSyntaxException problem(Word word, String problem) {
        boolean lower = word.text().equals(word.text().toLowerCase(Locale.ROOT));
        return new SettingsSyntaxException(
                line, word.column(), lower ? problem : problem + " Settings are written in lower case.");
    }

    private SettingsSyntaxException unknown(Word word, String what, String allowed) {
        if (RESERVED.contains(word.text())) {
            return reserved(word, word.text());
        }
        return problem(word, describe(word) + " is " + what + "; allowed are " + allowed + ".");
    }

    private SettingsSyntaxException reserved(Word word, String words) {
        return problem(word, "\"" + words + "\" is reserved for a later version and does nothing yet; leave it out.");
    }

    /** Runs a setter and, if it refuses its argument, says the same with the column. */
    private <V> V attempt(Word word, Supplier<V> setter) {
        try {
            return setter.get();
        } catch (IllegalArgumentException e) {
            throw problem(word, String.valueOf(e.getMessage()));
        }
    }

    private static String quoted(Word word) {
        String text = word.text();
        return "\"" + (text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…") + "\"";
    }

    private static String describe(Word word) {
        return word.text().isEmpty() ? "the end of the line" : quoted(word);
    }

    private static List<Word> split(String line) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (isSpace(c)) {
                at++;
            } else if (isPunctuation(c)) {
                words.add(new Word(String.valueOf(c), at + 1));
                at++;
            } else {
                int start = at;
                while (at < line.length() && !isSpace(line.charAt(at)) && !isPunctuation(line.charAt(at))) {
                    at++;
                }
                words.add(new Word(line.substring(start, at), start + 1));
            }
        }
        words.add(new Word("", line.length() + 1));
        return words;
    }

    /** Non-breaking spaces too: lines are copied from web pages. */
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isPunctuation(char c) {
        return c == ';' || c == ',';
    }
}
