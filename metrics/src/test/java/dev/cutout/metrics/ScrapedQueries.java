package dev.cutout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether queries ask for what is there: every metric, label and value that they name is looked up in a real scrape. Their grammar is left to
 * {@code promtool}.
 */
final class ScrapedQueries {
    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern SELECTOR = Pattern.compile("\\b(cutout_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");
    private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\(.*,\\s*(\\w+)\\)");

    private static final Pattern ALTERNATIVES = Pattern.compile("\\|");
    private static final Pattern COMMAS = Pattern.compile("\\s*,\\s*");

    /** What Prometheus adds to every series that it scrapes. */
    private static final Set<String> ADDED = Set.of("job", "instance");

    private final Scrape scrape;

    private ScrapedQueries(Scrape scrape) {
        this.scrape = scrape;
    }

    /** Against a scrape of a breaker that has all there can be. */
    static ScrapedQueries onEverything() throws IOException, InterruptedException {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        CircuitBreaker circuit = CircuitBreaker.builder("queried")
                .settings(CircuitSettings.parse("limit 10"))
                .onAnswer(new CallTimers(meters).withHistogram())
                .build();
        new CircuitBreakerMetrics(circuit).bindTo(meters);
        circuit.acquire().ignore();
        Permit late = circuit.acquire();
        circuit.reset();
        late.success();
        return new ScrapedQueries(Scrape.of(meters));
    }

    /** Fails at the first thing that is not there. Returns the metrics asked for. */
    Set<String> check(String query) {
        Set<String> asked = new HashSet<>();
        Set<String> labels = new HashSet<>(ADDED);
        Matcher selector = SELECTOR.matcher(query);
        while (selector.find()) {
            String metric = selector.group(1);
            assertThat(scrape.labels()).as("metrics, for \"%s\"", query).containsKey(metric);
            asked.add(metric);
            labels.addAll(scrape.labels().get(metric));
            if (selector.group(2) != null) {
                checkMatchers(metric, selector.group(2), query);
            }
        }
        assertThat(asked).as("metrics asked for by \"%s\"", query).isNotEmpty();
        Matcher grouping = GROUPING.matcher(TEXT.matcher(query).replaceAll("\"\""));
        while (grouping.find()) {
            assertThat(labels)
                    .as("labels, for \"%s\"", query)
                    .contains(COMMAS.split(grouping.group(1).strip(), -1));
        }
        Matcher values = LABEL_VALUES.matcher(query);
        if (values.matches()) {
            assertThat(labels).as("labels, for \"%s\"", query).contains(values.group(1));
        }
        return asked;
    }

    private void checkMatchers(String metric, String matchers, String query) {
        Set<String> labels = new HashSet<>(ADDED);
        labels.addAll(scrape.labels().get(metric));
        Matcher matcher = MATCHER.matcher(matchers);
        int found = 0;
        while (matcher.find()) {
            found++;
            String label = matcher.group(1);
            assertThat(labels).as("labels of %s, for \"%s\"", metric, query).contains(label);
            boolean isName = ADDED.contains(label) || label.equals(Meters.CIRCUIT); // of whoever is scraped
            for (String value : ALTERNATIVES.split(matcher.group(3), -1)) {
                if (!isName) {
                    assertThat(scrape.samples().keySet())
                            .as("series of \"%s\"", query)
                            .anyMatch(series ->
                                    series.startsWith(metric + "{") && series.contains(label + "=\"" + value + "\""));
                }
            }
        }
        assertThat(found).as("readable matchers in {%s}", matchers).isEqualTo(COMMAS.split(matchers, -1).length);
    }
}
