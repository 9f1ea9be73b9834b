package dev.cutout.lab.simulate;

import java.util.Arrays;

/** All attempts under way, by their number, and those that are free to be used again. */
final class Flights {
    private Flight[] all = new Flight[0];
    private int[] free = new int[0];
    private int freeCount;

    Flight get(int id) {
        return all[id];
    }

    Flight take() {
        if (freeCount == 0) {
            grow();
        }
        return all[free[--freeCount]];
    }

    /** One holder less. */
    void leave(Flight flight) {
        if (--flight.holders == 0) {
            free[freeCount++] = flight.id;
        }
    }

    private void grow() {
        int before = all.length;
        int after = Math.max(64, 2 * before);
        all = Arrays.copyOf(all, after);
        free = new int[after];
        for (int id = after - 1; id >= before; id--) {
            all[id] = new Flight(id);
            free[freeCount++] = id;
        }
    }
}
