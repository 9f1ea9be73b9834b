package dev.cutout.lab.simulate;

import dev.cutout.CircuitEvent;
import dev.cutout.lab.simulate.Timeline.Series;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** The page of one world: the figures of each breaker beside the oracle's, then for each its charts, its events and its numbers. */
final class RunPage {
    /** More would be read by nobody. */
    private static final int MOST_EVENTS = 500;

    private static final double NANOS = 1e9;
    private static final FiguresText.Line REGRET = FiguresText.LINES.get(0);

    private final Html html;
    private final List<Run> runs;
    private final Map<String, Figures> figures;
    private final Charts.Scale scale;

    private RunPage(Html html, List<Run> runs, Map<String, Figures> figures) {
        this.html = html;
        this.runs = runs;
        this.figures = figures;
        scale = Charts.Scale.of(runs);
    }

    /**
     * Writes the page.
     *
     * @param asked the world as it was asked for: its name, or its line
     * @param seeds a sentence about them
     * @param runs the runs to draw, of the same world and seed; the last is the oracle's
     * @param figures by the names of the runs' guards
     */
    static String of(String asked, String seeds, String command, List<Run> runs, Map<String, Figures> figures) {
        return Page.of(
                "cutout simulate: " + asked, command, html -> new RunPage(html, runs, figures).write(asked, seeds));
    }

    private void write(String asked, String seeds) {
        World world = runs.get(0).world();
        html.open("header").element("p", "cutout simulate", "class", "kicker").element("h1", asked);
        if (!asked.equals(world.toString())) {
            html.open("p", "class", "world").element("code", world.toString()).close();
        }
        html.element("p", seeds).close().newLine();
        table();
        slider();
        for (int i = 0; i < runs.size(); i++) {
            run(i);
        }
    }

    private Figures figuresOf(Run run) {
        return Objects.requireNonNull(figures.get(run.guards()), run.guards());
    }

    /** How a run is called where its guards' name is too long; the oracle's needs no other name. */
    private String letter(int run) {
        return run == runs.size() - 1 ? "" : FiguresText.header(runs.size() - 1).get(run);
    }

    private void name(int run) {
        if (!letter(run).isEmpty()) {
            html.element("span", letter(run), "class", "letter").text(" ");
        }
        html.text(runs.get(run).guards());
    }

    // ---- the figures

    private void table() {
        html.open("section", "aria-labelledby", "figures").element("h2", "Figures", "id", "figures");
        html.open("p", "class", "lead").element("b", "Regret");
        html.text(
                " is what deciding cost: good calls that the oracle had and this breaker did not, plus attempts that failed and would not"
                        + " have with the oracle, which knows with no delay how the upstream is. Less is better; docs/worlds.md describes the others.");
        html.close();
        html.open("div", "class", "wide", "tabindex", "0", "role", "group", "aria-label", "Table of figures");
        html.open("table", "class", "figures").open("thead").open("tr");
        html.element("th", "breaker", "scope", "col");
        for (FiguresText.Line line : FiguresText.LINES) {
            html.element("th", line.name(), "scope", "col");
        }
        html.close().close().newLine().open("tbody");
        double worst =
                runs.stream().mapToDouble(run -> figuresOf(run).regret()).max().orElse(0);
        for (int i = 0; i < runs.size(); i++) {
            html.open("tr").open("th", "scope", "row").open("a", "href", "#run-" + i);
            name(i);
            html.close().close();
            Figures values = figuresOf(runs.get(i));
            double share = worst > 0 ? Math.max(0, values.regret()) / worst : 0;
            html.open("td").text(REGRET.of(values));
            html.open("i", "class", "bar", "style", String.format(Locale.ROOT, "width: %.1f%%", 100 * share));
            html.close().close();
            for (FiguresText.Line line : FiguresText.LINES.subList(1, FiguresText.LINES.size())) {
                html.element("td", line.of(values));
            }
            html.close().newLine();
        }
        html.close().close().close().close().newLine();
    }

    /** Moves the cursor of all charts. Hidden, until the script has it do something. */
    private void slider() {
        Slices slices = slices(runs.get(0));
        html.open(
                "form",
                "id",
                "time",
                "hidden",
                "hidden",
                "data-left",
                String.valueOf(Plot.LEFT),
                "data-width",
                String.valueOf(Plot.WIDTH),
                "data-seconds",
                String.valueOf(slices.seconds()),
                "data-step",
                String.valueOf(slices.step()));
        html.element("label", "Time", "for", "slice");
        html.empty(
                "input",
                "id",
                "slice",
                "type",
                "range",
                "min",
                "0",
                "max",
                String.valueOf(slices.count() - 1),
                "value",
                "0");
        html.open("output", "for", "slice").close();
        html.element("span", "point at a chart, or use the arrow keys", "class", "hint");
        html.close().newLine();
    }

    // ---- a run

    private static Slices slices(Run run) {
        return Slices.of(run.timeline(), Charts.MOST_SLICES);
    }

    private void run(int i) {
        Run run = runs.get(i);
        String id = "run-" + i;
        html.open("section", "class", "run", "id", id, "aria-labelledby", id + "-name");
        html.open("h2", "id", id + "-name");
        name(i);
        html.close();
        html.open("p", "class", "lead").text("Regret ");
        html.element("b", REGRET.of(figuresOf(run))).text(" % of the calls.");
        if (letter(i).isEmpty()) {
            html.text(
                    " It sends what is more likely to succeed than not, and would be answered in time: the measure of all others.");
        }
        html.close().newLine();
        html.open("dl", "class", "now").close().newLine();
        html.open("div", "class", "wide charts", "tabindex", "0", "role", "group", "aria-label", "Charts");
        new Charts(html, run, scale).draw();
        html.close();
        events(run);
        numbers(slices(run));
        html.close().newLine();
    }

    private void events(Run run) {
        List<CircuitEvent> moves = run.events().stream()
                .filter(event -> event instanceof CircuitEvent.Opened || event instanceof CircuitEvent.Closed)
                .toList();
        if (moves.isEmpty()) {
            return;
        }
        long openings =
                moves.stream().filter(CircuitEvent.Opened.class::isInstance).count();
        html.element("h3", "Opened " + times(openings) + ", closed " + times(moves.size() - openings));
        html.open("div", "class", "events", "tabindex", "0", "role", "group", "aria-label", "Openings and closings");
        html.open("table").open("thead").open("tr");
        for (String head : List.of("time", "instance", "what", "because")) {
            html.element("th", head, "scope", "col");
        }
        html.close().close().open("tbody").newLine();
        for (CircuitEvent move : moves.subList(0, Math.min(MOST_EVENTS, moves.size()))) {
            html.open("tr").element("td", String.format(Locale.ROOT, "%.3f s", move.nanos() / NANOS));
            html.element("td", move.circuit());
            if (move instanceof CircuitEvent.Opened opened) {
                html.open("td").element("span", "opened", "class", "state open").close();
                html.element(
                        "td",
                        opened.evidence() + opened.probeIn().map(RunPage::probe).orElse(""));
            } else if (move instanceof CircuitEvent.Closed closed) {
                html.open("td")
                        .element("span", "closed", "class", "state closed")
                        .close();
                html.element("td", closed.evidence());
            }
            html.close().newLine();
        }
        html.close().close();
        if (moves.size() > MOST_EVENTS) {
            html.element("p", "And " + (moves.size() - MOST_EVENTS) + " more.");
        }
        html.close().newLine();
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }

    private static String probe(Duration in) {
        return String.format(Locale.ROOT, "; next probe in %.3f s", in.toNanos() / NANOS);
    }

    /** What the charts show, as numbers. The script reads them from here. */
    private void numbers(Slices slices) {
        String of = slices.step() == 1 ? "each second" : "each " + slices.step() + " s, a second on average";
        html.open("details").element("summary", "The numbers of " + of);
        html.open("div", "class", "wide", "tabindex", "0", "role", "group", "aria-label", "Table of numbers");
        html.open("table", "class", "numbers").open("thead").open("tr");
        for (String head : List.of(
                "second",
                "offered",
                "admitted",
                "good",
                "failed",
                "failed, %",
                "refused",
                "open, %",
                "half-open, %",
                "capacity",
                "queued")) {
            html.element("th", head, "scope", "col");
        }
        html.close().close().newLine().open("tbody").newLine();
        for (int slice = 0; slice < slices.count(); slice++) {
            String second = slices.step() == 1
                    ? String.valueOf(slices.from(slice))
                    : slices.from(slice) + " to " + slices.to(slice);
            html.open("tr").element("th", second, "scope", "row");
            number(slices.mean(Series.OFFERED, slice));
            number(slices.mean(Series.ADMITTED, slice));
            number(slices.mean(Series.SUCCEEDED, slice));
            number(slices.mean(Series.FAILED, slice));
            percent(slices.failureRate(slice));
            number(slices.mean(Series.REFUSED, slice));
            percent(slices.mean(Series.OPEN, slice));
            percent(slices.mean(Series.HALF_OPEN, slice));
            number(slices.mean(Series.CAPACITY, slice));
            number(slices.mean(Series.QUEUED, slice));
            html.close().newLine();
        }
        html.close().close().close().close().newLine();
    }

    private void number(double value) {
        html.element("td", Charts.number(value));
    }

    private void percent(double share) {
        html.element("td", FiguresText.number("%.0f", 100 * share));
    }
}
