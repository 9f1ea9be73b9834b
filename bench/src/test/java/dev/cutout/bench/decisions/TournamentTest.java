package dev.cutout.bench.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.simulate.Guard;
import dev.cutout.lab.simulate.Run;
import dev.cutout.lab.simulate.World;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TournamentTest {
    private static final World WORLD = World.parse("steady 50/s; run 5s; errors 80% for 20s; run 10s");

    private static final List<Match> MATCHES = LongStream.rangeClosed(1, 6)
            .mapToObj(seed -> new Match("storm", WORLD, seed))
            .toList();

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private List<Score> play(int threads) throws InterruptedException {
        List<Guard.Kind> kinds = Contenders.withoutGrid();
        Progress progress =
                new Progress(new PrintStream(said, true, StandardCharsets.UTF_8), MATCHES.size() * kinds.size());
        return new Tournament(threads, progress).play(MATCHES, kinds);
    }

    /** Real libraries among them: what they share must not carry over from one run to another. */
    @Test
    void severalThreadsComeToTheSameAsOne() throws InterruptedException {
        List<Score> one = play(1);

        assertThat(play(4)).isEqualTo(one);
        assertThat(one).hasSize(MATCHES.size() * (Contenders.withoutGrid().size() + 1));
        assertThat(one.stream().map(Score::seed).distinct()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(one.get(0).breaker()).isEqualTo(Tournament.ORACLE);
    }

    @Test
    void theEndIsSaid() throws InterruptedException {
        play(2);

        assertThat(said.toString(StandardCharsets.UTF_8)).contains("about 0 s left (storm)");
    }

    @Test
    void whatIsRefusedIsAShareOfTheCalls() {
        World always = World.parse("steady 50/s; run 10s; outage 10s");
        Run oracle = Run.oracle(always, 1);

        Score score = Score.of(new Match("dark", always, 1), Tournament.ORACLE, oracle, oracle);

        assertThat(score.refused()).isBetween(40.0, 60.0);
        assertThat(score.figures().regret()).isZero();
    }
}
