package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.Guard;
import org.junit.jupiter.api.Test;

class ContendersTest {
    @Test
    void everybodyIsThereOnceUnderANameOfTheirOwn() {
        assertThat(Contenders.all())
                .extracting(Guard.Kind::name)
                .doesNotHaveDuplicates()
                .contains("Cutout, classic", "r4j-default", "none", "r4j 70% of 20 calls, wait 1s, trials 1")
                .hasSize(Contenders.cutout().size() + Peers.all().size() + 1 + 36);
    }

    @Test
    void theGridComesOnTop() {
        assertThat(Contenders.all())
                .startsWith(Contenders.withoutGrid().toArray(Guard.Kind[]::new))
                .extracting(Guard.Kind::name)
                .containsAll(
                        Peers.resilience4jGrid().stream().map(Guard.Kind::name).toList());
    }
}
