package dev.cutout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.CircuitBreaker;
import dev.cutout.CircuitSettings;
import dev.cutout.Permit;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is registered is what was reviewed: {@code metrics/meters.txt}, which dashboards and alerts of others stand on. */
class MetersTest {
    private static final String REWRITE = "mvn -pl metrics -am test -Dtest='*ApiTest,MetersTest' -Dmeters.write=true";

    /** Of a breaker that has all there can be: successes, durations of every outcome, and a limit. */
    private static SimpleMeterRegistry everything() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        CircuitBreaker circuit = CircuitBreaker.builder("inventory")
                .settings(CircuitSettings.parse("limit 10"))
                .onAnswer(new CallTimers(meters))
                .build();
        new CircuitBreakerMetrics(circuit).bindTo(meters);
        circuit.acquire().ignore();
        Permit late = circuit.acquire();
        circuit.reset();
        late.success();
        return meters;
    }

    @Test
    void areThoseOfTheReviewedList() throws IOException {
        List<String> registered =
                everything().getMeters().stream().map(MetersTest::line).sorted().toList();
        Path reviewed = Repository.FOLDER.resolve("metrics/meters.txt");
        String text = "# Every meter of a circuit breaker. Written by: " + REWRITE + "\n"
                + String.join("\n", registered) + "\n";
        if (Boolean.getBoolean("meters.write")) {
            Files.writeString(reviewed, text);
        }
        assertThat(text)
                .as("if this is meant, run %s and have metrics/meters.txt reviewed with the change", REWRITE)
                .isEqualTo(Files.readString(reviewed));
    }

    private static String line(Meter meter) {
        Meter.Id id = meter.getId();
        String tags = id.getTags().stream()
                .filter(tag -> !tag.getKey().equals(Meters.CIRCUIT))
                .map(tag -> tag.getKey() + "=" + tag.getValue())
                .collect(Collectors.joining(", "));
        return id.getName() + " {" + tags + "} " + id.getType().name().toLowerCase(Locale.ROOT)
                + (id.getBaseUnit() == null ? "" : " in " + id.getBaseUnit()) + ": " + id.getDescription();
    }

    @Test
    void followTheConventionsOfMicrometer() {
        assertThat(everything().getMeters()).isNotEmpty().allSatisfy(meter -> {
            assertThat(meter.getId().getName()).matches("cutout\\.circuit(\\.[a-z]+)+");
            assertThat(meter.getId().getTag(Meters.CIRCUIT)).isEqualTo("inventory");
            assertThat(meter.getId().getDescription()).isNotBlank().doesNotEndWith(".");
            for (Tag tag : meter.getId().getTags()) {
                assertThat(tag.getKey()).matches("[a-z]+");
                assertThat(tag.getValue()).matches("[a-z_]+");
            }
        });
    }

    /** A name that is not explained is a name that nobody alerts on. */
    @Test
    void areAllExplainedOnThePage() throws IOException {
        String page = Files.readString(Repository.FOLDER.resolve("docs/metrics.md"));
        assertThat(everything().getMeters().stream()
                        .map(meter -> "`" + meter.getId().getName() + "`")
                        .distinct())
                .allSatisfy(name -> assertThat(page).contains(name));
    }
}
