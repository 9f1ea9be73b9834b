package dev.cutout.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuitePageTest {
    @Test
    void regretsAreATableWhoseColourGrowsWithThem() {
        Map<String, double[]> regrets = new LinkedHashMap<>();
        regrets.put("<world>", new double[] {0, 7.5});
        regrets.put("equal", new double[] {300, 300});
        Pages page = Pages.read(
                SuitePage.of("Seeds.", "the command", List.of("none", "<i>"), regrets, new double[] {30, -1}));

        assertThat(page.texts("//table//th")).containsExactly("world", "A none", "B <i>", "<world>", "equal", "mean");
        assertThat(page.texts("//table//td")).containsExactly("0.00", "7.50", "300.00", "300.00", "30.00", "-1.00");
        assertThat(page.texts("//table//td/@style"))
                .containsExactly(
                        "--heat: 0.0%",
                        "--heat: 50.0%", "--heat: 100.0%", "--heat: 100.0%", "--heat: 100.0%", "--heat: 0.0%");
        // the least of a row, unless all are the same
        assertThat(page.texts("//table//td/u")).containsExactly("0.00", "-1.00");
        assertThat(page.text("//footer//code")).isEqualTo("the command");
    }
}
