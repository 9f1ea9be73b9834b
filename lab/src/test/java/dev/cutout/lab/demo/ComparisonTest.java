package dev.cutout.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cutout.lab.Ink;
import dev.cutout.lab.demo.CallerStatistics.Answer;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final long MS = 1_000_000;

    private static final String SETTINGS = "trip 3 consecutive; wait 1s";

    private final Script script = Script.of(List.of(Fault.HANG, Fault.KILL), 40);

    private final Figures spared = new Figures(
            2_000,
            Map.of(Answer.FROM_B, 1_200, Answer.FALLBACK, 800),
            90,
            3 * MS,
            2_100 * MS,
            MS / 4,
            2_150 * MS,
            93,
            0,
            Map.of(Fault.HANG, 94, Fault.KILL, 6),
            Map.of(Fault.HANG, OptionalLong.of(100 * MS), Fault.KILL, OptionalLong.of(1_900 * MS)));

    private final Figures suffering = new Figures(
            2_000,
            Map.of(Answer.FROM_B, 1_400, Answer.ERROR, 590),
            0,
            200 * MS,
            6_200 * MS,
            210 * MS,
            6_300 * MS,
            200,
            137,
            Map.of(Fault.HANG, 900, Fault.KILL, 1_800),
            Map.of(Fault.HANG, OptionalLong.of(600 * MS)));

    @Test
    void bothServicesSideBySide() {
        assertThat(Comparison.lines(script, SETTINGS, spared, suffering, Ink.NONE))
                .containsExactly("""

                        What service A suffered                                with the breaker     without it
                        --------------------------------------------------------------------------------------
                        the breaker: trip 3 consecutive; wait 1s
                        callers who came                                                  2,000          2,000
                          got B's answer                                                  1,200          1,400
                          got the fallback answer                                           800              0
                            though B was well                                                90              0
                          got an error                                                        0            590
                          still waiting at the end                                            0             10
                        wait of a caller (1), p50                                          3 ms         200 ms
                                              p99                                         2.1 s          6.2 s
                          of those who came during a fault, p50                          0.3 ms         210 ms
                                                            p99                           2.2 s          6.3 s
                        most threads stuck at once (2)                                       93            200
                        calls that hit the dead B (3)                                       100          2,700
                          while B hung                                                       94            900
                          while B was dead                                                    6          1,800
                        time until traffic was normal again (4)
                          after B hung                                                    0.1 s          0.6 s
                          after B was killed and started again                            1.9 s    not in time

                        (1) from its arrival to its answer, of whatever kind; p99: 1 caller in 100 waited longer
                        (2) threads of A, of 200, held by callers waiting for B, all their tries included
                        (3) calls sent to B while the fault was in force
                        (4) from B's recovery until, for 0.5 s, every caller who comes gets B's own answer within 250 ms

                        At most 93 of A's threads were stuck with the breaker, 200 without; p99 was 2.1 s, and 6.2 s without.
                        It kept 2,600 of 2,700 calls from the dead B; traffic was normal at most 1.9 s after B's recovery.""".split("\n", -1));
    }

    @Test
    void theTakeAwayDoesNotPraiseWhatDidNotHelp() {
        assertThat(Comparison.lines(script, SETTINGS, suffering, suffering, Ink.NONE))
                .last()
                .isEqualTo("It kept no calls from the dead B; traffic was not normal again within every scene.");
    }
}
