package dev.cutout.lab.simulate;

import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** How far long work is, on one line that is written over; on a terminal only. */
final class Progress implements AutoCloseable {
    private static final long PAUSE = 200_000_000;

    private final PrintWriter err;
    private final int steps;
    private final boolean shown;
    private final long begun = System.nanoTime();
    private long last = begun;
    private int done;
    private boolean dirty;

    Progress(PrintWriter err, int steps) {
        this.err = err;
        this.steps = steps;
        shown = Ansi.AUTO.enabled();
    }

    void step(String next) {
        long now = System.nanoTime();
        if (shown && now - last >= PAUSE) {
            last = now;
            dirty = true;
            double left = done == 0 ? 0 : (now - begun) / 1e9 / done * (steps - done);
            err.print(String.format(
                    Locale.ROOT, "\r\033[K  %d of %d runs, about %.0f s left: %s", done, steps, left, next));
            err.flush();
        }
        done++;
    }

    /** Makes room for a line of output. */
    void clear() {
        if (dirty) {
            dirty = false;
            err.print("\r\033[K");
            err.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }
}
