package dev.cutout.lab.simulate;

/** A client instance: its guard, and what an onlooker can tell of that guard from its last ten decisions. */
final class Client {
    private static final int REMEMBERED = 10;
    private static final int MAJORITY = 5;

    final Guard guard;

    private final long[] times = new long[REMEMBERED];
    private final long[] sentBefore = new long[REMEMBERED];
    private int decisions;
    /** One bit a decision, the last one lowest; set if it was a refusal. */
    private int refused;

    private long sent;
    private long sentAtOnset;
    private boolean open;
    /** Whether the outage under way still waits for this instance to open. */
    boolean isAwaited;

    Client(Guard guard) {
        this.guard = guard;
    }

    /** Notes a decision. True if with it, five of the last ten were refusals for the first time. */
    boolean decided(long now, boolean admitted) {
        int at = decisions++ % REMEMBERED;
        times[at] = now;
        sentBefore[at] = sent;
        refused = ((refused << 1) | (admitted ? 0 : 1)) & ((1 << REMEMBERED) - 1);
        if (admitted) {
            sent++;
        }
        boolean was = open;
        open = Integer.bitCount(refused) >= MAJORITY;
        return open && !was;
    }

    /** When the first of the refusals among the last ten decisions was; for a client that is open. */
    long openedAt() {
        return times[firstRefusal()];
    }

    /** Attempts sent from the onset of the outage to that refusal. */
    long sentFromOnset() {
        return sentBefore[firstRefusal()] - sentAtOnset;
    }

    /** An outage begins: from here on it counts how long the guard takes. */
    void outageBegins() {
        refused = 0;
        open = false;
        sentAtOnset = sent;
        isAwaited = true;
    }

    boolean isOpen() {
        return open;
    }

    private int firstRefusal() {
        int ago = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(refused);
        return Math.floorMod(decisions - 1 - ago, REMEMBERED);
    }
}
