package dev.cutout.lab.simulate;

/** What the upstream says to an attempt. */
enum Answer {
    GOOD,
    /** It worked on the attempt and failed. */
    ERROR,
    /** It did not take the attempt: it is down, or full. */
    REFUSED,
    /** It did not take the attempt, which is beyond its rate limit. */
    LIMITED
}
