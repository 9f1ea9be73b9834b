package dev.cutout.lab.simulate;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page of the suite: the regret of each breaker in each world, as a heat map. */
final class SuitePage {
    /** From here on the colour grows no more. Fixed, so that two pages can be laid side by side. */
    private static final int HOTTEST = 30;

    private SuitePage() {}

    /**
     * Writes the page.
     *
     * @param seeds a sentence about them
     * @param names of the breakers
     * @param regrets of each world, in the order of the names
     * @param means of the worlds, in that order
     */
    static String of(String seeds, String command, List<String> names, Map<String, double[]> regrets, double[] means) {
        return Page.of("cutout simulate: the suite", command, html -> {
            html.open("header").element("p", "cutout simulate", "class", "kicker");
            html.element("h1", "The suite: regret in " + regrets.size() + " worlds");
            html.element("p", seeds);
            html.open("p", "class", "lead").element("b", "Regret");
            html.text(
                    ", in % of the calls, is good calls that the oracle had and this breaker did not, plus attempts that failed and would"
                            + " not have with the oracle. Less is better: the least of a row is underlined. The colour grows up to "
                            + HOTTEST + " %.");
            html.close().close().newLine();
            table(html, names, regrets, means);
        });
    }

    private static void table(Html html, List<String> names, Map<String, double[]> regrets, double[] means) {
        html.open("div", "class", "wide", "tabindex", "0", "role", "group", "aria-label", "Table of regrets");
        html.open("table", "class", "heat").open("thead").open("tr").element("th", "world", "scope", "col");
        for (int i = 0; i < names.size(); i++) {
            html.open("th", "scope", "col");
            html.element("span", FiguresText.header(names.size()).get(i), "class", "letter");
            html.text(" " + names.get(i)).close();
        }
        html.close().close().newLine().open("tbody").newLine();
        for (Map.Entry<String, double[]> row : regrets.entrySet()) {
            row(html, row.getKey(), row.getValue());
        }
        html.close().open("tfoot");
        row(html, "mean", means);
        html.close().close().close().newLine();
    }

    private static void row(Html html, String name, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        html.open("tr").element("th", name, "scope", "row");
        for (double value : values) {
            double heat =
                    StrictMath.sqrt(Math.min(1, Math.max(0, value) / HOTTEST)); // the root: small differences count too
            html.open("td", "style", String.format(Locale.ROOT, "--heat: %.1f%%", 100 * heat));
            html.element(value == least && least < most ? "u" : "span", FiguresText.number("%.2f", value));
            html.close();
        }
        html.close().newLine();
    }
}
