package dev.cutout.lab.demo;

import dev.cutout.CircuitState;
import dev.cutout.lab.Ink;
import dev.cutout.lab.demo.CallerStatistics.Moment;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * What the audience reads while the show runs: a legend, a title for each scene, a sentence when something happens, and
 * one line a second. Plain lines, one after the other: they can be scrolled back, piped and kept. Written to by several
 * threads, one line at a time.
 */
final class LiveReport {
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final Ink ink;
    private boolean closed;

    LiveReport(PrintStream out, Ink ink) {
        this.out = out;
        this.ink = ink;
    }

    /** What there is to see; {@code settings} is the breaker's line, {@code remark} what to know about it. */
    synchronized void legend(Script script, int rate, int seconds, String settings, String remark) {
        String faults =
                script.faults().size() == 1 ? "one fault" : script.faults().size() + " faults";
        say(ink.bold("Two services, one circuit breaker, " + faults + ", about " + seconds + " seconds"));
        say("");
        say("  Service A, a shop, asks service B, its inventory, " + rate
                + " times a second what is in stock, by turns");
        say("  over gRPC and HTTP. B looks it up in a SQL database. Each caller holds one of A's " + Storefront.THREADS
                + " threads.");
        say("  A waits " + Measure.seconds(script.timeout()) + " for an answer and tries " + Storefront.ATTEMPTS
                + " times in all. Everything is real, and runs twice at the");
        say("  same time for the same callers: " + ink.bold("with") + " a circuit breaker between A and B, and "
                + ink.bold("without") + ".");
        say("");
        say("  breaker   " + ink.bold(settings));
        say("            " + remark);
        say("  circuit   " + ink.good("CLOSED") + "     calls pass");
        say("            " + ink.bad("OPEN") + "       calls are refused: their callers get a fallback answer at once");
        say("            " + ink.warning("HALF_OPEN") + "  a few calls are let through, and decide");
        say("  sent      calls to B in that second;  failed: calls that ended in an error or a time-out;");
        say("            refused: calls not let through");
        say("  median    wait of the callers answered in that second;  slowest: the longest");
        say("  stuck     most of A's threads waiting for B at once;  200+12: all, and 12 callers without a thread");
    }

    /** A new scene; its lines follow under their own column heads. */
    synchronized void scene(String title) {
        String rule = "-- " + title + " ";
        say("");
        say(ink.bold(rule + "-".repeat(Math.max(0, WIDTH - rule.length()))));
        say(ink.faint("                                  with the breaker           |               without it"));
        say(
                ink.faint(
                        "   time  circuit    sent failed refused median slowest  stuck |  sent failed median slowest    stuck"));
    }

    /** Something happened. */
    synchronized void story(long nanos, String sentence) {
        say(time(nanos) + "  " + ink.bold(sentence));
    }

    /** The circuit moved; the sentence begins with the word for it. */
    synchronized void moved(long nanos, CircuitState to, String sentence) {
        // A failure's own text can be long, or several lines; the story needs its beginning, without package names.
        String line = "circuit " + sentence.replaceAll("\\s+", " ").replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "");
        int room = WIDTH - time(nanos).length() - 2;
        String cut = line.length() <= room ? line : line.substring(0, line.lastIndexOf(' ', room - 4)) + " ...";
        int word = cut.indexOf(':');
        say(time(nanos) + "  " + ink.state(to, cut.substring(0, word)) + cut.substring(word));
    }

    /** One second of both services. */
    synchronized void second(long nanos, CircuitState state, Moment with, Moment without) {
        say(time(nanos) + "  "
                + ink.state(state, String.format(Locale.ROOT, "%-9s", state))
                + String.format(Locale.ROOT, " %5d", with.sent())
                + failed(with)
                + paintIf(with.refused() > 0, ink::warning, String.format(Locale.ROOT, "%8s", dash(with.refused())))
                + waits(with)
                + stuck(with, 7)
                + ink.faint(" |")
                + String.format(Locale.ROOT, " %5d", without.sent())
                + failed(without)
                + waits(without)
                + stuck(without, 9));
    }

    /** Lines as they are. */
    synchronized void lines(List<String> lines) {
        lines.forEach(this::say);
    }

    /** From now on silent: whatever threads still say is no part of the story. */
    synchronized void close() {
        closed = true;
    }

    private void say(String line) {
        if (!closed) {
            out.println(line);
            out.flush();
        }
    }

    private static String time(long nanos) {
        return String.format(Locale.ROOT, "%7s", Measure.seconds(nanos));
    }

    private String failed(Moment moment) {
        return paintIf(moment.failed() > 0, ink::bad, String.format(Locale.ROOT, "%7s", dash(moment.failed())));
    }

    private String waits(Moment moment) {
        return String.format(Locale.ROOT, "%7s", Measure.waited(moment.median()))
                + paintIf(
                        moment.slowest() >= 1_000_000_000L,
                        ink::bad,
                        String.format(Locale.ROOT, "%8s", Measure.waited(moment.slowest())));
    }

    private String stuck(Moment moment, int width) {
        boolean full = moment.stuck() >= Storefront.THREADS;
        String text = full && moment.queue() > 0 ? moment.stuck() + "+" + moment.queue() : dash(moment.stuck());
        return paintIf(full, ink::bad, String.format(Locale.ROOT, "%" + width + "s", text));
    }

    private static String dash(int count) {
        return count == 0 ? "-" : Integer.toString(count);
    }

    private static String paintIf(boolean condition, UnaryOperator<String> paint, String text) {
        return condition ? paint.apply(text) : text;
    }
}
