package dev.cutout.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/**
 * The alert rules ask for what a scrape holds, and each is explained. Whether they fire when they should is for {@code promtool test rules
 * metrics/prometheus/alerts-test.yml}.
 */
class AlertRulesTest {
    private static List<Map<String, Object>> rules() throws IOException {
        Map<String, List<Map<String, Object>>> file =
                new Yaml().load(Files.readString(Repository.FOLDER.resolve("metrics/prometheus/alerts.yml")));
        List<Map<String, Object>> rules = new ArrayList<>();
        for (Map<String, Object> group : file.get("groups")) {
            for (Object rule : (List<?>) group.get("rules")) {
                rules.add(castToMap(rule));
            }
        }
        return rules;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castToMap(Object yaml) {
        return (Map<String, Object>) yaml;
    }

    @Test
    void askForWhatIsThere() throws IOException, InterruptedException {
        ScrapedQueries queries = ScrapedQueries.onEverything();
        assertThat(rules()).hasSizeGreaterThan(5);
        for (Map<String, Object> rule : rules()) {
            assertThat(queries.check((String) rule.get("expr"))).isNotEmpty();
        }
    }

    @Test
    void sayWhatIsWrongAndHowBad() throws IOException {
        for (Map<String, Object> rule : rules()) {
            String alert = (String) rule.get("alert");
            assertThat(castToMap(rule.get("labels")).get("severity")).as(alert).isIn("critical", "warning", "info");
            assertThat(castToMap(rule.get("annotations")).keySet())
                    .as(alert)
                    .containsExactlyInAnyOrder("summary", "description");
            assertThat((String) castToMap(rule.get("annotations")).get("summary"))
                    .as(alert)
                    .contains("{{ $labels.circuit }}");
        }
    }

    /** For somebody at three in the morning, and beside it a test of when it fires. */
    @Test
    void areEachExplainedOnThePageAndTested() throws IOException {
        String page = Files.readString(Repository.FOLDER.resolve("docs/metrics.md"));
        String tests = Files.readString(Repository.FOLDER.resolve("metrics/prometheus/alerts-test.yml"));
        for (Map<String, Object> rule : rules()) {
            assertThat(page).contains("`" + rule.get("alert") + "`");
            assertThat(tests).contains("alertname: " + rule.get("alert"));
        }
    }
}
