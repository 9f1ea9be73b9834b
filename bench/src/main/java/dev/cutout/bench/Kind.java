package dev.cutout.bench;

/** Whose code is measured, and so how many milliseconds of warming up it needs before it runs as compiled as it ever will. */
enum Kind {
    LIMIT("limits", 300, 1_000),
    CUTOUT("Cutout", 750, 1_500),
    PEER("peers", 1_500, 4_000),
    /** Sentinel, whose clock changes gear only after some seconds of load, and Hystrix, with the deepest stack of all. */
    SLOW_PEER("Sentinel and Hystrix", 7_000, 7_000),
    /** What an adapter guards, bare or guarded: a whole client, and its server too. */
    CLIENT("clients", 2_000, 3_000);

    final String words;
    final int quickWarmUp;
    final int fullWarmUp;

    Kind(String words, int quickWarmUp, int fullWarmUp) {
        this.words = words;
        this.quickWarmUp = quickWarmUp;
        this.fullWarmUp = fullWarmUp;
    }
}
