package dev.cutout.metrics;

import static dev.cutout.metrics.Outage.fail;
import static dev.cutout.metrics.Outage.refuse;
import static dev.cutout.metrics.Outage.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.HandWoundTicker;
import dev.cutout.Hold;
import dev.cutout.Permit;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The story of an outage, as it reads in real scrapes of Prometheus. */
class PrometheusTest {
    private final HandWoundTicker ticker = new HandWoundTicker();
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final CircuitBreaker inventory = CircuitBreaker.builder("inventory")
            .settings(CircuitSettings.parse("trip 5 consecutive; wait 30s; slow 2s; limit 10"))
            .ticker(ticker)
            .onAnswer(new CallTimers(meters).withHistogram())
            .build();
    private final Map<String, Double> counters = new HashMap<>();

    PrometheusTest() {
        new CircuitBreakerMetrics(inventory).bindTo(meters);
    }

    @AfterEach
    void close() {
        meters.close();
    }

    /** A scrape in which no counter is lower than in the one before. */
    private Scrape scrape() throws IOException, InterruptedException {
        Scrape scrape = Scrape.of(meters);
        scrape.samples().forEach((series, value) -> {
            assertThat(value).as(series).isNotNaN();
            if (series.matches("\\w+_(total|count|sum|bucket)\\{.*")) {
                Double before = counters.put(series, value);
                assertThat(value).as(series).isGreaterThanOrEqualTo(before == null ? 0 : before);
            }
        });
        return scrape;
    }

    private void reads(String... lines) throws IOException, InterruptedException {
        Scrape scrape = scrape();
        for (String line : lines) {
            String series = line.substring(0, line.lastIndexOf(' '));
            String full = series.contains("{")
                    ? series.replace("{", "{circuit=\"inventory\",")
                    : series + "{circuit=\"inventory\"}";
            assertThat(scrape.value("cutout_circuit_" + full))
                    .as(line)
                    .isEqualTo(Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
        }
    }

    @Test
    void tellsTheStoryOfAnOutage() throws IOException, InterruptedException {
        reads(
                "state{state=\"closed\"} 1",
                "state{state=\"open\"} 0",
                "suspicion 0",
                "transitions_total{from=\"closed\",to=\"open\"} 0",
                "refusals_total{reason=\"open\"} 0",
                "calls_total{outcome=\"success\"} 0",
                "calls_limit 10");

        succeed(inventory, 7);
        inventory.run(() -> ticker.advance(Duration.ofMillis(2500)));
        inventory.acquire().ignore();
        Permit late = inventory.acquire();
        fail(inventory, 4);
        reads(
                "state{state=\"closed\"} 1",
                "calls_total{outcome=\"success\"} 8",
                "calls_total{outcome=\"failure\"} 4",
                "calls_total{outcome=\"ignored\"} 1",
                "calls_in_flight 1",
                "slow_calls_total 1",
                "suspicion 0.75",
                "call_duration_seconds_count{outcome=\"success\"} 8",
                "call_duration_seconds_sum{outcome=\"success\"} 2.5");

        fail(inventory, 1);
        refuse(inventory, 20);
        ticker.advance(Duration.ofSeconds(10));
        late.success();
        reads(
                "state{state=\"closed\"} 0",
                "state{state=\"open\"} 1",
                "state_age_seconds 10",
                "state_time_seconds_total{state=\"closed\"} 2.5",
                "state_time_seconds_total{state=\"open\"} 10",
                "suspicion 1",
                "calls_total{outcome=\"late\"} 1",
                "calls_total{outcome=\"success\"} 8",
                "calls_in_flight 0",
                "refusals_total{reason=\"open\"} 20",
                "call_duration_seconds_count{outcome=\"late\"} 1",
                "transitions_total{from=\"closed\",to=\"open\"} 1");

        ticker.advance(Duration.ofSeconds(20));
        Permit probe = inventory.acquire();
        refuse(inventory, 3);
        reads(
                "state{state=\"half_open\"} 1",
                "probes_under_way 1",
                "probes_total 1",
                "refusals_total{reason=\"probes_taken\"} 3");

        probe.success();
        reads(
                "state{state=\"closed\"} 1",
                "probes_under_way 0",
                "state_time_seconds_total{state=\"open\"} 30",
                "transitions_total{from=\"open\",to=\"half_open\"} 1",
                "transitions_total{from=\"half_open\",to=\"closed\"} 1");

        inventory.hold(Hold.open().because("maintenance").by("ana"));
        refuse(inventory, 2);
        reads("state{state=\"open\"} 1", "hold{kind=\"open\"} 1", "refusals_total{reason=\"held\"} 2");

        inventory.hold(Hold.observing());
        fail(inventory, 1); // the probe that is due
        succeed(inventory, 6);
        reads("hold{kind=\"open\"} 0", "hold{kind=\"observing\"} 1", "calls_total{outcome=\"shadowed\"} 6");

        inventory.release();
        inventory.reset();
        inventory.reset();
        inventory.reconfigure(CircuitSettings.parse("trip 2 consecutive"));
        reads(
                "state{state=\"closed\"} 1",
                "hold{kind=\"observing\"} 0",
                "transitions_total{from=\"open\",to=\"closed\"} 1",
                "transitions_total{from=\"closed\",to=\"closed\"} 1",
                "calls_total{outcome=\"failure\"} 6",
                "lost_events_total 0");
    }

    /** Buckets, as {@code histogram_quantile} wants them. */
    @Test
    void hasAHistogramOfDurations() throws IOException, InterruptedException {
        inventory.run(() -> ticker.advance(Duration.ofMillis(80)));
        inventory.run(() -> ticker.advance(Duration.ofMillis(300)));

        Pattern bucket =
                Pattern.compile("cutout_circuit_call_duration_seconds_bucket\\{circuit=\"inventory\",le=\"(.*)\","
                        + "outcome=\"success\"}");
        Map<Double, Double> atMost = new TreeMap<>();
        scrape().samples().forEach((series, value) -> {
            Matcher matcher = bucket.matcher(series);
            if (matcher.matches()) {
                atMost.put(
                        matcher.group(1).equals("+Inf")
                                ? Double.POSITIVE_INFINITY
                                : Double.parseDouble(matcher.group(1)),
                        value);
            }
        });
        assertThat(atMost).hasSizeGreaterThan(50);
        atMost.forEach((limit, calls) ->
                assertThat(calls).as("calls of at most %s s", limit).isEqualTo(limit < 0.08 ? 0 : limit < 0.3 ? 1 : 2));
    }
}
