package dev.cutout.lab.simulate;

import org.jspecify.annotations.Nullable;

/** An attempt that its client or the upstream still has to do with. Used again and again. */
final class Flight {
    /** In the agenda's entries. */
    final int id;

    long call;
    /** 0 for the first attempt of a call, then the retries. */
    int attempt;

    int client;
    /** What the guard gave; null once it was told the outcome. */
    Guard.@Nullable Attempt permit;
    /** The number of the agenda's entry for the time-out; 0 once there is none to wait for. */
    long timeoutEntry;

    /** The number of the agenda's entry for the end of the work; 0 if nobody works on it. */
    long workEntry;
    /** When the work will be done. */
    long workEnd;
    /** What the work would take if nothing slowed it down, in nanoseconds. */
    double workNanos;
    /** Its place among those that are worked on. */
    int place;

    boolean isQueued;
    Answer answer = Answer.GOOD;
    /** The client gave up, and the upstream noticed. */
    boolean dropped;
    /** The client, the upstream, the way back: it is free once none of them has it. */
    int holders;

    Flight(int id) {
        this.id = id;
    }
}
