package dev.cutout.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard for Grafana asks for what a scrape holds, and is put together as Grafana wants it. */
class DashboardTest {
    private static final Set<String> PANELS =
            Set.of("row", "timeseries", "state-timeline", "stat", "gauge", "table", "heatmap", "bargauge", "text");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([a-z]\\w*)}?");

    private final JsonObject dashboard;

    DashboardTest() throws IOException {
        dashboard = JsonParser.parseString(Files.readString(Repository.FOLDER.resolve("metrics/grafana/cutout.json")))
                .getAsJsonObject();
    }

    private List<JsonObject> panels() {
        return objects(dashboard, "panels");
    }

    private static List<JsonObject> objects(JsonObject of, String name) {
        List<JsonObject> objects = new ArrayList<>();
        if (of.has(name)) {
            for (JsonElement element : of.getAsJsonArray(name)) {
                objects.add(element.getAsJsonObject());
            }
        }
        return objects;
    }

    private List<JsonObject> variables() {
        return objects(dashboard.getAsJsonObject("templating"), "list");
    }

    @Test
    void asksForWhatIsThere() throws IOException, InterruptedException {
        ScrapedQueries queries = ScrapedQueries.onEverything();
        Set<String> shown = new TreeSet<>();
        for (JsonObject panel : panels()) {
            for (JsonObject target : objects(panel, "targets")) {
                shown.addAll(queries.check(target.get("expr").getAsString()));
            }
        }
        for (JsonObject variable : variables()) {
            if (variable.get("type").getAsString().equals("query")) {
                queries.check(variable.get("definition").getAsString());
            }
        }
        assertThat(shown).hasSizeGreaterThan(12);
    }

    /** So that the check above looks at something. */
    @Test
    void wouldBeFoundOutIfItAskedForSomethingElse() throws IOException, InterruptedException {
        ScrapedQueries queries = ScrapedQueries.onEverything();
        for (String wrong : List.of(
                "rate(cutout_circuit_call_total[5m])",
                "cutout_circuit_state{status=\"open\"}",
                "cutout_circuit_state{state=\"opened\"}",
                "cutout_circuit_state{state=~\"open|halfopen\"}",
                "sum by (name) (cutout_circuit_state)",
                "label_values(cutout_circuit_state, name)",
                "up")) {
            assertThatThrownBy(() -> queries.check(wrong)).as(wrong).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void isPutTogetherAsGrafanaWantsIt() {
        assertThat(dashboard.get("schemaVersion").getAsInt()).isGreaterThanOrEqualTo(36);
        assertThat(dashboard.get("title").getAsString()).isNotBlank();
        assertThat(dashboard.get("uid").getAsString()).matches("[\\w-]{1,40}");
        assertThat(dashboard.has("id")).as("an id belongs to one Grafana").isFalse();

        Set<Integer> ids = new HashSet<>();
        Set<String> taken = new HashSet<>();
        for (JsonObject panel : panels()) {
            String title = panel.get("title").getAsString();
            assertThat(ids.add(panel.get("id").getAsInt()))
                    .as("the id of %s is its own", title)
                    .isTrue();
            assertThat(PANELS).as(title).contains(panel.get("type").getAsString());
            JsonObject place = panel.getAsJsonObject("gridPos");
            int x = place.get("x").getAsInt();
            int y = place.get("y").getAsInt();
            assertThat(x + place.get("w").getAsInt())
                    .as("%s fits into 24 columns", title)
                    .isBetween(1, 24);
            for (int column = x; column < x + place.get("w").getAsInt(); column++) {
                for (int line = y; line < y + place.get("h").getAsInt(); line++) {
                    assertThat(taken.add(column + "," + line))
                            .as("%s covers no other", title)
                            .isTrue();
                }
            }
            if (panel.get("type").getAsString().equals("row")) {
                continue;
            }
            assertThat(panel.get("description").getAsString()).as(title).endsWith(".");
            assertThat(objects(panel, "targets")).as(title).isNotEmpty();
            Set<String> letters = new HashSet<>();
            for (JsonObject target : objects(panel, "targets")) {
                assertThat(letters.add(target.get("refId").getAsString()))
                        .as(title)
                        .isTrue();
                assertThat(target.getAsJsonObject("datasource").get("uid").getAsString())
                        .as(title)
                        .isEqualTo("${datasource}");
            }
        }
    }

    @Test
    void usesNoVariableThatItDoesNotHave() {
        Set<String> known = new HashSet<>(Set.of("__rate_interval"));
        variables().forEach(variable -> known.add(variable.get("name").getAsString()));
        Matcher variable = VARIABLE.matcher(dashboard.toString());
        Set<String> used = new HashSet<>();
        while (variable.find()) {
            used.add(variable.group(1));
        }
        assertThat(used).containsExactlyInAnyOrder("datasource", "job", "circuit");
        assertThat(known).containsAll(used);
    }
}
