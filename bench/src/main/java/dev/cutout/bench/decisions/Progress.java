package dev.cutout.bench.decisions;

import java.io.PrintStream;
import java.util.Locale;

/** Says every few seconds how far long work is. For any number of threads. */
final class Progress {
    private static final long PAUSE = 10_000_000_000L;

    private final PrintStream out;
    private final int steps;
    private final long begun = System.nanoTime();
    private long last = begun;
    private int done;

    /** @param steps how many there will be */
    Progress(PrintStream out, int steps) {
        this.out = out;
        this.steps = steps;
    }

    /** One more is done. */
    synchronized void step(String what) {
        done++;
        long now = System.nanoTime();
        if (now - last >= PAUSE || done == steps) {
            last = now;
            double seconds = (now - begun) / 1e9;
            out.printf(
                    Locale.ROOT,
                    "%,8d of %,d runs, %3.0f s, about %.0f s left (%s)%n",
                    done,
                    steps,
                    seconds,
                    seconds / done * (steps - done),
                    what);
        }
    }
}
