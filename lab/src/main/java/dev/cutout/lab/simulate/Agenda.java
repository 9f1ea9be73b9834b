package dev.cutout.lab.simulate;

import java.util.Arrays;

/**
 * What is to happen, by time and, at the same time, in the order in which it was noted. Holds only numbers: nothing is allocated for an entry.
 *
 * <p>Most entries of a run lie a constant time ahead (time-outs, the way back of an answer). These stand in <i>lanes</i>, plain queues, since they come
 * in order anyway; the rest is in a binary heap.
 */
final class Agenda {
    /** Time of the entry last taken, in nanoseconds. */
    long time;
    /** What it says. */
    int what;
    /** What it is about. */
    int subject;
    /** Its number, from 1; none is given twice. */
    long number;

    private final Lane[] lanes;
    private long numbers;

    private long[] times = new long[64];
    private long[] keys = new long[64];
    private long[] words = new long[64];
    private int size;

    Agenda(int lanes) {
        this.lanes = new Lane[lanes];
        Arrays.setAll(this.lanes, i -> new Lane());
    }

    /** Notes an entry, and returns its number. */
    long add(long at, int what, int subject) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            keys = Arrays.copyOf(keys, 2 * size);
            words = Arrays.copyOf(words, 2 * size);
        }
        numbers++;
        int i = size++;
        while (i > 0) {
            int parent = (i - 1) >>> 1;
            if (times[parent] <= at) {
                break; // the parent is older, so at the same time it comes first
            }
            move(parent, i);
            i = parent;
        }
        put(i, at, numbers, word(what, subject));
        return numbers;
    }

    /** Notes an entry in a lane, in which no entry is later, and returns its number. */
    long append(int lane, long at, int what, int subject) {
        lanes[lane].append(at, ++numbers, word(what, subject));
        return numbers;
    }

    /** When the next entry is due; {@link Long#MAX_VALUE} if there is none. */
    long nextTime() {
        long next = size > 0 ? times[0] : Long.MAX_VALUE;
        for (Lane lane : lanes) {
            next = Math.min(next, lane.time());
        }
        return next;
    }

    /** Takes the next entry, which must exist, into the fields. */
    void take() {
        Lane first = null;
        long at = size > 0 ? times[0] : Long.MAX_VALUE;
        long key = size > 0 ? keys[0] : Long.MAX_VALUE;
        for (Lane lane : lanes) {
            long laneTime = lane.time();
            if (laneTime < at || (laneTime == at && lane.key() < key)) {
                first = lane;
                at = laneTime;
                key = lane.key();
            }
        }
        long word = first == null ? words[0] : first.take();
        if (first == null) {
            removeFirst();
        }
        time = at;
        number = key;
        what = (int) (word >>> 32);
        subject = (int) word;
    }

    private void removeFirst() {
        int last = --size;
        long at = times[last];
        long key = keys[last];
        long word = words[last];
        int i = 0;
        while (true) {
            int child = 2 * i + 1;
            if (child >= last) {
                break;
            }
            if (child + 1 < last && isBefore(times[child + 1], keys[child + 1], times[child], keys[child])) {
                child++;
            }
            if (!isBefore(times[child], keys[child], at, key)) {
                break;
            }
            move(child, i);
            i = child;
        }
        put(i, at, key, word);
    }

    private static boolean isBefore(long time, long key, long otherTime, long otherKey) {
        return time < otherTime || (time == otherTime && key < otherKey);
    }

    private void move(int from, int to) {
        put(to, times[from], keys[from], words[from]);
    }

    private void put(int i, long at, long key, long word) {
        times[i] = at;
        keys[i] = key;
        words[i] = word;
    }

    private static long word(int what, int subject) {
        return (long) what << 32 | subject;
    }

    /** A queue of entries in a ring. */
    private static final class Lane {
        private long[] entries = new long[3 * 64];
        private int head;
        private int size;

        long time() {
            return size > 0 ? entries[head] : Long.MAX_VALUE;
        }

        long key() {
            return entries[head + 1];
        }

        void append(long at, long key, long word) {
            if (3 * size == entries.length) {
                grow();
            }
            int tail = (head + 3 * size) % entries.length;
            entries[tail] = at;
            entries[tail + 1] = key;
            entries[tail + 2] = word;
            size++;
        }

        long take() {
            long word = entries[head + 2];
            head += 3;
            if (head == entries.length) {
                head = 0;
            }
            size--;
            return word;
        }

        private void grow() {
            long[] larger = new long[2 * entries.length];
            System.arraycopy(entries, head, larger, 0, entries.length - head);
            System.arraycopy(entries, 0, larger, entries.length - head, head);
            entries = larger;
            head = 0;
        }
    }
}
