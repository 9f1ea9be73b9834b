package dev.cutout.lab.demo;

import dev.cutout.lab.Ink;
import dev.cutout.lab.demo.CallerStatistics.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** What service A suffered, with and without the breaker, side by side, as lines of text. */
final class Comparison {
    private static final String ROW = "%-52s %18s %14s";

    private final Script script;
    private final String settings;
    private final Figures with;
    private final Figures without;
    private final Ink ink;
    private final List<String> lines = new ArrayList<>();

    private Comparison(Script script, String settings, Figures with, Figures without, Ink ink) {
        this.script = script;
        this.settings = settings;
        this.with = with;
        this.without = without;
        this.ink = ink;
    }

    /** {@code settings} are the breaker's, so that what two shows came to can be laid side by side. */
    static List<String> lines(Script script, String settings, Figures with, Figures without, Ink ink) {
        Comparison comparison = new Comparison(script, settings, with, without, ink);
        comparison.table();
        comparison.definitions();
        comparison.takeAway();
        return List.copyOf(comparison.lines);
    }

    private void table() {
        String head = String.format(Locale.ROOT, ROW, "What service A suffered", "with the breaker", "without it");
        lines.add("");
        lines.add(ink.bold(head));
        lines.add("-".repeat(head.length()));
        lines.add("the breaker: " + ink.bold(settings));
        counts("callers who came", with.callers(), without.callers());
        counts("  got B's answer", with.got(Answer.FROM_B), without.got(Answer.FROM_B));
        counts("  got the fallback answer", with.got(Answer.FALLBACK), without.got(Answer.FALLBACK));
        counts("    though B was well", with.needless(), without.needless());
        counts("  got an error", with.got(Answer.ERROR), without.got(Answer.ERROR));
        if (with.unanswered() + without.unanswered() > 0) {
            counts("  still waiting at the end", with.unanswered(), without.unanswered());
        }
        waits("wait of a caller (1), p50", with.median(), without.median());
        waits("                      p99", with.p99(), without.p99());
        waits("  of those who came during a fault, p50", with.troubledMedian(), without.troubledMedian());
        waits("                                    p99", with.troubledP99(), without.troubledP99());
        counts("most threads stuck at once (2)", with.mostStuck(), without.mostStuck());
        counts("calls that hit the dead B (3)", with.allHits(), without.allHits());
        if (script.faults().size() > 1) {
            for (Fault fault : script.faults()) {
                counts("  " + fault.during, with.hits(fault), without.hits(fault));
            }
        }
        row("time until traffic was normal again (4)", "", "");
        for (Fault fault : script.faults()) {
            row("  " + fault.after, normal(with, fault), normal(without, fault));
        }
    }

    private void definitions() {
        lines.add("");
        lines.add(
                ink.faint("(1) from its arrival to its answer, of whatever kind; p99: 1 caller in 100 waited longer"));
        lines.add(ink.faint("(2) threads of A, of " + Storefront.THREADS
                + ", held by callers waiting for B, all their tries included"));
        lines.add(ink.faint("(3) calls sent to B while the fault was in force"));
        lines.add(ink.faint(String.format(
                Locale.ROOT,
                "(4) from B's recovery until, for %s, every caller who comes gets B's own answer within %d ms",
                Measure.seconds(Figures.NORMAL_SPELL),
                Figures.NORMAL_WAIT.toMillis())));
    }

    /** Two lines, made of the measured figures: whatever the settings, they say what happened. */
    private void takeAway() {
        lines.add("");
        lines.add(ink.bold(String.format(
                Locale.ROOT,
                "At most %d of A's threads were stuck with the breaker, %d without; p99 was %s, and %s without.",
                with.mostStuck(),
                without.mostStuck(),
                Measure.waited(with.p99()),
                Measure.waited(without.p99()))));
        lines.add(ink.bold(spared() + "; " + recovered() + "."));
    }

    private String spared() {
        int few = with.allHits();
        int many = without.allHits();
        return few < many
                ? "It kept " + Measure.count(many - few) + " of " + Measure.count(many) + " calls from the dead B"
                : "It kept no calls from the dead B";
    }

    private String recovered() {
        if (script.faults().stream().anyMatch(fault -> normalAfter(with, fault).isEmpty())) {
            return "traffic was not normal again within every scene";
        }
        long latest = script.faults().stream()
                .mapToLong(fault -> normalAfter(with, fault).orElse(0))
                .max()
                .orElse(0);
        return "traffic was normal at most " + Measure.seconds(latest) + " after B's recovery";
    }

    private static OptionalLong normalAfter(Figures figures, Fault fault) {
        return figures.normalAfter().getOrDefault(fault, OptionalLong.empty());
    }

    private static String normal(Figures figures, Fault fault) {
        OptionalLong time = normalAfter(figures, fault);
        return time.isPresent() ? Measure.seconds(time.getAsLong()) : "not in time";
    }

    private void counts(String what, int with, int without) {
        row(what, Measure.count(with), Measure.count(without));
    }

    private void waits(String what, long with, long without) {
        row(what, Measure.waited(with), Measure.waited(without));
    }

    private void row(String what, String with, String without) {
        lines.add(String.format(Locale.ROOT, ROW, what, with, without).stripTrailing());
    }
}
