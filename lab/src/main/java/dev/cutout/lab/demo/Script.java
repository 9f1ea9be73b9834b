package dev.cutout.lab.demo;

import java.time.Duration;
import java.util.List;

/**
 * What happens when: a calm opening, then each fault and a recovery. Everything that takes time in the show is a share
 * of its length, so that a short show tells the same story, only faster.
 *
 * @param calm before the first fault
 * @param trouble how long each fault lasts
 * @param recovery from the end of a fault to the next one, or to the end
 * @param timeout of A's calls to B
 * @param backOff how long the circuit stays open before it probes, unless the user gave settings
 */
record Script(
        List<Fault> faults, Duration calm, Duration trouble, Duration recovery, Duration timeout, Duration backOff) {
    static final int USUAL_SECONDS_A_FAULT = 20;
    static final int FEWEST_SECONDS_A_FAULT = 5;
    static final int MOST_SECONDS = 600;

    private static final double CALM = 4.5;
    private static final double TROUBLE_SHARE = 0.54;

    /** The classic circuit waits 30 s. With that, each scene would take most of a minute. */
    private static final long BACK_OFF_MILLIS = 3_000;

    private static final long TIMEOUT_MILLIS = 2_000;

    Script {
        faults = List.copyOf(faults);
    }

    static Script of(List<Fault> faults, int seconds) {
        double pace = (double) seconds / (USUAL_SECONDS_A_FAULT * faults.size());
        double calm = CALM * pace;
        double scene = (seconds - calm) / faults.size();
        double haste = Math.min(1, pace); // a longer show has longer scenes; its clients stay as they are
        return new Script(
                faults,
                seconds(calm),
                seconds(scene * TROUBLE_SHARE),
                seconds(scene * (1 - TROUBLE_SHARE)),
                Duration.ofMillis(Math.round(TIMEOUT_MILLIS * haste)),
                Duration.ofMillis(Math.round(BACK_OFF_MILLIS * haste)));
    }

    static int usualSeconds(int faults) {
        return faults * USUAL_SECONDS_A_FAULT;
    }

    static int fewestSeconds(int faults) {
        return faults * FEWEST_SECONDS_A_FAULT;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
