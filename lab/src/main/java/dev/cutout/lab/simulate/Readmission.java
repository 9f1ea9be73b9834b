package dev.cutout.lab.simulate;

/** Watches the calls after an incident for the first second's worth of them of which 95 % are admitted. */
final class Readmission {
    private static final int FEWEST_CALLS = 20;
    private static final double ENOUGH = 0.95;

    private final Incident incident;
    private final boolean[] admitted;
    /** When the call before each of these was. */
    private final long[] before;

    private long calls;
    private int admittedOfLast;
    private long last;

    Readmission(Incident incident, double callsPerSecond) {
        this.incident = incident;
        int window = Math.max(FEWEST_CALLS, (int) Math.round(callsPerSecond));
        admitted = new boolean[window];
        before = new long[window];
        last = incident.end;
    }

    /** The first attempt of a call was decided on. True if the watch is over. */
    boolean decided(long now, boolean isAdmitted) {
        if (now >= incident.cutOff) {
            giveUp();
            return true;
        }
        int at = (int) (calls++ % admitted.length);
        admittedOfLast += (isAdmitted ? 1 : 0) - (admitted[at] ? 1 : 0);
        admitted[at] = isAdmitted;
        before[at] = last;
        last = now;
        if (calls >= admitted.length && admittedOfLast >= ENOUGH * admitted.length) {
            incident.admitsAgainNanos = before[(int) (calls % admitted.length)] - incident.end;
            return true;
        }
        return false;
    }

    /** It did not come to that, so it took at least until now. */
    void giveUp() {
        incident.admitsAgainNanos = incident.cutOff - incident.end;
    }
}
